"""Two rows of the library become one: drafts follow at once, live pages once published."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.documents import read_document
from articles.merging_rows import merge
from articles.models import Article, AuditEntry, Citation, Review
from articles.recording import record
from articles.republishing import outdated, republish
from articles.restoring import import_document, restore
from articles.reviewing import record_review
from library.models import MergedRow, Person, Source, Topic
from library.uses import showings
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def client():
    return desk.client_of(build.editor())


@pytest.fixture
def twice():
    """The same report, twice in the library."""
    return build.source(key="report-2", title="Report"), build.source(key="report", title="Report")


def citing(key: str, **fields) -> Article:
    made = build.article(**fields)
    build.section(made, body=f"Known.[@{key}, p. 3: words] And `[@{key}]`? \\[@{key}]")
    build.event(made, text=f"It happened.[@{key}]")
    build.question(made, answer=f"Yes.[@{key}]")
    record(made, by=None)
    return made


def merge_address(row) -> str:
    return reverse("admin:articles_article_merge", args=[row._meta.model_name, row.pk])


# The deed


def test_drafts_cite_the_source_that_stayed_and_are_recorded(twice):
    merged, kept = twice
    article, other = citing("report-2"), citing("report")
    editor = build.editor()

    done = merge(merged, into=kept, by=editor)

    assert done.articles == [article]
    document = read_document(article)
    assert [source["key"] for source in document["sources"]] == ["report"]
    latest = article.latest_revision
    assert (latest.number, latest.created_by, latest.document) == (2, editor, document)
    assert other.latest_revision.number == 1
    assert set(Citation.objects.filter(article=article).values_list("source", flat=True)) == {
        kept.pk
    }
    assert Citation.objects.filter(article=article).count() == 3
    assert not Source.objects.filter(key="report-2").exists()


def test_only_marks_change_and_their_places_and_words_stay(twice):
    merged, kept = twice
    article = citing("report-2")

    merge(merged, into=kept, by=None)

    body = article.sections.order_by("-position").first().body
    assert body.startswith("Known.[@report, p. 3: words]")
    assert body.endswith("\\[@report-2]")


def test_a_key_that_only_begins_alike_is_another(twice):
    merged, kept = twice
    build.source(key="report-2-annex")
    article = build.article()
    build.section(article, body="One.[@report-2] Two.[@report-2-annex]")
    record(article, by=None)

    merge(merged, into=kept, by=None)

    body = article.sections.order_by("-position").first().body
    assert body == "One.[@report] Two.[@report-2-annex]"


def test_topics_and_people_are_exchanged_wherever_they_stand():
    topic, kept = build.topic(name="Treaties"), build.topic(name="Treaty")
    article, both = build.article(), build.article()
    article.topics.set([topic])
    both.topics.set([topic, kept])
    question = build.question(both)
    question.topics.set([topic])
    person, one = build.person(), build.person()
    article.written_by.set([person])
    for made in (article, both):
        record(made, by=None)

    merge(topic, into=kept, by=None)
    merge(person, into=one, by=None)

    assert list(article.topics.all()) == list(both.topics.all()) == [kept]
    assert list(question.topics.all()) == [kept]
    assert list(article.written_by.all()) == [one]
    assert (article.latest_revision.number, both.latest_revision.number) == (3, 2)


def test_it_is_written_down(twice):
    merged, kept = twice
    uid = str(merged.uid)
    citing("report-2")
    merge(merged, into=kept, by=build.editor())

    entry = AuditEntry.objects.get(deed=AuditEntry.Deed.MERGED)
    assert entry.user_name == "editor"
    assert entry.details == {
        "kind": "source", "merged": uid, "kept": str(kept.uid), "articles": 1
    }  # fmt: skip


def test_unlike_kinds_images_and_the_same_row_are_refused(twice):
    source, _kept = twice
    with pytest.raises(ValidationError, match="A topic and a source cannot be merged"):
        merge(build.topic(), into=source, by=None)
    with pytest.raises(ValidationError, match="Images are not merged"):
        merge(build.image("navy"), into=build.image("olive"), by=None)
    with pytest.raises(ValidationError, match="Choose another row"):
        merge(source, into=source, by=None)
    assert Source.objects.count() == 2


def test_two_reviews_of_one_text_do_not_become_one_and_nothing_changes():
    one, other = build.person(name="One"), build.person(name="Other")
    article = build.article()
    revision = record(article, by=None)
    for person in (one, other):
        record_review(revision, person=person, reviewed_on=NOON.date(), checked="All.", by=None)

    with pytest.raises(ValidationError, match="another that takes its place is there already"):
        merge(one, into=other, by=None)

    assert Review.objects.count() == 2
    assert Person.objects.filter(pk=one.pk).exists()


# What leads to the row that stayed


def test_an_old_revision_is_restored_with_the_row_that_stayed(twice):
    merged, kept = twice
    article = citing("report-2")
    topic, other = article.topics.get(), build.topic()
    first = article.latest_revision
    merge(merged, into=kept, by=None)
    merge(topic, into=other, by=None)

    restored = restore(first, by=None)

    document = restored.revision.document
    assert [source["uid"] for source in document["sources"]] == [str(kept.uid)]
    assert [one["uid"] for one in document["article"]["topics"]] == [str(other.uid)]
    assert "[@report, p. 3: words]" in restored.revision.content
    assert restored.differences.recreated == []
    assert not Source.objects.filter(key="report-2").exists()


def test_an_exported_document_is_imported_the_same_way(twice):
    merged, kept = twice
    exported = read_document(citing("report-2"))
    merge(merged, into=kept, by=None)
    Article.objects.all().delete()

    imported = import_document(exported, by=None)

    assert [one["key"] for one in imported.revision.document["sources"]] == ["report"]


def test_data_of_a_part_that_is_not_installed_cites_it_too(twice):
    merged, kept = twice
    document = read_document(citing("report-2"))
    row = {"uid": str(uuid4()), "legend": "Known.[@report-2]", "places": ["Here.[@report-2, 3]"]}
    document["parts"]["maps"] = {"schema": 1, "rows": [row]}
    merge(merged, into=kept, by=None)

    imported = import_document(document, by=None).revision.document

    (row,) = imported["parts"]["maps"]["rows"]
    assert (row["legend"], row["places"]) == ("Known.[@report]", ["Here.[@report, 3]"])


def test_who_types_the_old_key_cites_the_source_that_stayed(twice):
    merged, kept = twice
    merge(merged, into=kept, by=None)

    article = citing("report-2")

    assert "[@report, p. 3: words]" in article.latest_revision.content
    assert Citation.objects.filter(source=kept).count() == 3


def test_a_row_merged_twice_leads_all_the_way(twice):
    merged, kept = twice
    last = build.source(key="last")
    first = citing("report-2").latest_revision
    merge(merged, into=kept, by=None)
    merge(kept, into=last, by=None)

    assert restore(first, by=None).revision.document["sources"][0]["key"] == "last"
    assert set(MergedRow.objects.values_list("into", flat=True)) == {last.uid}


def test_a_name_taken_anew_is_the_new_rows_own(twice):
    merged, kept = twice
    merge(merged, into=kept, by=None)
    again = build.source(key="report-2", title="Another report")

    article = citing("report-2")

    assert article.latest_revision.document["sources"][0]["uid"] == str(again.uid)


# What readers see


def test_live_pages_stay_as_they_are_until_they_are_published_again(twice, clock, client):
    merged, kept = twice
    kept.title = "The report"
    kept.save()
    article = citing("report-2")
    build.section(article, body="Both.[@report]")
    live = build.published(article)
    shown = client.get(f"/articles/{article.slug}.json").content

    clock.shift(HOUR)
    merge(merged, into=kept, by=None)

    assert client.get(f"/articles/{article.slug}.json").content == shown
    assert [one.is_old for one in showings(kept)] == [True]
    made = republish(live, kept, by=None, change_note="Two entries of a source became one.")
    assert [one["uid"] for one in made.revision.document["sources"]] == [str(kept.uid)]
    assert made.revision.document == read_document(article)
    assert not outdated(kept).exists()


def test_the_old_address_of_a_topic_leads_to_the_new_one(clock, client):
    topic, kept = build.topic(slug="treaties"), build.topic(slug="treaty")
    article = build.article()
    article.topics.set([topic])
    live = build.published(article)
    clock.shift(HOUR)
    merge(topic, into=kept, by=None)
    assert client.get("/topics/treaties/").status_code == 200

    republish(live, kept, by=None, change_note="Two topics became one.")

    answer = client.get("/topics/treaties/")
    assert (answer.status_code, answer["Location"]) == (301, "/topics/treaty/")
    assert client.get("/topics/treaty/").status_code == 200


def test_a_merge_that_no_reader_may_know_of_leads_nowhere(client):
    topic, kept = build.topic(slug="treaties"), build.topic(slug="treaty")
    merge(topic, into=kept, by=None)
    assert client.get("/topics/treaties/").status_code == 404


# The page


def test_an_editor_chooses_sees_what_changes_and_merges(client, twice):
    merged, kept = twice
    article = citing("report-2", title="The article")
    form_page = client.get(f"/admin/library/source/{merged.pk}/change/").content.decode()
    assert merge_address(merged) in form_page

    page = client.get(merge_address(merged), {"keep": "report"}).content.decode()
    assert "The article" in page
    assert "<code>[@report-2]</code> will cite <code>[@report]</code>" in page
    assert Source.objects.count() == 2

    done = desk.open_form(client, f"{merge_address(merged)}?keep=report").send(follow=True)

    assert "was merged into" in done.content.decode()
    assert done.redirect_chain[-1][0] == f"/admin/library/source/{kept.pk}/change/"
    assert article.latest_revision.number == 2


def test_and_is_led_to_the_live_pages_that_show_the_old_row(client, clock):
    topic, kept = build.topic(), build.topic()
    article = build.article()
    article.topics.set([topic])
    build.published(article)

    done = client.post(merge_address(topic), {"keep": kept.pk})

    assert done["Location"] == reverse("admin:articles_article_republish", args=["topic", kept.pk])
    assert not Topic.objects.filter(pk=topic.pk).exists()


@pytest.mark.parametrize("typed", ["", "nothing-there", "²", "9" * 30])
def test_nonsense_merges_nothing(client, twice, typed):
    merged, _kept = twice
    page = client.post(merge_address(merged), {"keep": typed})
    assert page.status_code == 200
    assert Source.objects.count() == 2


def test_a_row_is_not_merged_into_itself(client, twice):
    merged, _kept = twice
    page = client.post(merge_address(merged), {"keep": merged.key})
    assert "this is the one that is to be merged" in page.content.decode()


def test_who_may_not_delete_sources_merges_none(twice):
    merged, kept = twice
    rights = [right for right in build.WRITING if right != "delete_source"]
    client = desk.client_of(build.user("helper", *rights))

    assert client.get(merge_address(merged)).status_code == 403
    assert client.post(merge_address(merged), {"keep": kept.key}).status_code == 403
    page = client.get(f"/admin/library/source/{merged.pk}/change/").content.decode()
    assert merge_address(merged) not in page


def test_images_are_not_offered(client):
    image = build.image()
    assert client.get(merge_address(image)).status_code == 404


def test_the_page_asks_as_often_for_many_articles_as_for_one(client, twice):
    merged, _kept = twice
    citing("report-2")
    with CaptureQueriesContext(connection) as few:
        client.get(merge_address(merged), {"keep": "report"})
    for _ in range(5):
        citing("report-2")
    with CaptureQueriesContext(connection) as many:
        client.get(merge_address(merged), {"keep": "report"})

    assert len(many) == len(few)
