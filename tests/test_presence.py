"""Who has an article open: colleagues, since when, how busy. One's own second tab is none."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from articles import presence
from articles.models import Presence
from articles.recording import record
from tests import build, desk

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 25, 14, 2, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(AT, tick=False) as frozen:
        yield frozen


@pytest.fixture
def article(clock):
    made = build.article()
    record(made, by=None)
    return made


@pytest.fixture
def anna():
    return build.user("anna", *build.WRITING, first_name="Anna", last_name="Petrova")


@pytest.fixture
def ben():
    return build.author("ben")


class Tab:
    """A tab of somebody's browser with a form open."""

    def __init__(self, user, article, url=""):
        self.user, self.client = user, desk.client_of(user)
        self.url = url or desk.address(article, "presence")
        self.page = str(uuid4())

    def beat(self, idle=0, **fields):
        sent = {"_account": self.user.pk, "_page": self.page, "_idle": idle, **fields}
        answer = self.client.post(self.url, sent)
        assert answer.status_code == 200, answer.content
        return [one["words"] for one in answer.json()["people"]]


def test_a_colleague_is_named_with_the_time_and_what_they_do(article, anna, ben, clock):
    assert Tab(anna, article).beat() == []
    assert Tab(ben, article).beat() == ["Anna Petrova has this open since 14:02, writing now."]


def test_an_idle_colleague_is_said_to_be_idle(article, anna, ben, clock):
    hers, his = Tab(anna, article), Tab(ben, article)
    hers.beat()
    clock.shift(timedelta(minutes=12))

    hers.beat(idle=90)
    assert his.beat() == ["Anna Petrova has this open since 14:02, active."]
    hers.beat(idle=12 * 60)
    assert his.beat() == ["Anna Petrova has this open since 14:02, idle for 12 minutes."]
    hers.beat(idle=3 * 3600)
    assert his.beat() == ["Anna Petrova has this open since 14:02, idle for 3 hours."]


def test_one_since_yesterday_has_its_day(article, anna, ben, clock):
    hers = Tab(anna, article)
    hers.beat()
    clock.shift(timedelta(days=1))
    hers.beat(idle=60)
    assert "since 25 November, 14:02" in Tab(ben, article).beat()[0]


def test_ones_own_second_tab_is_no_colleague(article, anna, clock):
    first, second = Tab(anna, article), Tab(anna, article)
    first.beat()
    assert second.beat() == ["You have this open in another tab."]


def test_one_page_is_never_told_of_itself(article, anna, clock):
    tab = Tab(anna, article)
    tab.beat()
    assert tab.beat() == []
    assert Presence.objects.count() == 1


def test_two_tabs_of_a_colleague_are_one_line(article, anna, ben, clock):
    Tab(anna, article).beat(idle=600)
    clock.shift(timedelta(seconds=30))
    Tab(anna, article).beat()
    assert Tab(ben, article).beat() == ["Anna Petrova has this open since 14:02, writing now."]


def test_a_tab_that_closes_is_gone_at_once(article, anna, ben, clock):
    hers, his = Tab(anna, article), Tab(ben, article)
    hers.beat()
    hers.beat(_leaving="1")
    assert his.beat() == []


def test_a_tab_that_falls_silent_is_gone_soon(article, anna, ben, clock):
    Tab(anna, article).beat()
    his = Tab(ben, article)
    clock.shift(timedelta(seconds=60))
    assert len(his.beat()) == 1
    clock.shift(timedelta(seconds=31))
    assert his.beat() == []


def test_nobody_leaves_for_somebody_else(article, anna, ben, clock):
    hers, his = Tab(anna, article), Tab(ben, article)
    hers.beat()
    his.page = hers.page
    his.beat(_leaving="1")
    assert Presence.objects.count() == 1


def test_old_ones_are_forgotten_when_somebody_leaves(article, anna, ben, clock):
    Tab(anna, article).beat()
    clock.shift(timedelta(days=2))
    Tab(ben, article).beat(_leaving="1")
    assert not Presence.objects.exists()


def test_an_event_that_is_open_shows_on_the_article_and_not_on_another_event(
    article, anna, ben, clock
):
    one, other = build.event(article), build.event(article)
    Tab(anna, article, f"/admin/timeline/event/{one.pk}/presence/").beat()

    assert Tab(ben, article, f"/admin/timeline/event/{other.pk}/presence/").beat() == []
    assert (
        "Anna Petrova has this open"
        in (Tab(ben, article, f"/admin/timeline/event/{one.pk}/presence/").beat()[0])
    )
    assert Tab(ben, article).beat() == [
        "Anna Petrova has a part of this open since 14:02, writing now."
    ]
    # Her own article's form does not warn her of her own event.
    assert "You have this open" not in "".join(Tab(anna, article).beat())


def test_the_form_says_it_from_the_first_moment_and_the_list_too(article, anna, ben, clock):
    Tab(anna, article).beat()
    his = desk.client_of(ben)

    assert (
        "Anna Petrova has this open since 14:02" in his.get(desk.address(article)).content.decode()
    )
    assert "Anna Petrova has it open" in his.get(desk.ARTICLES).content.decode()
    assert "has it open" not in desk.client_of(anna).get(desk.ARTICLES).content.decode()


def test_whoever_may_not_write_it_is_told_nothing(article, anna, clock):
    Tab(anna, article).beat()
    reader = build.user("reader", "view_article")
    client = desk.client_of(reader)
    sent = {"_account": reader.pk, "_page": str(uuid4())}

    assert client.post(desk.address(article, "presence"), sent).status_code == 403
    assert "Anna" not in client.get(desk.address(article)).content.decode()


def test_a_beat_takes_a_fixed_number_of_queries(
    article, anna, clock, django_assert_max_num_queries
):
    for number in range(10):
        user = build.author(f"colleague-{number}")
        presence.arrive(article, by=user, slot=f"articles.article/{article.pk}", page=str(uuid4()))
    tab = Tab(anna, article)
    with django_assert_max_num_queries(9):
        assert len(tab.beat()) == 10


@pytest.mark.parametrize("idle", ["", "-5", "9" * 30, "soon"])
def test_nonsense_is_no_mistake(article, anna, clock, idle):
    assert Tab(anna, article).beat(idle=idle) == []
