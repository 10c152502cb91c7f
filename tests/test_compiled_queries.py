"""Compiled queries: worked out once, and asked with other values each time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.db.models import CharField, DateTimeField, F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Publication
from comments.models import Comment, Transition
from publishing.compiled_queries import CompiledInsert, CompiledQuery, Given
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def live_at():
    def ask():
        live = Publication.objects.live(Given("at", DateTimeField()))
        found = live.filter(article__addresses__slug=Given("slug", CharField()))
        return found.annotate(present=F("article__addresses__is_current")).only("number")

    return CompiledQuery(ask)


def test_it_finds_what_the_query_would_with_other_values_each_time(live_at):
    one, other = build.published_article("one"), build.published_article("other")
    now = timezone.now()

    for article, slug in ((one, "one"), (other, "other"), (one, "one")):
        found = live_at.first(slug=slug, at=now)
        assert (found.article_id, found.number, found.present) == (article.pk, 1, True)
    assert live_at.first(slug="nobody", at=now) is None
    assert live_at.first(slug="one", at=now - timedelta(days=1)) is None


def test_it_is_built_once_and_asks_once(live_at):
    build.published_article("one")
    built = []
    build_it = live_at._build
    live_at._build = lambda: built.append(1) or build_it()

    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            live_at.first(slug="one", at=timezone.now())

    assert (len(built), len(queries)) == (1, 3)


def test_a_value_is_a_value_whatever_it_says(live_at):
    build.published_article("one")

    for hostile in ("one' OR '1'='1", "%s", "%(slug)s", "one;--", ""):
        assert live_at.first(slug=hostile, at=timezone.now()) is None


def test_a_value_that_is_missing_is_named(live_at):
    with pytest.raises(KeyError, match="slug"):
        live_at.first(at=timezone.now())


def test_fields_that_were_left_out_are_read_when_they_are_wanted(live_at):
    article = build.published_article("one")

    found = live_at.first(slug="one", at=timezone.now())

    assert "title" in found.get_deferred_fields()
    assert found.title == article.title


def test_an_inserted_row_is_the_one_that_saving_stores():
    comment = build.comment(build.published_article())
    at = timezone.now()
    values = {"comment": comment, "before": "", "after": "approved", "at": at, "reason": "%s 'x'"}
    inserted, saved = Transition(**values), Transition.objects.create(**values)

    CompiledInsert(Transition).insert(inserted)

    assert inserted.pk == saved.pk + 1
    assert not inserted._state.adding
    rows = Transition.objects.filter(pk__in=[inserted.pk, saved.pk])
    assert len(set(rows.values_list(*values, "by"))) == 1


def test_what_the_database_works_out_is_set_on_the_row():
    comment = build.comment(build.published_article())
    again = Comment.objects.get(pk=comment.pk)
    again.pk, again.fingerprint, again.path = None, None, ""

    CompiledInsert(Comment, {"path": lambda vendor: "%s || 'x'"}).insert(again, path="9")

    stored = Comment.objects.get(pk=again.pk)
    assert (again.path, stored.path, stored.body) == ("9x", "9x", comment.body)


def test_what_the_database_refuses_is_refused():
    comment = build.comment(build.published_article())
    nameless = Comment.objects.get(pk=comment.pk)
    nameless.pk, nameless.fingerprint, nameless.name = None, None, ""

    with pytest.raises(IntegrityError):
        CompiledInsert(Comment).insert(nameless)
