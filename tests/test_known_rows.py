"""Rows whose keys are known: publishing.known_rows."""

import pytest
from django.db.models import Count

from library.models import Topic
from publishing.known_rows import KnownRows
from tests import build

pytestmark = pytest.mark.django_db

# More than either database takes as single values of a statement.
MANY = range(1_000_000, 1_300_000)


@pytest.fixture
def topics():
    return [build.topic(name=name, slug=name.lower()) for name in ("Wars", "Roads", "Tolls")]


def test_rows_are_those_of_the_keys_also_counted_and_in_a_subselect(topics):
    wars, roads, _tolls = topics
    known = KnownRows([roads.pk, wars.pk, roads.pk])
    found = known.among(Topic.objects.all())
    assert set(found) == {wars, roads}
    assert set(known.among(Topic.objects.exclude(pk=wars.pk))) == {roads}
    assert found.count() == 2
    assert dict(found.order_by().values_list("slug").annotate(Count("pk"))) == {
        "wars": 1,
        "roads": 1,
    }
    assert set(Topic.objects.filter(pk__in=found.values("pk"))) == {wars, roads}


def test_keys_may_be_more_than_a_statement_has_values(topics):
    assert set(KnownRows([*MANY, topics[0].pk]).among(Topic.objects.all())) == {topics[0]}


def test_no_keys_are_no_rows(topics):
    assert not KnownRows([]).among(Topic.objects.all()).exists()
