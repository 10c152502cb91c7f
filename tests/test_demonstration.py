"""The demonstration: it loads, it is whole, it claims nothing that did not happen."""

import itertools
import shutil
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test import override_settings

from articles.models import Article, Publication, Revision
from articles.readiness import problems
from articles.verifying import verify
from library.models import Image, Person, Source, Topic
from publishing.canonical import canonical_json
from publishing.dates import Precision, parse_date, year_of
from publishing.drawings import KINDS
from publishing.markup.words import citations
from publishing.models import Stamp
from tests import build
from timeline.models import PublishedEvent
from website.demonstrating import load_demonstration, read_article, read_library
from website.demonstration_files import FOLDER, Malformed, read_rows

pytestmark = pytest.mark.django_db

MAIN = "us-russia-relations-severed-diplomacy-explored"
OTHER = "bilateral-presidential-commission"


@pytest.fixture
def loaded():
    return load_demonstration(by=None)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the demonstration that a test may spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "demonstration"))


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker, tmp_path_factory):
    """Return the two documents by their slug, read once: what is loaded is what they say."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media:
        library = read_library(FOLDER / "library", articles={MAIN, OTHER})
        return {slug: read_article(FOLDER / slug, library)[0] for slug in (MAIN, OTHER)}


def rows_of(document: dict, part: str) -> list[dict]:
    return document["parts"][part]["rows"]


# Loading


def test_two_articles_are_loaded_and_published(loaded, client):
    assert {(one.slug, one.is_new) for one in loaded} == {(MAIN, True), (OTHER, True)}
    assert Publication.objects.live().count() == 2
    for slug in (MAIN, OTHER):
        assert client.get(f"/articles/{slug}/").status_code == 200
        assert client.get(f"/articles/{slug}/history/1/").status_code == 200
    for name in Publication.objects.get(article__addresses__slug=MAIN).publishedfiles.all():
        assert client.get(f"/media/{name.name}").status_code == 200


def everything() -> list:
    rows = [Article, Revision, Publication, PublishedEvent, Stamp, Image, Person, Source, Topic]
    return [list(model.objects.order_by("pk").values()) for model in rows] + [build.stored_files()]


def test_loading_it_again_changes_nothing(loaded):
    before = everything()

    again = load_demonstration(by=None)

    assert [(one.title, one.slug, one.is_new) for one in again] == [
        (one.title, one.slug, False) for one in loaded
    ]
    assert everything() == before


def test_what_an_editor_changed_or_deleted_since_is_left(loaded):
    article = Article.objects.get(addresses__slug=MAIN)
    article.title = "Edited"
    article.save()
    Source.objects.filter(key="historian-russia").update(title="Edited")
    Source.objects.filter(key="historian-alliance").delete()
    before = everything()

    load_demonstration(by=None)

    assert everything() == before


def test_an_article_that_is_missing_is_loaded_beside_those_that_are_there(loaded):
    Publication.objects.filter(article__addresses__slug=OTHER).delete()
    Article.objects.get(addresses__slug=OTHER).delete()
    before = list(Publication.objects.values())

    again = load_demonstration(by=None)

    assert {(one.slug, one.is_new) for one in again} == {(MAIN, False), (OTHER, True)}
    assert list(Publication.objects.filter(article__addresses__slug=MAIN).values()) == before


def test_the_command_says_what_it_did():
    said = StringIO()
    call_command("load_demonstration", stdout=said)
    call_command("load_demonstration", stdout=said)

    lines = said.getvalue().splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Published"] * 2 + ["Already there"] * 2
    assert all(
        line.endswith(f"(/articles/{slug}/)")
        for line, slug in zip(lines, [OTHER, MAIN] * 2, strict=True)
    )


def test_its_uids_are_the_same_in_every_database(loaded):
    uids = {str(one.uid) for one in Article.objects.all()}
    digests = set(Publication.objects.values_list("digest", flat=True))
    Publication.objects.all().delete()
    for model in (Article, Person, Image, Source, Topic):
        model.objects.all().delete()

    load_demonstration(by=None)

    assert {str(one.uid) for one in Article.objects.all()} == uids
    assert set(Publication.objects.values_list("digest", flat=True)) == digests


def test_what_is_loaded_is_what_the_files_say(loaded, documents):
    for slug, document in documents.items():
        recorded = Article.objects.get(addresses__slug=slug).latest_revision.document
        assert recorded["uid"] == document["uid"]
        assert recorded["sources"] == document["sources"]
        assert set(recorded["parts"]) == set(document["parts"])
        for name in document["parts"]:
            # A part may sort its rows.
            rows, others = rows_of(recorded, name), rows_of(document, name)
            assert sorted(rows, key=canonical_json) == sorted(others, key=canonical_json)


def test_every_text_fits_its_column(loaded):
    """SQLite takes what is too long, PostgreSQL does not."""
    too_long, count = [], 0
    for label in ("articles", "library", "timeline", "faq", "publishing"):
        for model in apps.get_app_config(label).get_models():
            kinds = [one for one in model._meta.fields if isinstance(one, models.CharField)]
            for row in model.objects.all():
                count += 1
                too_long += [
                    f"{model._meta.label}.{kind.name}"
                    for kind in kinds
                    if len(getattr(row, kind.name) or "") > kind.max_length
                ]
    assert count > 400
    assert too_long == []


def test_its_history_is_good(loaded):
    for article in Article.objects.all():
        assert [verdict.state for verdict in verify(article)] == ["good"]


def test_it_says_that_it_is_a_demonstration_and_who_checked_what(loaded, client):
    html = client.get(f"/articles/{MAIN}/").content.decode()

    assert "demonstration" in html
    [review] = Publication.objects.get(article__addresses__slug=MAIN).reviews
    assert review["person"]["name"] == "On Record demonstration"
    assert "Not checked" in review["checked"]
    assert review["checked"] in unescape(html)


def test_the_two_articles_point_at_each_other(loaded, client):
    assert f"/articles/{OTHER}/" in client.get(f"/articles/{MAIN}/").content.decode()
    assert f"/articles/{MAIN}/" in client.get(f"/articles/{OTHER}/").content.decode()


# What is in it


def test_nothing_in_it_stands_in_the_way_of_publishing(documents):
    for document in documents.values():
        assert problems(document) == []


def test_its_bylines_are_desks(documents):
    for document in documents.values():
        assert document["article"]["written_by"]
        for person in document["article"]["written_by"]:
            assert person["name"].endswith("desk")


def test_the_timeline_has_events_of_every_precision_from_1803_to_2026(documents):
    events = [row for row in rows_of(documents[MAIN], "timeline") if not row["state"]]
    dates = [parse_date(event["date"]) for event in events]

    assert len(events) >= 25
    years = {year_of(date.lower) for date in dates if date.lower}
    assert {1803, 2026} <= years
    sides = [side for date in dates for side in (date.start, date.end) if side]
    assert {side.precision for side in sides} | {date.precision for date in dates} >= {
        Precision.DAY, Precision.MONTH, Precision.SEASON, Precision.YEAR, Precision.DECADE,
    }  # fmt: skip
    written = " ".join(event["date"] for event in events)
    assert all(mark in written for mark in ("~", "X", "/", "/.."))


def test_the_band_has_periods_without_a_gap_and_one_break(documents):
    periods = [row for row in rows_of(documents[MAIN], "timeline") if row["state"]]

    shapes = [row["state_shape"] for row in periods]
    assert set(shapes) == {"contacts", "force", "break", "reduced"}
    assert shapes.count("break") == 1
    dates = sorted((parse_date(row["date"]) for row in periods), key=lambda date: date.lower)
    for date, following in itertools.pairwise(dates):
        assert date.upper >= following.lower - 1


def test_at_least_twenty_sources_of_every_kind_are_cited(documents):
    sources = documents[MAIN]["sources"]

    assert len(sources) >= 20
    assert {source["kind"] for source in sources} == {"primary", "secondary", "side"}
    assert all(source["url"] and source["accessed_on"] for source in sources)


def test_every_source_in_the_library_is_cited(documents):
    cited = {source["key"] for document in documents.values() for source in document["sources"]}

    assert {row.fields["key"] for row in read_rows(FOLDER / "library" / "sources.md")} == cited


def test_no_source_says_its_date_twice(documents):
    for source in documents[MAIN]["sources"]:
        year = (source["published"] or "")[:4]
        assert not year or year not in source["publisher"], source["key"]


def test_every_fact_is_dated_and_sourced(documents):
    for document in documents.values():
        facts = rows_of(document, "facts")
        assert all(fact["as_of"] for fact in facts)
        assert all(citations(fact["value"]) for fact in facts)
    assert len({fact["characteristic"] for fact in rows_of(documents[MAIN], "facts")}) >= 4


def test_every_event_and_answer_is_sourced(documents):
    for document in documents.values():
        events, answers = rows_of(document, "timeline"), rows_of(document, "faq")
        assert [row["title"] for row in events if not citations(row["text"])] == []
        assert [row["question"] for row in answers if not citations(row["answer"])] == []
    assert len(rows_of(documents[MAIN], "faq")) >= 5


def drawings_in(body: str) -> list[str]:
    """Return the drawings of a body, as they are written."""
    return [block for block in body.split("```")[1::2] if block.split()[0] in KINDS]


def test_every_section_has_a_picture_with_an_alternative_and_a_credit(documents):
    sections = rows_of(documents[MAIN], "sections")
    images = [section["image"] for section in sections] + [documents[MAIN]["article"]["image"]]

    assert len(sections) >= 5
    assert images[-1]
    for image in filter(None, images):
        assert image["alt"]
        assert image["credit"]
        assert image["licence"]
        assert not image["is_decorative"]
    for section in sections:
        drawings = drawings_in(section["body"])
        assert section["image"] or drawings, section["heading"]
        for drawing in drawings:
            said = {line.partition(":")[0] for line in drawing.splitlines()}
            assert {"title", "credit", "text"} <= said, section["heading"]


def test_at_least_three_pictures_are_drawn_from_its_own_cited_rows(documents):
    sections = rows_of(documents[MAIN], "sections")
    drawings = [one for section in sections for one in drawings_in(section["body"])]

    assert len(drawings) >= 3
    assert all("[@" in drawing for drawing in drawings)


# Files that cannot be read


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# The file, what stands in it, what a slip makes of that, and the end of the sentence about it.
SLIPS = {
    "no TOML": (f"{MAIN}/facts.md", "as_of = ", "as_of ", "row 1: Expected '='"),
    "a misspelt field": (f"{MAIN}/facts.md", "as_of", "as_off", "there is no field “as_off”"),
    "an open front matter": (f"{MAIN}/facts.md", "+++\nchar", "char", "is not closed by a line"),
    "too long": (f"{MAIN}/facts.md", 'c = "', 'c = "' + "x" * 121, "has at most 120 characters"),
    "no date": (f"{MAIN}/timeline.md", 'date = "', 'date = "some time in ', "row 1: date: "),
    "no choice": (f"{MAIN}/timeline.md", 'shape = "', 'shape = "wavy', "state_shape: Value 'wavy"),
    "half a state": (f"{MAIN}/timeline.md", "state_shape = ", "# ", "needs a name and a way to be"),
    "an unknown source": (
        f"{MAIN}/sections.md", "[@historian-russia", "[@nobody", "“section 1” cites [@nobody]"
    ),
    "a bad anchor": (f"{MAIN}/sections.md", 'anchor = "', 'anchor = "two words', "1: anchor: "),
    "an unknown article": (
        f"{MAIN}/see-also.md", f'target = "{OTHER}', 'target = "no', "There is no article “no”"
    ),
    "a misspelt title": (f"{MAIN}/article.md", "title", "titel", "there is no field “titel”"),
    "an unknown topic": (
        f"{MAIN}/article.md", '"demonstration"', '"no"', "The library has no topic “no”"
    ),
    "an unknown person": (
        f"{MAIN}/article.md", '"eurasia-desk"', '"no"', "The library has no person “no”"
    ),
    "an unknown image": (
        f"{MAIN}/article.md", 'image = "', 'image = "no-', "The library has no image “no-"
    ),
    "no summary": (f"{MAIN}/article.md", "summary = ", "# ", f"{MAIN}: Write the summary"),
    "no change note": (f"{MAIN}/article.md", "change_note = ", "# ", "row 1: it"),
    "an unknown reviewer": (
        f"{MAIN}/article.md", 'person = "', 'person = "no-', "Its review names a person"
    ),
    "a review to come": (f"{MAIN}/article.md", "on = 2026-11", "on = 2999-11", "in the future"),
    "a misspelt key": ("library/sources.md", "key", "kee", "row 1: there is no field “kee”"),
    "no key": ("library/sources.md", "key = ", "# ", "row 1: it has no key."),
    "no date of a source": (
        "library/sources.md", 'published = "', 'published = "perhaps ', "row 1: published: "
    ),
    "no address": ("library/sources.md", '"https', '"htps', "row 1: url: Enter a valid URL"),
    "no alternative": (
        "library/images.md", 'alt = "', 'alt = ""\n# "', "row 1: Give an alternative text"
    ),
    "no file": ("library/images.md", 'file = "', 'file = "no-', "row 1: there is no picture no-"),
    "a name taken": (
        "library/people.md", '"sources-desk"', '"eurasia-desk"', "row 2: “eurasia-desk” is there"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "sentence"), SLIPS.values(), ids=SLIPS)
def test_a_malformed_file_is_refused_with_a_sentence_that_names_it(
    file, old, new, sentence, folder
):
    edit(folder / file, old, new)

    with pytest.raises(Malformed) as refused:
        load_demonstration(by=None, folder=folder)

    assert sentence in str(refused.value)
    assert Path(file).parent.name in str(refused.value)
    assert not Article.objects.exists()
    assert not Source.objects.exists()


def test_a_file_in_another_encoding_is_refused(folder):
    (folder / MAIN / "facts.md").write_bytes("+++\ncharacteristic = 'é'\n+++\nx".encode("latin-1"))

    with pytest.raises(Malformed, match=r"facts\.md: it is not written in UTF-8"):
        load_demonstration(by=None, folder=folder)


def test_a_picture_that_is_none_is_refused(folder):
    picture = next((folder / "library" / "images").glob("*.png"))
    picture.write_bytes(b"<svg/>")

    with pytest.raises(
        Malformed, match=r"images\.md, row \d: .+\.png: SVG files can carry programs"
    ):
        load_demonstration(by=None, folder=folder)


def test_two_rows_with_one_anchor_are_refused(folder):
    path = folder / MAIN / "sections.md"
    second = rows_anchors(path)[1]
    edit(path, f'anchor = "{second}"', f'anchor = "{rows_anchors(path)[0]}"')

    with pytest.raises(Malformed, match=r"sections\.md, row 2: another row has the anchor"):
        load_demonstration(by=None, folder=folder)


def rows_anchors(path: Path) -> list[str]:
    return [
        line.split('"')[1] for line in path.read_text().splitlines() if line.startswith("anchor")
    ]


def test_the_command_refuses_a_malformed_file_without_a_traceback(folder, monkeypatch):
    edit(folder / MAIN / "facts.md", "as_of = ", "as_of ")
    monkeypatch.setattr(
        "website.management.commands.load_demonstration.load_demonstration",
        lambda by: load_demonstration(by=by, folder=folder),
    )

    with pytest.raises(CommandError, match=rf"{MAIN}/facts\.md, row 1"):
        call_command("load_demonstration")
