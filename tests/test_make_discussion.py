"""A discussion of any size, made to measure: it is what deeds would have made, and nothing else."""

import io
import random
from collections import Counter
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from comments.counting import recount_all
from comments.making import Maker
from comments.models import DEEPEST, Comment, Discussion
from tests import build
from tests.test_comments_states import assert_read_in_order

pytestmark = pytest.mark.django_db


def make(**options):
    out = io.StringIO()
    call_command("make_discussion", **{"comments": 3_000, "stdout": out, **options})
    return out.getvalue()


def indexes():
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Comment._meta.db_table)
    return {
        name: (one["index"], one["unique"], one["check"], one["foreign_key"])
        for name, one in found.items()
    }


def test_it_makes_as_many_as_asked_and_a_recount_finds_nothing():
    said = make()
    assert said.startswith("Comments made: 3,000, on 3 articles.")
    found = recount_all()
    assert (found.comments, found.mended) == (3_000, 0)
    largest, small, rest = Discussion.objects.order_by("pk")
    counts = Counter(Comment.objects.values_list("article", flat=True))
    assert [counts[one.pk] for one in (largest, small, rest)] == [1_500, 100, 1_400]


def test_it_is_as_a_real_one_would_be():
    make()
    rows = list(Comment.objects.order_by("pk"))
    assert {row.state for row in rows} == set(Comment.State)
    assert {row.depth for row in rows} == set(range(DEEPEST))
    by_key = {row.pk: row for row in rows}
    for row in rows:
        if row.parent_id:
            parent = by_key[row.parent_id]
            assert parent.article_id == row.article_id
            assert parent.created_at <= row.created_at
    assert any(row.about for row in rows)
    assert any(row.helpful for row in rows)
    assert {row.score > 0 for row in rows if row.helpful} == {True}
    assert_read_in_order(rows[0].article)
    # Mixed, as they would have come, and not one article after the other.
    assert len({row.article_id for row in rows[:200]}) == 3


def test_the_same_seed_makes_the_same():
    article = SimpleNamespace(article=SimpleNamespace(pk=1), publication=SimpleNamespace(pk=1))
    target = SimpleNamespace(**vars(article), count=500, anchors=("facts",))
    now = timezone.now()

    def rows(seed):
        return list(Maker([target], first=1, now=now, chance=random.Random(seed)).batches())

    assert rows(7) == rows(7)
    assert rows(7) != rows(8)


def test_indexes_and_constraints_are_there_again():
    before = indexes()
    make()
    assert indexes() == before


def test_the_next_comment_is_stored_behind_them(client):
    make()
    last = Comment.objects.order_by("-pk").first()
    assert build.comment(last.article).pk == last.pk + 1


def test_its_pages_are_shown(client):
    make()
    page = client.get("/articles/discussion-1/")
    assert page.status_code == 200
    assert "Reader " in page.content.decode()


def test_it_leaves_a_database_with_comments_alone_unless_told():
    build.comment(build.published_article("real"))
    with pytest.raises(CommandError, match="has comments"):
        make()
    assert Comment.objects.count() == 1
    make(although_there_are_comments=True)
    assert Comment.objects.count() == 3_001
    assert recount_all().mended == 0


def test_it_is_made_once():
    make()
    with pytest.raises(CommandError, match="made here already"):
        make(although_there_are_comments=True)


def test_too_few_are_refused():
    with pytest.raises(CommandError, match="At least 400 comments"):
        make(comments=20)
