"""The audit log: every deed that matters is in it, for those who may read it, and stays."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.addressing import change_slug
from articles.deeds import cancel, expire, publish, schedule, withdraw
from articles.models import AuditEntry
from articles.models.audit import WrittenOnce
from articles.recording import record
from articles.redacting import redact
from articles.restoring import import_document, restore
from articles.reviewing import record_review
from comments.moderating import approve
from tests import build, desk

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/auditentry/"


@pytest.fixture
def editor():
    return build.editor("edith")


@pytest.fixture
def article():
    return build.article("one", title="One")


def last() -> AuditEntry:
    return AuditEntry.objects.first()


def said() -> tuple:
    entry = last()
    return entry.deed, entry.user_name, entry.revision, entry.version


def test_publishing_says_who_and_from_which_revision(article, editor):
    record(article, by=editor)
    article.title = "Two"
    article.save()

    build.published(article, by=editor)

    assert said() == ("published", "edith", 2, 1)
    assert last().article_uid == article.uid
    assert timezone.now() - last().at < timedelta(minutes=1)


def test_scheduling_says_for_when_and_cancelling_what(article, editor):
    moment = timezone.now() + timedelta(days=1)
    publication = schedule(
        record(article, by=None), goes_live_at=moment, by=editor, change_note="Soon."
    )
    assert said() == ("scheduled", "edith", 1, 1)
    assert last().details == {"goes_live_at": moment.isoformat()}

    cancel(publication, by=editor)
    assert last().deed == "cancelled"
    assert last().details == {"goes_live_at": moment.isoformat()}


def test_withdrawing_and_ending(article, editor):
    publication = build.published(article)
    moment = timezone.now() + timedelta(days=1)
    expire(publication, at=moment, by=editor)
    assert said() == ("set-end", "edith", 1, 1)

    withdraw(article, by=editor, keep_history=True)
    assert last().deed == "withdrew"
    assert last().details == {"keep_history": True}


def test_restoring_importing_and_changing_the_address(article, editor):
    first = record(article, by=None)
    article.title = "Two"
    article.save()
    record(article, by=None)

    restore(first, by=editor)
    assert said() == ("restored", "edith", 3, None)
    assert last().details == {"restored": 1}

    import_document(first.document, by=None)
    assert said() == ("imported", "", 3, None)

    change_slug(article, "two", by=editor)
    assert last().details == {"old": "one", "new": "two"}


def test_reviewing_and_redacting(article, editor):
    revision = record(article, by=None)
    record_review(
        revision,
        person=build.person(),
        reviewed_on=timezone.localdate(),
        checked="All of it.",
        by=editor,
    )
    assert said() == ("reviewed", "edith", 1, None)

    publish(revision, by=None, change_note="Out.")
    redact(article, passages=["One"], reason="A court.", by=editor)
    assert last().details == {"revisions": [1], "versions": [1]}
    assert "One" not in str(list(AuditEntry.objects.values_list()))


def test_deciding_about_comments_names_them_and_no_word_of_them(article, editor):
    build.published(article)
    said_by_readers = [build.comment(article, state="pending", body="Unmistakable.") for _ in "12"]

    approve(said_by_readers, by=editor)

    assert (last().deed, last().article_uid) == ("decided-comments", article.uid)
    assert last().details == {
        "state": "approved",
        "comments": [one.pk for one in said_by_readers],
    }
    before = AuditEntry.objects.count()
    approve(said_by_readers, by=editor)  # decided already
    assert AuditEntry.objects.count() == before


def test_changing_accounts_and_groups():
    chief = desk.client_of(build.user("chief", is_superuser=True))
    groups = "/admin/auth/group/"
    chief.post(f"{groups}add/", {"name": "Night desk"})
    assert (last().deed, last().user_name) == ("changed-accounts", "chief")
    assert last().details == {"kind": "group", "added": ["Night desk"]}

    group = Group.objects.get(name="Night desk")
    chief.post(f"{groups}{group.pk}/change/", {"name": "Day desk"})
    assert last().details == {"kind": "group", "changed": ["Day desk"]}

    chief.post(f"{groups}{group.pk}/delete/", {"post": "yes"})
    assert last().details == {"kind": "group", "deleted": ["Day desk"]}


def test_a_deed_that_was_refused_leaves_no_entry(article, editor):
    before = AuditEntry.objects.count()
    with pytest.raises(Exception, match="Say what changed"):
        publish(record(article, by=None), by=editor, change_note="")
    assert AuditEntry.objects.count() == before


def test_deleting_an_explainer_leaves_its_entry(article, editor):
    client = desk.client_of(editor)
    assert client.post(desk.address(article, "delete"), {"post": "yes"}).status_code == 302

    assert (last().deed, last().article_uid) == ("deleted", article.uid)
    assert (
        "deleted since"
        in desk.client_of(build.user("reader", "view_auditentry")).get(LIST).content.decode()
    )


def test_nobody_changes_or_deletes_an_entry(article):
    entry = last()
    entry.user_name = "nobody"
    with pytest.raises(WrittenOnce):
        entry.save()
    with pytest.raises(WrittenOnce):
        entry.delete()
    with pytest.raises(WrittenOnce):
        AuditEntry.objects.update(user_name="nobody")
    with pytest.raises(WrittenOnce):
        AuditEntry.objects.all().delete()
    assert AuditEntry.objects.get(pk=entry.pk).user_name == ""


def test_an_administrator_reads_the_log_and_others_do_not(article, editor):
    build.published(article, by=editor)
    reader = desk.client_of(build.user("reader", "view_auditentry"))

    page = reader.get(LIST).content.decode()

    assert "Published" in page
    assert "edith" in page
    assert "revision 1, version 1" in page
    assert reader.get(f"{LIST}add/").status_code == 403
    assert reader.post(f"{LIST}{last().pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.client_of(editor).get(LIST).status_code == 403


def test_the_log_of_one_article_and_of_one_kind_of_deed(article, editor):
    other = build.published_article("other", title="Another")
    build.published(article, by=editor)
    reader = desk.client_of(build.user("reader", "view_auditentry", "view_article"))

    page = reader.get(f"{LIST}?article={other.uid}").content.decode()
    assert "edith" not in page
    assert "Another" in page
    assert "Another" not in reader.get(f"{LIST}?article={article.uid}").content.decode()
    assert "Another" not in reader.get(f"{LIST}?deed=withdrew").content.decode()
    assert reader.get(f"{LIST}?article=nonsense").status_code == 200


def test_the_list_costs_the_same_with_many_entries(article, editor, django_assert_num_queries):
    reader = desk.client_of(build.user("reader", "view_auditentry"))
    with CaptureQueriesContext(connection) as few:
        reader.get(LIST)
    for number in range(30):
        change_slug(article, f"address-{number}", by=editor)
    with django_assert_num_queries(len(few)):
        reader.get(LIST)
