"""Restoring: a document written back into rows, which is a new revision."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

from articles.models import Article, Citation, Publication
from articles.recording import record
from articles.redacting import redact
from articles.restoring import import_document, restore
from library.models import Image, Person, Source, Topic
from publishing.models import Stamp
from tests import build

pytestmark = pytest.mark.django_db


def edited(article, **fields):
    """Change the article and record it."""
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return record(article, by=None)


def delete_library_row(row):
    """Delete a library row that nothing refers to any more."""
    type(row).objects.filter(pk=row.pk).delete()


def empty_of_rows(article):
    """Take everything out of the working copy that refers to the library."""
    for rows in (
        article.facts,
        article.sections,
        article.events,
        article.questions,
        article.seealsos,
    ):
        rows.all().delete()
    article.topics.clear()
    article.written_by.clear()
    article.image = None
    article.save()


# A restore is a new revision


def test_a_restore_is_a_new_revision_that_says_what_the_old_one_said():
    editor = build.editor()
    article = build.full_article(title="Before")
    first = record(article, by=None)
    second = edited(article, title="After")

    restored = restore(first, by=editor)

    assert restored.revision.number == 3
    assert restored.revision.created_by == editor
    assert restored.revision.digest == first.digest != second.digest
    assert [one.number for one in article.revisions.order_by("number")] == [1, 2, 3]
    article.refresh_from_db()
    assert article.title == "Before"


def test_a_second_restore_changes_nothing():
    article = build.full_article()
    first = record(article, by=None)
    edited(article, title="After")
    restored = restore(first, by=None)
    rows = list(article.sections.values())

    again = restore(first, by=None)

    assert again.revision == restored.revision
    assert not again.differences
    assert list(article.sections.values()) == rows
    assert article.revisions.count() == 3


def test_restoring_the_present_leaves_no_revision():
    article = build.full_article()
    present = record(article, by=None)

    assert restore(present, by=None).revision == present
    assert article.revisions.count() == 1


def test_every_field_of_the_article_is_restored():
    article = build.full_article(
        review_due_on="2027-01-01", comments_open=False, comments_until="2026-12-24T18:00:00.5Z"
    )
    first = record(article, by=None)
    empty_of_rows(article)
    edited(
        article,
        title="", question="", short_answer="", summary="",
        review_due_on=None, comments_open=True, comments_until=None,
    )  # fmt: skip

    assert restore(first, by=None).revision.digest == first.digest
    article.refresh_from_db()
    assert not article.comments_open
    assert article.comments_until.isoformat() == "2026-12-24T18:00:00.500000+00:00"
    assert article.review_due_on.isoformat() == "2027-01-01"


def test_rows_are_matched_by_uid_changed_added_and_deleted():
    article = build.article()
    article.sections.all().delete()
    kept = build.section(article, heading="Kept", body="As it was.")
    deleted = build.section(article, heading="Deleted")
    first = record(article, by=None)
    kept.body = "Changed."
    kept.save()
    deleted.delete()
    added = build.section(article, heading="Added")
    record(article, by=None)

    restore(first, by=None)

    sections = {str(row.uid): row for row in article.sections.all()}
    assert set(sections) == {str(kept.uid), str(deleted.uid)}
    assert sections[str(kept.uid)].pk == kept.pk
    assert sections[str(kept.uid)].body == "As it was."
    assert str(added.uid) not in sections


def test_what_the_restored_texts_cite_is_known_to_the_library_again():
    article = build.article()
    source = build.source(key="kept")
    section = build.section(article, body="So it is said.[@kept]")
    first = record(article, by=None)
    section.body = "So it is."
    section.save()
    record(article, by=None)
    assert not Citation.objects.exists()

    restore(first, by=None)

    assert source.citations.get().claim == "So it is said."


# The library


def test_deleted_library_rows_are_made_anew_with_their_uid_and_name():
    article = build.full_article()
    first = record(article, by=None)
    source, person = Source.objects.get(), article.written_by.get()
    topics = [article.topics.get(), article.questions.get().topics.get()]
    images = [article.image, article.sections.exclude(image=None).get().image]
    rows = [source, person, *topics, *images]
    said = {row.uid: row.embedded() for row in rows}
    empty_of_rows(article)
    for row in rows:
        delete_library_row(row)

    restored = restore(first, by=None)

    assert restored.revision.digest == first.digest
    for row in rows:
        anew = type(row).objects.get(uid=row.uid)
        assert anew.pk != row.pk or anew.created_at != row.created_at
        assert anew.embedded() == said[row.uid]
    assert restored.differences.differing == []
    assert sorted(restored.differences.recreated) == sorted(
        [
            f"source: {source}",
            f"person: {person}",
            *(f"topic: {topic}" for topic in topics),
            *(f"image: {image}" for image in images),
        ]
    )


def test_an_image_made_anew_shows_its_file():
    article = build.article()
    section = build.section(article, image=build.image("olive"))
    first = record(article, by=None)
    name = section.image.file
    section.delete()
    Image.objects.all().delete()

    restore(first, by=None)

    assert Image.objects.get().file == name
    assert default_storage.exists(name)


def test_a_person_is_made_anew_with_the_portrait():
    article = build.article()
    portrait = build.image("navy")
    person = build.person(portrait=portrait, links=["https://desk.example/"], bio="*Reads.*")
    article.written_by.set([person])
    first = record(article, by=None)
    article.written_by.clear()
    delete_library_row(person)
    delete_library_row(portrait)

    assert restore(first, by=None).revision.digest == first.digest
    assert Person.objects.get(uid=person.uid).portrait.uid == portrait.uid


def test_existing_library_rows_are_not_overwritten_and_reported_once():
    article = build.full_article()
    image = build.image("gold", alt="Gold")
    build.section(article, image=image)
    build.section(article, image=image)
    first = record(article, by=None)
    edited(article, title="After")
    Source.objects.update(title="Another title")
    Person.objects.update(credentials="Others")
    Image.objects.filter(pk=image.pk).update(caption="Another caption")
    Topic.objects.update(description="Another description")

    restored = restore(first, by=None)

    assert Source.objects.get().title == "Another title"
    assert Person.objects.get().credentials == "Others"
    assert Image.objects.get(pk=image.pk).caption == "Another caption"
    assert restored.differences.recreated == []
    assert sorted(restored.differences.differing) == sorted(
        [
            "source: Another title",
            "image: Gold",
            f"person: {Person.objects.get()}",
            *(f"topic: {topic}" for topic in Topic.objects.all()),
        ]
    )
    assert restored.revision.digest != first.digest
    assert restored.revision.document["sources"][0]["title"] == "Another title"


def test_a_source_of_the_same_key_is_meant_if_the_old_one_is_gone():
    article = build.article()
    old = build.source(key="kept", title="The old one")
    section = build.section(article, body="So it is said.[@kept]")
    first = record(article, by=None)
    section.delete()
    old.delete()
    new = build.source(key="kept", title="The new one")

    restored = restore(first, by=None)

    assert list(Source.objects.all()) == [new]
    assert restored.differences.differing == ["source: The new one"]
    assert restored.differences.recreated == []
    [embedded] = restored.revision.document["sources"]
    assert (embedded["uid"], embedded["title"]) == (str(new.uid), "The new one")
    assert new.citations.count() == 1


@pytest.mark.parametrize(
    ("model", "make", "name"),
    [(Person, build.person, "written_by"), (Topic, build.topic, "topics")],
)
def test_a_person_or_topic_at_the_same_address_is_meant_too(model, make, name):
    article = build.article()
    old = make(slug="taken")
    getattr(article, name).set([old])
    first = record(article, by=None)
    getattr(article, name).clear()
    delete_library_row(old)
    new = make(slug="taken")

    restored = restore(first, by=None)

    assert list(getattr(article, name).all()) == [new]
    assert restored.differences.differing == [f"{model._meta.verbose_name}: {new}"]


def test_a_field_that_an_older_release_did_not_embed_gets_its_default():
    article = build.article()
    person, source = article.written_by.get(), build.source(key="kept")
    build.section(article, body="So it is said.[@kept]")
    document = record(article, by=None).document
    del document["article"]["written_by"][0]["links"]
    del document["sources"][0]["archived_url"]

    assert not import_document(document, by=None).differences
    article.written_by.clear()
    delete_library_row(person)
    source.delete()
    restored = import_document(document, by=None)

    assert Person.objects.get(uid=person.uid).links == []
    assert Source.objects.get(key="kept").archived_url == ""
    assert len(restored.differences.recreated) == 2


def test_a_link_to_an_article_that_is_gone_is_reported_and_keeps_its_note():
    article, other = build.article(), build.article()
    article.seealsos.create(target=other, note="Where it goes on.")
    first = record(article, by=None)
    uid = str(other.uid)
    other.delete()
    assert not article.seealsos.exists()

    restored = restore(first, by=None)

    link = article.seealsos.get()
    assert (link.target, link.note) == (None, "Where it goes on.")
    assert restored.differences.gone == [f"article: {uid}"]
    assert bool(restored.differences)


def test_a_link_to_an_article_that_is_there_is_restored():
    article, other = build.article(), build.article()
    link = article.seealsos.create(target=other, note="Where it goes on.")
    first = record(article, by=None)
    link.delete()

    restored = restore(first, by=None)

    assert article.seealsos.get().target == other
    assert not restored.differences


# Readers


def test_restoring_changes_nothing_that_readers_see(client):
    article = build.full_article("kept-still", title="Published")
    build.published(article)
    first = record(article, by=None)
    edited(article, title="Draft")
    addresses = ["/", "/articles/", "/articles/kept-still/", "/articles/kept-still.json",
                 "/articles/kept-still/history/", "/timeline/", "/faq/"]  # fmt: skip
    before = [client.get(address).content for address in addresses]
    publications, stamps = list(Publication.objects.values()), list(Stamp.objects.values())

    restore(first, by=None)
    edited(article, title="Draft again")
    restore(article.revisions.get(number=2), by=None)

    assert list(Publication.objects.values()) == publications
    assert list(Stamp.objects.values()) == stamps
    assert [client.get(address).content for address in addresses] == before


# Refusals


def test_a_redacted_revision_is_not_restored():
    article = build.article(summary="A private name. And more.")
    first = record(article, by=None)
    later = edited(article, title="After")
    redact(article, passages=["A private name"], reason="A court order.", by=None)

    for revision in (first, later):
        with pytest.raises(ValidationError, match="was redacted, so it cannot be restored"):
            restore(revision, by=None)
    article.refresh_from_db()
    assert article.summary == "[redacted]. And more."


def test_a_revision_after_the_redaction_is_restored():
    article = build.article(summary="A private name. And more.")
    redact_after = record(article, by=None)
    redact(article, passages=["A private name"], reason="A court order.", by=None)
    clean = article.latest_revision
    edited(article, title="After")

    assert clean != redact_after
    assert restore(clean, by=None).revision.digest == clean.digest


def test_a_restore_that_fails_leaves_everything_as_it_was():
    article = build.article()
    record(article, by=None)
    document = record(article, by=None).document
    document["parts"]["sections"]["rows"].append({"uid": "not a uid"})
    document["parts"]["facts"]["rows"] = []

    with pytest.raises(ValueError, match="badly formed"):
        import_document(document, by=None)

    assert article.facts.count() == 1
    assert article.revisions.count() == 1
    assert Article.objects.count() == 1
