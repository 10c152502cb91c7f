"""What every part promises, asked of all that are installed, whoever wrote them.

Each part has a stored example of each of its schemas, tests/schemas/<part>-<schema>.json. The
present one stands for what an editor writes; older ones stay for ever, as what was once recorded.
"""

import copy
import json
import re
import uuid
from html import unescape
from pathlib import Path

import pytest
from django.db import models

from articles.deeds import publish
from articles.documents import read_document, upgraded_document
from articles.models import Article, PublicRow, Revision
from articles.recording import record
from articles.restoring import import_document, restore
from library.models import Source
from publishing import parts as registry
from publishing.canonical import canonical_json, digest, digest_of
from publishing.checks import COMPLETE, Level
from publishing.markup.words import citations, plain_text
from publishing.parts import Part, parts, upgraded
from publishing.row_values import Differences, holds_words
from tests import build

pytestmark = pytest.mark.django_db

SCHEMAS = Path(__file__).parent / "schemas"
STORED = sorted(path.stem for path in SCHEMAS.glob("*.json"))
# Parts that sort their rows: what makes all rows equal in that, so that their places decide.
SORTED_BY = {"timeline": {"date": "1917-12-06/1933-11-16"}}

every_part = pytest.mark.parametrize("part", parts(), ids=lambda part: part.name)


def stored(name: str, schema: int) -> dict:
    """Return the stored example of a part's schema."""
    path = SCHEMAS / f"{name}-{schema}.json"
    assert path.exists(), f"Write an example of the part’s data into tests/schemas/{path.name}."
    return json.loads(path.read_text(encoding="utf-8"))


def example(part: Part) -> dict:
    return stored(part.name, part.schema)


def make_what_it_refers_to(part: Part, data: dict) -> None:
    """Make the sources it cites and the articles it names: neither is part of its data."""
    for citing in part.citing_texts(data):
        for citation in citations(citing.text):
            if not Source.objects.filter(key=citation.key).exists():
                build.source(key=citation.key)
    for field in part.fields:
        kind = part.model._meta.get_field(field)
        if kind.many_to_one and kind.related_model is Article:
            for uid in filter(None, (row[field] for row in data["rows"])):
                if not Article.objects.filter(uid=uid).exists():
                    build.published_article(uid=uid)


def article_with(part: Part, data: dict) -> Article:
    """Make a complete article whose rows of the part are those of ``data``."""
    make_what_it_refers_to(part, data)
    article = build.article()
    part.write(article, data, Differences())
    return article


def words_of(html: str) -> str:
    """Return what a reader reads: no marks of sources, no tags, no line breaks."""
    html = re.sub(r"<(head|script|style)\b.*?</\1>", " ", html, flags=re.DOTALL)
    html = re.sub(r'<a class="cite".*?</a>', "", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def texts_in(part: Part, row: dict) -> list[str]:
    """Return every text of a row that its reader should find, line by line."""
    found = []
    for name in part.fields:
        kind = part.model._meta.get_field(name)
        if name in part.not_words or isinstance(kind, models.URLField):
            continue
        if kind.is_relation and isinstance(row[name], dict):
            found += [row[name]["alt"]]
        elif holds_words(kind):
            values = row[name] if isinstance(row[name], list) else [row[name]]
            found += [line for value in values for line in plain_text(value or "").splitlines()]
    return [text for text in found if text]


def page_of(client, article: Article) -> str:
    response = client.get(f"/articles/{article.slug}/")
    assert response.status_code == 200
    return response.content.decode()


# Between rows and data


@every_part
def test_data_written_into_rows_is_read_back_as_equal_data(part):
    data = example(part)

    article = article_with(part, data)

    assert part.read(article) == data
    assert digest(part.read(article)) == digest(data)


@every_part
def test_the_example_fills_every_field(part):
    """What no example holds, nothing below would try."""
    rows = example(part)["rows"]

    assert {name for row in rows for name in row if row[name]} == {"uid", *part.fields}


@every_part
def test_writing_the_same_data_again_changes_nothing(part):
    article = article_with(part, example(part))
    before = list(part.model.objects.filter(article=article).values())

    differences = Differences()
    part.write(article, example(part), differences)

    assert list(part.model.objects.filter(article=article).values()) == before
    assert not differences


@every_part
def test_rows_that_were_deleted_are_restored_with_their_uids(part):
    article = article_with(part, example(part))
    recorded = record(article, by=None)
    part.model.objects.filter(article=article).delete()
    assert record(article, by=None).digest != recorded.digest

    restored = restore(recorded, by=None)

    assert restored.revision.digest == recorded.digest
    assert [row["uid"] for row in part.read(article)["rows"]] == [
        row["uid"] for row in example(part)["rows"]
    ]


@every_part
def test_rows_that_were_added_and_changed_are_restored_too(part):
    data = example(part)
    article = article_with(part, data)
    recorded = record(article, by=None)
    changed = copy.deepcopy(data)
    changed["rows"] = [{**changed["rows"][-1], "uid": str(uuid.uuid4())}, *changed["rows"][:1]]
    part.write(article, changed, Differences())
    assert len(part.read(article)["rows"]) == 2

    assert restore(recorded, by=None).revision.digest == recorded.digest


@every_part
def test_the_order_of_rows_survives(part):
    data = copy.deepcopy(example(part))
    for row in data["rows"]:
        row.update(SORTED_BY.get(part.name, {}))
    article = article_with(part, data)
    recorded = record(article, by=None)

    data["rows"].reverse()
    part.write(article, data, Differences())

    assert part.read(article) == data
    assert restore(recorded, by=None).revision.digest == recorded.digest
    assert part.read(article)["rows"] == data["rows"][::-1]


@every_part
def test_two_rows_may_exchange_all_but_their_uids(part):
    data = example(part)
    article = article_with(part, data)
    first, second = data["rows"][:2]
    exchanged = [{**second, "uid": first["uid"]}, {**first, "uid": second["uid"]}]

    part.write(article, {**data, "rows": exchanged}, Differences())

    rows = part.read(article)["rows"]
    assert sorted(rows, key=canonical_json) == sorted(exchanged, key=canonical_json)


@every_part
def test_a_row_without_an_anchor_takes_none_from_the_rows_behind_it(part):
    if "anchor" not in part.fields:
        return
    data = copy.deepcopy(example(part))
    first, second = data["rows"][:2]
    first["anchor"], wanted = None, first["anchor"]
    second["anchor"] = wanted

    article = article_with(part, {**data, "rows": [first, second]})

    anchors = {row["uid"]: row["anchor"] for row in part.read(article)["rows"]}
    assert anchors[second["uid"]] == wanted
    assert anchors[first["uid"]] not in (None, wanted)


@every_part
def test_a_part_without_rows_is_in_no_document(part):
    article = build.article()
    part.model.objects.filter(article=article).delete()

    assert part.name not in read_document(article)["parts"]


# Between data and page


@every_part
def test_the_page_shows_every_word_of_every_row(part, client):
    data = example(part)
    article = article_with(part, data)
    build.published(article)

    html = page_of(client, article)

    words = words_of(html)
    alternatives = {unescape(alt) for alt in re.findall(r'alt="([^"]*)"', html)}
    missing = [
        text
        for row in data["rows"]
        for text in texts_in(part, row)
        if text not in words and text not in alternatives
    ]
    assert missing == []
    for row in data["rows"]:
        for name in part.fields:
            if isinstance(part.model._meta.get_field(name), models.URLField) and row[name]:
                assert f'href="{row[name]}"' in html


@every_part
def test_the_page_shows_nothing_of_a_part_without_rows(part, client):
    if any(part.problems({"schema": part.schema, "rows": []})):
        return
    article = build.article()
    part.model.objects.filter(article=article).delete()
    build.published(article)

    assert f'id="{part.name}"' not in page_of(client, article)


@every_part
def test_what_is_published_is_what_was_read(part, client):
    data = example(part)
    article = article_with(part, data)
    publication = build.published(article)

    shown = client.get(f"/articles/{article.slug}.json").json()
    prepared = publication.prepared["parts"][part.name]

    assert shown["document"]["parts"][part.name] == data
    assert digest(shown["document"]) == publication.digest
    assert [{name: row[name] for name in ("uid", *part.fields)} for row in prepared] == data["rows"]


def public_models(part: Part) -> list[type[PublicRow]]:
    """Return the models of rows that the part writes for lists, filters and search."""
    app = part.model._meta.app_config
    if app.label == Article._meta.app_label:
        # These belong to the article itself.
        return []
    return [model for model in app.get_models() if issubclass(model, PublicRow)]


@every_part
def test_public_rows_say_what_was_read(part):
    data = example(part)
    publication = build.published(article_with(part, data))

    for model in public_models(part):
        rows = list(model.objects.filter(publication=publication).order_by("pk"))
        kinds = {kind.name for kind in model._meta.concrete_fields}
        assert len(rows) == len(data["rows"])
        for row, plain in zip(rows, data["rows"], strict=True):
            for name in kinds & {"uid", *part.fields} - {"anchor"}:
                said = plain_text(plain[name]) if name == part.body else plain[name]
                assert str(getattr(row, name)) == said
            if "anchor" in kinds:
                assert row.anchor == part.anchor(plain)
            if "shown" in kinds:
                assert {name: row.shown[name] for name in plain} == plain


@every_part
def test_publishing_again_replaces_the_public_rows(part):
    data = example(part)
    article = article_with(part, data)
    first = build.published(article)
    fewer = {**data, "rows": data["rows"][:1]}
    if any(part.taken_back(fewer, str(article.uid))):
        # What was published stays: nothing of it can be left out.
        fewer["rows"] = data["rows"]
    part.write(article, fewer, Differences())
    second = build.published(article)

    part.publish(first, data)

    for model in public_models(part):
        assert model.objects.filter(publication=first).count() == len(data["rows"])
        assert model.objects.filter(publication=second).count() == len(fewer["rows"])


@every_part
def test_an_article_is_found_by_the_words_of_its_rows(part):
    data = example(part)

    found = part.search_text(data)

    for row in data["rows"]:
        assert part.row_title(row) in found
        if part.body:
            assert plain_text(row[part.body]) in found


@every_part
def test_every_row_has_an_id_of_its_own_on_the_page(part, client):
    data = example(part)
    article = article_with(part, data)
    build.published(article)

    html = page_of(client, article)

    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    anchors = [part.anchor(row) for row in data["rows"]]
    assert len(set(anchors)) == len(anchors)
    if part.body:
        assert set(anchors) <= set(ids)


@every_part
def test_nothing_stands_in_the_way_of_publishing_a_complete_example(part):
    required = {check.name for check in [COMPLETE, *part.checks] if check.level == Level.REQUIRED}
    problems = part.problems(example(part))
    assert [problem for problem in problems if problem.check in required] == []


@every_part
def test_every_problem_names_a_check_that_every_page_or_the_part_has(part):
    row = part.read_row(part.model.objects.create(article=build.article()))
    rows = [row, *example(part)["rows"]]
    data = {"schema": part.schema, "rows": rows}
    problems = [*part.problems(data), *part.problems_beyond(data, str(uuid.uuid4()))]
    assert {one.check for one in problems} <= {COMPLETE.name, *(one.name for one in part.checks)}


@every_part
def test_what_an_empty_row_lacks_is_said_in_sentences_with_the_field_that_mends_it(part):
    row = part.model.objects.create(article=build.article())
    plain = part.read_row(row)

    problems = list(part.problems({"schema": part.schema, "rows": [plain]}))

    assert problems
    for problem in problems:
        assert re.fullmatch(r"[A-Z“].+\.", problem.message)
        assert (problem.part, problem.uid) == (part.name, plain["uid"])
        assert problem.field in part.fields


@every_part
def test_an_empty_row_can_be_recorded_restored_and_looked_at(part):
    article = build.article()
    part.model.objects.create(article=article)

    recorded = record(article, by=None)
    part.model.objects.filter(article=article).delete()

    assert restore(recorded, by=None).revision.digest == recorded.digest


# Schemas


@pytest.mark.parametrize("name", STORED)
def test_a_stored_example_of_each_schema_is_upgraded_written_published_and_shown(name, client):
    name, _, schema = name.rpartition("-")
    [part] = [part for part in parts() if part.name == name]
    data = stored(name, int(schema))
    untouched = copy.deepcopy(data)

    present = upgraded(part, data)
    make_what_it_refers_to(part, present)
    document = read_document(build.article())
    document["uid"] = str(uuid.uuid4())
    for other in document["parts"].values():
        for row in other["rows"]:
            row["uid"] = str(uuid.uuid4())
    document["parts"][name] = data
    revision = import_document(document, by=None).revision

    assert data == untouched, "An upgrader is a pure function."
    assert present["schema"] == part.schema
    assert revision.document["parts"][name] == present == example(part)
    article = revision.article
    build.change_slug(article, f"{name}-{schema}", by=None)
    build.published(article)
    words = page_of(client, article)
    for row in present["rows"]:
        assert all(text in words_of(words) + words for text in texts_in(part, row))


@every_part
def test_every_schema_a_part_ever_had_has_a_stored_example(part):
    for schema in range(1, part.schema + 1):
        assert stored(part.name, schema)["schema"] == schema
        assert schema == part.schema or schema in part.upgraders


@pytest.mark.parametrize("name", STORED)
def test_a_revision_of_an_older_schema_is_published_as_it_was_recorded(name, client):
    name, _, schema = name.rpartition("-")
    [part] = [part for part in parts() if part.name == name]
    data = stored(name, int(schema))
    make_what_it_refers_to(part, upgraded(part, data))
    article = article_with(part, upgraded(part, data))
    latest = record(article, by=None)
    document = {**latest.document, "parts": {**latest.document["parts"], name: data}}
    content = canonical_json(document)
    Revision.objects.filter(pk=latest.pk).update(content=content, digest=digest_of(content))

    publication = publish(Revision.objects.get(pk=latest.pk), by=None, change_note="As it was.")

    shown = client.get(f"/articles/{article.slug}.json").json()
    assert shown["document"]["parts"][name] == data
    assert digest(shown["document"]) == publication.digest
    assert all(
        text in words_of(html) + html
        for html in [page_of(client, article)]
        for row in upgraded(part, data)["rows"]
        for text in texts_in(part, row)
    )


@every_part
def test_data_of_a_newer_schema_is_refused_with_a_sentence(part):
    article = build.article()
    document = read_document(article)
    newer = {"schema": part.schema + 1, "rows": []}
    document["parts"][part.name] = newer

    for refusing in (
        lambda: upgraded(part, newer),
        lambda: upgraded_document(document),
        lambda: import_document(document, by=None),
    ):
        with pytest.raises(
            ValueError, match=rf"“{part.name}” was written by a newer release: .+\."
        ):
            refusing()


def test_a_document_of_a_newer_schema_is_refused_with_a_sentence():
    document = {**read_document(build.article()), "schema": 2}

    with pytest.raises(ValueError, match=r"written by a newer release\."):
        import_document(document, by=None)


# Parts that are not installed


@pytest.fixture
def map_data() -> dict:
    """Data of a part that nobody here knows, with values of every kind."""
    row = {"uid": str(uuid.uuid4()), "place": "Petrograd", "at": [5994, 3031], "note": None}
    return {"schema": 7, "rows": [{**row, "layers": [{"name": "Streets", "is_shown": True}]}]}


def with_map(article: Article, map_data: dict) -> Revision:
    """Record the article as if the map were still installed."""
    document = read_document(article)
    document["parts"]["map"] = map_data
    return import_document(document, by=None).revision


def test_data_of_a_part_that_is_not_installed_survives_every_edit(map_data):
    article = build.article()
    with_map(article, map_data)

    article.title = "Edited"
    article.save()

    assert record(article, by=None).document["parts"]["map"] == map_data


def test_it_is_restored_to_what_it_was_in_the_revision(map_data):
    article = build.article()
    without = record(article, by=None)
    first = with_map(article, map_data)
    later = copy.deepcopy(map_data)
    later["rows"][0]["place"] = "Leningrad"
    second = with_map(article, later)

    assert restore(first, by=None).revision.digest == first.digest
    assert restore(second, by=None).revision.digest == second.digest
    assert restore(without, by=None).revision.digest == without.digest


def test_it_is_imported_into_an_empty_database(map_data):
    revision = with_map(build.article(), map_data)
    document, its_digest = revision.document, revision.digest
    Article.objects.all().delete()

    imported = import_document(document, by=None).revision

    assert imported.document["parts"]["map"] == map_data
    assert imported.digest == its_digest


def test_it_is_published_with_the_rest(map_data, client):
    article = build.article()
    revision = with_map(article, map_data)
    publish(revision, by=None, change_note="With a map.")

    page_of(client, article)
    shown = client.get(f"/articles/{article.slug}.json").json()

    assert shown["document"]["parts"]["map"] == map_data


@every_part
def test_a_part_may_be_taken_out_and_put_in_again(part, monkeypatch, client):
    data = example(part)
    article = article_with(part, data)
    before = record(article, by=None)
    kept_rows = list(part.model.objects.filter(article=article).values())
    with monkeypatch.context() as without:
        without.delitem(registry._parts, part.name)
        article.title = "Edited while it was not installed"
        article.save()
        edited = record(article, by=None)
        build.published(article)
        assert f'id="{part.name}"' not in page_of(client, article)
        assert edited.document["parts"][part.name] == before.document["parts"][part.name]
        assert restore(before, by=None).revision.digest == before.digest
        assert restore(edited, by=None).revision.digest == edited.digest

    assert list(part.model.objects.filter(article=article).values()) == kept_rows
    assert record(article, by=None).digest == edited.digest
