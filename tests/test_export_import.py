"""Export and import: the same documents, with the same digests, in a database that was empty."""

import json
import re
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from articles.addressing import change_slug
from articles.documents import read_document
from articles.models import Article, Publication
from articles.recording import record
from articles.restoring import import_document
from library.models import Image, Person, Source, Topic
from publishing.canonical import digest
from publishing.row_values import Differences
from tests import build
from website.demonstrating import load_demonstration

pytestmark = pytest.mark.django_db


def command(name: str, *args: object) -> str:
    said = StringIO()
    call_command(name, *map(str, args), stdout=said)
    return said.getvalue()


def empty_the_database() -> None:
    Publication.objects.all().delete()
    for model in (Article, Person, Image, Source, Topic):
        model.objects.all().delete()


def digests() -> dict[str, str]:
    return {str(one.uid): digest(read_document(one)) for one in Article.objects.all()}


@pytest.fixture
def site():
    """Two complete articles that point at each other, and one just begun."""
    first, second = (
        build.full_article("first"),
        build.full_article("second", title="Zweite Fassung"),
    )
    first.topics.add(build.topic(name="ärger"), build.topic(name="Zoll"), build.topic(name="Ähre"))
    first.written_by.add(build.person(name="Émile", portrait=build.image("brown")))
    first.seealsos.create(target=second, note="Goes on there.")
    second.seealsos.create(target=first)
    Article.objects.create(title="Just begun")
    for one in Article.objects.all():
        record(one, by=None)
    return first, second


# The same digests


def test_what_is_exported_is_imported_with_the_same_digests(site, tmp_path):
    before = digests()
    command("export_articles", tmp_path)
    empty_the_database()

    said = command("import_articles", tmp_path)

    assert len(before) == 3
    assert digests() == before
    assert {
        str(one.article.uid): one.digest for one in map(latest, Article.objects.all())
    } == before
    assert said.count("revision 1, as it was exported") == 3


def latest(article):
    return article.latest_revision


def test_the_demonstration_is_imported_with_the_same_digests(tmp_path):
    load_demonstration(by=None)
    before = digests()
    published = set(Publication.objects.values_list("digest", flat=True))
    command("export_articles", tmp_path)
    empty_the_database()

    command("import_articles", tmp_path)

    assert digests() == before
    assert set(before.values()) == published


def test_a_document_from_the_public_data_is_imported_with_the_same_digest(client):
    article = build.full_article("public")
    build.published(article)
    data = client.get("/articles/public.json").json()
    empty_the_database()

    restored = import_document(data["document"], by=None)

    assert restored.revision.digest == data["publication"]["digest"]


def test_the_digest_does_not_depend_on_the_order_in_which_the_library_was_filled():
    article = build.article()
    article.topics.set(
        [build.topic(name=name) for name in ("same", "Same", "same", "ähnlich", "zero")]
    )
    document = record(article, by=None).document
    topics = document["article"]["topics"]
    empty_the_database()
    for topic in reversed(topics):
        Topic.objects.recover(topic, Differences())

    assert import_document(document, by=None).revision.document == document


def test_data_of_a_part_that_is_not_installed_is_exported_and_imported(tmp_path):
    article = build.article("mapped")
    document = record(article, by=None).document
    source = build.source(key="on-the-map")
    row = {"uid": "9f0f5f7a-8f5e-4b6a-9a43-1f1f2f3f4f5f", "words": "Here.[@on-the-map]"}
    document["parts"]["map"] = {"schema": 4, "rows": [row]}
    its_digest = import_document(document, by=None).revision.digest
    command("export_articles", tmp_path)
    empty_the_database()

    command("import_articles", tmp_path)

    imported = Article.objects.get().latest_revision
    assert imported.digest == its_digest
    assert imported.document["parts"]["map"] == {"schema": 4, "rows": [row]}
    assert Source.objects.get().uid == source.uid


# What is in a file, and what is not


def test_each_article_is_a_file_of_plain_text_named_by_its_address(site, tmp_path):
    said = command("export_articles", tmp_path / "made")

    [begun] = Article.objects.filter(title="Just begun")
    names = {path.name for path in (tmp_path / "made").iterdir()}
    assert names == {"first.json", "second.json", f"{begun.uid}.json"}
    text = (tmp_path / "made" / "second.json").read_text(encoding="utf-8")
    assert "Zweite Fassung" in text
    assert len(text.splitlines()) > 50
    data = json.loads(text)
    assert set(data) == {"addresses", "digest", "document"}
    assert data["digest"] == digest(data["document"])
    assert re.search(
        r"Wrote 3 articles .+ They show \d+ pictures, whose files are in the media", said
    )


def test_it_is_the_working_copy_that_is_exported(tmp_path):
    article = build.article("drafted", title="Published")
    build.published(article)
    article.title = "Draft"
    article.save()
    record(article, by=None)

    command("export_articles", tmp_path)

    assert (
        json.loads((tmp_path / "drafted.json").read_text())["document"]["article"]["title"]
        == "Draft"
    )


def test_addresses_are_kept_the_former_ones_too(tmp_path):
    article = build.article("first-address")
    change_slug(article, "second-address", by=None)
    change_slug(article, "third-address", by=None)
    command("export_articles", tmp_path)
    empty_the_database()

    command("import_articles", tmp_path)

    imported = Article.objects.get()
    assert imported.slug == "third-address"
    assert set(imported.addresses.values_list("slug", "is_current")) == {
        ("first-address", False), ("second-address", False), ("third-address", True)
    }  # fmt: skip


def test_nothing_is_published_by_an_import(site, tmp_path, client):
    build.published(site[0])
    command("export_articles", tmp_path)
    empty_the_database()

    command("import_articles", tmp_path)

    assert not Publication.objects.exists()
    assert client.get("/articles/first/").status_code == 404
    build.published(Article.objects.get(uid=site[0].uid))
    assert client.get("/articles/first/").status_code == 200


def test_pictures_without_a_file_are_counted(site, tmp_path):
    command("export_articles", tmp_path)
    empty_the_database()
    assert "no file yet" not in command("import_articles", tmp_path)
    names = build.stored_files()
    default_storage.delete(names[0])

    assert f"1 of {len(names)} pictures have no file yet." in command("import_articles", tmp_path)


# Into a database that is not empty


def test_importing_again_changes_nothing(site, tmp_path):
    command("export_articles", tmp_path)
    before = list(Article.objects.order_by("pk").values())

    said = command("import_articles", tmp_path)

    assert list(Article.objects.order_by("pk").values()) == before
    assert [one.revisions.count() for one in Article.objects.all()] == [1, 1, 1]
    assert said.count("revision 1, as it was exported") == 3


def test_an_article_that_was_edited_since_gets_a_new_revision_and_keeps_its_address(site, tmp_path):
    command("export_articles", tmp_path)
    first = site[0]
    first.title = "Edited"
    first.save()
    record(first, by=None)
    change_slug(first, "moved", by=None)

    said = command("import_articles", tmp_path)

    first.refresh_from_db()
    assert first.title != "Edited"
    assert first.revisions.count() == 3
    assert first.slug == "moved"
    assert "first.json: revision 3, as it was exported" in said


def test_what_differs_in_the_library_is_left_and_told(site, tmp_path):
    command("export_articles", tmp_path)
    Source.objects.update(title="Another title")
    topic = site[0].topics.get(name="Zoll")
    topic.delete()

    said = command("import_articles", tmp_path)

    assert set(Source.objects.values_list("title", flat=True)) == {"Another title"}
    assert "  the library says something else: source: Another title\n" in said
    assert "  made again in the library: topic: Zoll\n" in said
    assert "first.json: revision 2, not quite as it was exported" in said


def test_a_link_to_an_article_that_is_not_in_the_folder_is_told(site, tmp_path):
    second = site[1]
    command("export_articles", tmp_path)
    (tmp_path / "second.json").unlink()
    empty_the_database()

    said = command("import_articles", tmp_path)

    assert f"  no longer there: article: {second.uid}\n" in said


# Refusals


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", r"bad\.json: Expecting property name"),
        ("[]", r"bad\.json: it is not whole"),
        ("{}", r"bad\.json: it is not whole: KeyError\('addresses'\)"),
        (
            '{"addresses": [], "digest": "", "document": {"uid": "x"}}',
            r"bad\.json: “x” is not a valid",
        ),
        (
            '{"addresses": [], "digest": "", "document": {}}',
            r"bad\.json: it is not whole: KeyError",
        ),
        (b"\xff\xfe\x00", r"bad\.json: 'utf-8' codec"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_by_its_name(text, sentence, tmp_path):
    (tmp_path / "bad.json").write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(CommandError, match=sentence):
        command("import_articles", tmp_path)


def spoilt(path, change) -> None:
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data["document"].update(schema=2), r"second\.json: .+newer release"),
        (lambda data: data["document"]["parts"]["facts"].update(schema=9), "newer release"),
        (lambda data: data["document"]["article"].update(title="\ud800"), r"second\.json: "),
        (lambda data: data["document"]["parts"]["facts"].update(rows=[{}]), "KeyError"),
        (lambda data: data.update(addresses=["not a slug"]), r"second\.json: .*valid .slug"),
        (lambda data: data.update(addresses=["first"]), r"Another article has or had this address"),
    ],
)
def test_one_bad_file_and_nothing_is_imported(change, sentence, site, tmp_path):
    command("export_articles", tmp_path)
    spoilt(tmp_path / "second.json", change)
    empty_the_database()

    with pytest.raises(CommandError, match=sentence):
        command("import_articles", tmp_path)

    assert not Article.objects.exists()
    assert not Source.objects.exists()


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(CommandError, match="no JSON file"):
        command("import_articles", tmp_path)
