"""Redaction: words are gone from everywhere; readers and the chain know that there were some."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import models

from articles.admin.standing import State, standing, with_standing
from articles.deeds import cancel, publish, schedule
from articles.models import Article, Citation, Publication, Revision
from articles.naming import name_revision
from articles.recording import record
from articles.redacting import also_shown_by, redact
from articles.restoring import import_document
from articles.verifying import verify
from library.models import Image, Person, Source, Topic
from publishing.canonical import digest_of
from publishing.parts import parts
from tests import build
from tests.pull_quotes.models import PullQuote

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME = "Jane Roe"
OURS = (
    "articles",
    "library",
    "timeline",
    "faq",
    "pull_quotes",
    "comments",
    "website",
    "publishing",
)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def name_everywhere(article: Article) -> None:
    """Write the name into every text that an editor may write, the library's too."""
    models_written = [Article, Image, Person, Source, Topic, *(part.model for part in parts())]
    for model in models_written:
        for row in model.objects.all():
            for kind in model._meta.concrete_fields:
                if kind.name in ("date", "published") or kind.choices or not kind.editable:
                    continue
                if isinstance(kind, models.SlugField) or kind.name == "key":
                    continue
                if isinstance(kind, models.URLField):
                    setattr(
                        row,
                        kind.name,
                        f"https://archive.example/{NAME}" if getattr(row, kind.name) else "",
                    )
                elif isinstance(kind, models.JSONField):
                    setattr(row, kind.name, [NAME, f"Not {NAME}"])
                elif isinstance(kind, models.CharField | models.TextField) and getattr(
                    row, kind.name
                ):
                    setattr(row, kind.name, f"{getattr(row, kind.name)} {NAME}")
            row.save()


def full_article(slug: str = "") -> Article:
    article = build.full_article(slug)
    build.event(article, calendar_note="Old Style", image=build.image("gold"))
    PullQuote.objects.create(article=article, words="Quoted.", image=build.image("pink"))
    Source.objects.update(author="Somebody", archived_url="https://archive.example/1")
    Person.objects.update(bio="About.", portrait=build.image("brown"))
    Topic.objects.update(description="About.")
    Image.objects.update(caption="Seen.", licence="CC BY", licence_url="https://licence.example/")
    return article


def holders(words: str) -> list[str]:
    """Return the columns of the whole database that hold the words, whatever their model."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for values in model.objects.values():
            found += [
                f"{model._meta.label}.{name}"
                for name, value in values.items()
                if words in str(value)
            ]
    return sorted(set(found))


def public_answers(client, article: Article) -> str:
    """Return everything that readers can be answered about the article, in one text."""
    slug = article.slug
    page = f"/articles/{slug}/"
    addresses = ["/", "/articles/", f"/articles/?q={NAME}", "/timeline/", "/faq/"]
    addresses += [page, f"/articles/{slug}.json", f"{page}history/", f"{page}history/1/"]
    addresses += [f"{page}history/2/", f"{page}history/2/changes/"]
    addresses += [f"/topics/{topic.slug}/" for topic in article.topics.all()]
    addresses += [f"/people/{person.slug}/" for person in article.written_by.all()]
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200] * len(addresses)
    return "".join(answer.content.decode().replace(f'value="{NAME}"', "") for answer in answers)


# Gone from everywhere


def test_words_are_gone_from_every_table_and_every_answer(clock, client):
    editor = build.editor()
    article = full_article("named")
    name_everywhere(article)
    revision = record(article, by=editor)
    reviewer = build.person(name=f"Desk of {NAME}")
    article.reviews.create(
        digest=revision.digest,
        person=reviewer,
        reviewed_on=NOON.date(),
        checked=f"What {NAME} said.",
    )
    publish(revision, by=editor, change_note=f"Says what {NAME} said.")
    clock.move_to(NOON + HOUR)
    article.refresh_from_db()
    article.summary = f"Another summary, of {NAME} too."
    article.save()
    publish(record(article, by=editor), by=editor, change_note="Second.")
    scheduled = schedule(
        record(article, by=editor), goes_live_at=NOON + 5 * HOUR, by=editor, change_note="Later."
    )
    cancelled = schedule(
        record(article, by=editor), goes_live_at=NOON + 6 * HOUR, by=editor, change_note="Never."
    )
    cancel(cancelled, by=editor)
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Article),
        object_id=article.pk,
        object_repr=f"About {NAME}",
        action_flag=CHANGE,
        change_message=f"Changed what {NAME} said.",
    )
    assert len(holders(NAME)) > 60
    assert NAME in public_answers(client, article)

    changed = redact(article, passages=[NAME], reason="A court order.", by=editor)

    assert {one.pk for one in changed} == set(Publication.objects.values_list("pk", flat=True))
    assert holders(NAME) == []
    assert NAME not in public_answers(client, article)
    clock.move_to(scheduled.goes_live_at)
    answer = client.get("/articles/named/").content.decode()
    assert NAME not in answer
    assert "[redacted]" in answer


def test_the_working_copy_goes_on_without_the_words():
    editor = build.editor()
    article = full_article()
    name_everywhere(article)
    build.published(article)

    redact(article, passages=[NAME], reason="A court order.", by=editor)

    latest = article.latest_revision
    assert latest.redacted_at is None
    assert latest.created_by == editor
    assert record(article, by=None) == latest
    again = publish(latest, by=None, change_note="Goes on.")
    assert again.redacted_at is None
    assert holders(NAME) == []


def test_what_the_table_of_citations_holds_is_gone_too():
    article = build.article()
    build.source(key="kept")
    build.section(article, body=f"So {NAME} said.[@kept, p. 3: {NAME} was there]")
    record(article, by=None)
    assert NAME in Citation.objects.get().words

    redact(article, passages=[NAME], reason="A court order.", by=None)

    citation = Citation.objects.get()
    assert (citation.words, citation.claim) == ("[redacted] was there", "So [redacted] said.")


def test_only_the_words_named_are_replaced(clock, client):
    article = build.article("named", title=f"What {NAME} said", summary="Nothing else. At all.")
    build.event(article, title=f"{NAME} speaks", date="1917-12-06")
    build.published(article)

    redact(article, passages=[NAME], reason="A court order.", by=None)

    html = client.get("/articles/named/").content.decode()
    assert "What [redacted] said" in html
    assert "Nothing else. At all." in html
    assert "[redacted] speaks" in html


def test_a_passage_is_found_over_line_breaks_and_longer_ones_first():
    article = build.article(summary="Jane\n   Roe, and Jane alone.")
    record(article, by=None)

    redact(article, passages=["Jane", " Jane  Roe "], reason="A court order.", by=None)

    article.refresh_from_db()
    assert article.summary == "[redacted], and [redacted] alone."


def test_words_that_also_order_or_address_the_page_leave_it_whole(clock, client):
    """A passage may stand in a date, an anchor, a choice or a key: those are no words."""
    article = build.full_article("named")
    source = build.source(
        key="force-1917", title="The force of 1917", published="1917-12-06", kind="side"
    )
    article.written_by.set([build.person(slug="side-1917", name="The side desk")])
    section = build.section(article, heading="Force 1917", body="Forced.[@force-1917]")
    build.fact(article, characteristic="Since 1917", as_of=NOON.date())
    build.published(article)
    before = client.get("/articles/named.json").json()["document"]

    redact(article, passages=["1917", "force", "side", "2026"], reason="A court order.", by=None)

    answer = client.get("/articles/named/")
    assert answer.status_code == 200
    after = client.get("/articles/named.json").json()["document"]
    assert section.anchor == "force-1917"
    for part in ("facts", "sections", "timeline"):
        for old, new in zip(
            before["parts"][part]["rows"], after["parts"][part]["rows"], strict=True
        ):
            for name in ("uid", "anchor", "date", "as_of", "state_shape"):
                assert old.get(name) == new.get(name)
    [old], [new] = (
        [one for one in document["sources"] if one["key"] == source.key]
        for document in (before, after)
    )
    assert (new["published"], new["kind"]) == (old["published"], old["kind"])
    assert new["title"] == "The [redacted] of [redacted]"
    assert client.get("/people/side-1917/").status_code == 200


def test_a_passage_broken_by_markup_is_not_overlooked():
    article = build.article()
    section = build.section(article, body="So Jane *Roe* said.")
    build.published(article)

    with pytest.raises(ValidationError, match="“Jane Roe” would still be read"):
        redact(article, passages=[NAME], reason="A court order.", by=None)
    section.refresh_from_db()
    assert section.body == "So Jane *Roe* said."

    redact(article, passages=[NAME, "Jane *Roe*"], reason="A court order.", by=None)
    section.refresh_from_db()
    assert section.body == "So [redacted] said."


def test_a_text_that_grows_too_long_is_cut():
    article = build.article(title="i" * 200, short_answer="i " * 200)
    article.sections.update(heading="i" * 200)
    publication = build.published(article, change_note="i" * 500)

    redact(article, passages=["i"], reason="A court order.", by=None)

    publication.refresh_from_db()
    assert publication.title == ("[redacted]" * 20)[:200]
    assert len(publication.change_note) == 500
    assert len(article.sections.get().heading) == 200


def test_words_of_a_part_that_is_not_installed_are_replaced_too():
    article = build.article()
    document = record(article, by=None).document
    row = {
        "uid": "9f0f5f7a-8f5e-4b6a-9a43-1f1f2f3f4f5f",
        "places": [{"name": f"Home of {NAME}"}, ""],
    }
    document["parts"]["map"] = {"schema": 1, "rows": [row]}
    import_document(document, by=None)

    redact(article, passages=[NAME], reason="A court order.", by=None)

    assert article.latest_revision.document["parts"]["map"]["rows"] == [
        {**row, "places": [{"name": "Home of [redacted]"}, ""]}
    ]
    assert article.latest_revision.redacted_at is None
    assert holders(NAME) == []


def test_another_article_is_untouched(client):
    article, other = (
        build.article("named", summary=f"Of {NAME}."),
        build.article(summary=f"Of {NAME}."),
    )
    shared = build.source(key="shared", title="Unnamed")
    for one in (article, other):
        build.section(one, body="Said.[@shared]")
        build.published(one)
    before = list(Revision.objects.filter(article=other).values())
    published = list(Publication.objects.filter(article=other).values())

    redact(article, passages=[NAME], reason="A court order.", by=None)

    assert list(Revision.objects.filter(article=other).values()) == before
    assert list(Publication.objects.filter(article=other).values()) == published
    other.refresh_from_db()
    assert other.summary == f"Of {NAME}."
    assert Source.objects.get() == shared


def test_what_the_library_says_is_changed_for_all_and_shown_by_none_before_it_is_published():
    article, other = build.article(), build.article()
    person = build.person(name=f"Desk of {NAME}")
    for one in (article, other):
        one.written_by.set([person])
        build.published(one)

    redact(article, passages=[NAME], reason="A court order.", by=None)

    person.refresh_from_db()
    assert person.name == "Desk of [redacted]"
    assert other.publications.get().publishedpersons.get().name == f"Desk of {NAME}"


# What readers and the chain know of it


def test_readers_see_when_and_why(clock, client):
    article = build.article("named", summary=f"Of {NAME}. Really.")
    build.published(article)
    clock.move_to(NOON + HOUR)
    article.summary = "Of nobody. Really."
    article.save()
    build.published(article)
    clock.move_to(datetime(2026, 12, 24, 9, tzinfo=UTC))

    redact(article, passages=[NAME], reason="By order of a court in York.", by=None)

    old = client.get("/articles/named/history/1/").content.decode()
    assert "By order of a court in York." in old
    assert '<time datetime="2026-12-24">24 December 2026</time>' in old
    assert "By order of a court in York." in client.get("/articles/named/history/").content.decode()
    assert "court" not in client.get("/articles/named/").content.decode()
    said = Publication.objects.get(number=1)
    assert (said.redacted_at, said.redaction_reason) == (
        datetime(2026, 12, 24, 9, tzinfo=UTC),
        "By order of a court in York.",
    )
    assert Publication.objects.get(number=2).redacted_at is None


def test_the_data_says_so_too(client):
    article = build.article("named", summary=f"Of {NAME}. Really.")
    build.published(article)

    redact(article, passages=[NAME], reason="A court order.", by=None)

    publication = client.get("/articles/named.json").json()["publication"]
    assert publication["redaction_reason"] == "A court order."
    assert publication["redacted_at"]


def test_digests_stay_and_verification_says_redacted_and_the_rest_good(clock):
    article = build.article(summary="Of nobody. Really.")
    build.published(article)
    clock.move_to(NOON + HOUR)
    article.summary = f"Of {NAME}. Really."
    article.save()
    build.published(article, change_note=f"About {NAME}.")
    clock.move_to(NOON + 2 * HOUR)
    article.summary = "Of nobody again. Really."
    article.save()
    build.published(article)
    sealed = list(
        Publication.objects.order_by("number").values_list("digest", "seal", "previous_seal")
    )

    redact(article, passages=[NAME], reason="A court order.", by=None)

    after = Publication.objects.order_by("number")
    assert list(after.values_list("digest", "seal", "previous_seal")) == sealed
    assert after[1].digest != digest_of(after[1].revision.content)
    assert after[1].revision.digest == after[1].digest
    verdicts = list(verify(article))
    assert [verdict.state for verdict in verdicts] == ["good", "redacted", "good"]
    assert verdicts[1].reason == "A court order."


def test_a_redacted_page_is_new_in_every_worker(client):
    article = build.article("named", summary=f"Of {NAME}. Really.")
    build.published(article)
    first = client.get("/articles/named/")
    assert NAME in first.content.decode()

    redact(article, passages=[NAME], reason="A court order.", by=None)

    again = client.get("/articles/named/", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert NAME not in again.content.decode()


# Files


def test_a_picture_is_gone_from_the_page_the_storage_and_its_address(
    client, django_capture_on_commit_callbacks
):
    article = build.full_article("pictured")
    build.published(article)
    section = article.sections.exclude(image=None).get()
    name, kept = section.image.file, article.image.file
    assert client.get(f"/media/{name}").status_code == 200

    with django_capture_on_commit_callbacks(execute=True):
        redact(article, passages=[], files=[name], reason="The photographer’s right.", by=None)

    assert not default_storage.exists(name)
    assert client.get(f"/media/{name}").status_code == 404
    assert name not in client.get("/articles/pictured/").content.decode()
    assert holders(name) == []
    section.refresh_from_db()
    assert section.image is None
    assert default_storage.exists(kept)
    assert client.get(f"/media/{kept}").status_code == 200


def test_a_portrait_goes_from_everybody_who_has_it(client, django_capture_on_commit_callbacks):
    article = build.article("pictured")
    portrait = build.image("navy")
    article.written_by.set([build.person(portrait=portrait)])
    unused = build.person(portrait=portrait)
    build.published(article)

    with django_capture_on_commit_callbacks(execute=True):
        redact(article, passages=[], files=[portrait.file], reason="A right.", by=None)

    assert not Image.objects.exists()
    assert article.written_by.get().portrait is None
    unused.refresh_from_db()
    assert unused.portrait is None
    assert not default_storage.exists(portrait.file)


def test_the_file_of_another_article_stays_until_it_is_redacted_there(
    client, django_capture_on_commit_callbacks
):
    article, other = build.article("one"), build.article("other")
    image = build.image("olive")
    for one in (article, other):
        build.section(one, image=image)
        build.published(one)
    assert also_shown_by(article, [image.file]) == {image.file: [other]}

    with django_capture_on_commit_callbacks(execute=True):
        redact(article, passages=[], files=[image.file], reason="A right.", by=None)
    assert image.file not in client.get("/articles/one/").content.decode()
    assert image.file in client.get("/articles/other/").content.decode()
    assert client.get(f"/media/{image.file}").status_code == 200
    assert default_storage.exists(image.file)
    assert also_shown_by(other, [image.file]) == {}

    with django_capture_on_commit_callbacks(execute=True):
        redact(other, passages=[], files=[image.file], reason="A right.", by=None)
    assert client.get(f"/media/{image.file}").status_code == 404
    assert not default_storage.exists(image.file)
    assert not Image.objects.exists()


def test_a_portrait_that_another_article_shows_leaves_this_one(client):
    article, other = build.article("one"), build.article("other")
    person = build.person(portrait=build.image("navy"))
    for one in (article, other):
        one.written_by.set([person])
        build.published(one)
    name = person.portrait.file

    redact(article, passages=[], files=[name], reason="A right.", by=None)

    assert name not in article.latest_revision.content
    assert article.latest_revision.redacted_at is None
    assert name not in client.get("/articles/one.json").content.decode()
    assert name in client.get("/articles/other.json").content.decode()


def test_a_file_is_deleted_only_once_the_redaction_is_kept():
    article = build.article()
    section = build.section(article, image=build.image("olive"))
    name = section.image.file
    build.published(article)

    redact(article, passages=[], files=[name], reason="A right.", by=None)

    assert default_storage.exists(name), "The transaction may still fail."


def test_the_names_that_the_desk_gave_to_revisions_are_redacted_too():
    article = build.article(summary=f"Of {NAME}. Really.")
    first = record(article, by=None)
    name_revision(first, f"Before the letter of {NAME}", by=None)
    build.published(article)

    redact(article, passages=[NAME], reason="A court order.", by=None)

    first.refresh_from_db()
    assert first.name == "Before the letter of [redacted]"
    assert holders(NAME) == []


def test_afterwards_the_draft_says_what_readers_see_and_is_not_called_changed():
    article = full_article()
    name_everywhere(article)
    build.published(article)

    redact(article, passages=[NAME], reason="A court order.", by=None)

    assert standing(article).state == State.LIVE
    assert with_standing(Article.objects.all()).get(pk=article.pk).standing == State.LIVE
    article.refresh_from_db()
    article.title = "Rewritten since"
    article.save()
    record(article, by=None)
    assert standing(article).state == State.CHANGED


def test_a_picture_that_only_thinned_out_revisions_showed_can_still_be_removed():
    article = build.article()
    section = build.section(article, image=build.image("olive"))
    name = section.image.file
    record(article, by=None)
    section.delete()
    record(article, by=None)
    article.revisions.filter(number=1).delete()

    assert redact(article, passages=[], files=[name], reason="A right.", by=None) == []

    assert not Image.objects.filter(file=name).exists()
    assert not article.recorded_files.exists()


# Refusals


@pytest.mark.parametrize(
    ("passages", "reason", "sentence"),
    [
        ([], "A reason.", "Say which words or which files"),
        (["  "], "A reason.", "Say which words or which files"),
        ([NAME], "", "Give the reason"),
        ([NAME], "  \n", "Give the reason"),
        ([NAME], "x" * 301, "too long: 300 characters at the most"),
        (["Nobody at all"], "A reason.", "Nothing of that was found"),
    ],
)
def test_what_cannot_be_redacted_is_refused_and_changes_nothing(passages, reason, sentence):
    article = build.article(summary=f"Of {NAME}. Really.")
    build.published(article)
    before = list(Publication.objects.values()), list(Revision.objects.values())

    with pytest.raises(ValidationError, match=sentence):
        redact(article, passages=passages, reason=reason, by=None)

    assert (list(Publication.objects.values()), list(Revision.objects.values())) == before


def test_words_are_taken_out_of_an_article_that_was_never_published():
    article = build.article(summary=f"Of {NAME}. Really.")
    record(article, by=None)

    assert redact(article, passages=[NAME], reason="A court order.", by=None) == []

    assert holders(NAME) == []
