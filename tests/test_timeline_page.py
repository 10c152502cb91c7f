"""The site's timeline: counts beside its filters, what to loosen, years, one event, embedding."""

import json
import re

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.deeds import withdraw
from publishing.dates import day_number
from tests import build
from tests.date_strategies import unhurried
from timeline.filters import EventFilter
from timeline.models import Event, PublishedEvent
from timeline.years import year_spans

pytestmark = pytest.mark.django_db


def text(client, address: str, **more) -> str:
    response = client.get(address, more)
    assert response.status_code == 200
    return response.content.decode()


def options(page: str, name: str) -> list[str]:
    select = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)[0]
    return re.findall(r"<option[^>]*>\s*([^<]+?)\s*</option>", select)


@pytest.fixture
def relations():
    article = build.article("relations", title="Relations")
    article.topics.set([build.topic(name="Diplomacy", slug="diplomacy")])
    build.event(article, title="Caesar", date="-0043-03-15", kind="Death", actors=["Rome"])
    build.event(article, title="Recognition", date="1933-11-16", kind="Relations",
                actors=["United States", "Soviet Union"])  # fmt: skip
    build.event(article, title="Trade", date="1935", kind="Treaty", actors=["United States"])
    build.event(article, title="Talks", date="2025-02-18/..", kind="Talks", actors=["Russia"])
    build.published(article)
    return article


def titles(page: str) -> set[str]:
    return set(re.findall(r"<h2>([^<]+)</h2>", page))


# Counts


def test_each_choice_says_how_much_it_would_show(client, relations):
    page = text(client, "/timeline/")

    assert options(page, "kind") == [
        "All kinds", "Death (1)", "Relations (1)", "Talks (1)", "Treaty (1)",
    ]  # fmt: skip
    assert "United States (2)" in options(page, "actor")
    assert options(page, "topic") == ["All topics", "Diplomacy (4)"]
    assert options(page, "article") == ["All explainers", "Relations (4)"]


def test_counts_follow_the_other_filters_and_not_their_own(client, relations):
    page = text(client, "/timeline/?actor=United+States&kind=Treaty")

    assert "Relations (1)" in options(page, "kind")
    assert "Talks (0)" in options(page, "kind")
    assert "Soviet Union (0)" in options(page, "actor")
    assert "United States (1)" in options(page, "actor")


def test_a_long_list_of_actors_offers_the_most_frequent_and_the_chosen(client):
    article = build.article()
    for number in range(3):
        actors = [f"State {number}-{one:02d}" for one in range(60)]
        build.event(article, actors=[*actors, "Everybody"])
    build.published(article)

    page = text(client, "/timeline/?actor=State+2-59")

    offered = options(page, "actor")
    assert len(offered) == 151
    assert "State 2-59 (1)" in offered
    # Narrowed by the other filters only: there are none.
    assert "Everybody (3)" in offered


def test_periods_are_offered_with_their_counts(client, relations):
    page = text(client, "/timeline/")

    periods = re.findall(r">([^<>]+) <span class=\"count\">(\d+)</span>", page)
    assert periods == [("1000 BC–1 BC", "1"), ("1000–1999", "2"), ("2000–2999", "1")]
    assert "from=1000+BC&amp;to=1+BC" in page or "from=1000%20BC&amp;to=1%20BC" in page


days = st.one_of(st.none(), st.integers(-20_000, 740_000))


@unhurried
@given(st.lists(st.tuples(days, days), max_size=30))
def test_a_period_counts_all_that_touches_it(pairs):
    bounds = [pair if None in pair else tuple(sorted(pair)) for pair in pairs]

    for span in year_spans(bounds, (None, None)):
        first, last = day_number(span.first, 1, 1), day_number(span.last, 12, 31)
        touching = [
            pair
            for pair in bounds
            if (pair[0] is None or pair[0] <= last) and (pair[1] is None or pair[1] >= first)
        ]
        assert span.count == len(touching)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="few rows, another database reads all")
@pytest.mark.parametrize("query", ["", "?page=2", "?kind=Talks&from=1900"])
def test_events_are_counted_and_sorted_in_an_index_without_reading_their_rows(
    client, relations, settings, query
):
    settings.PAGE_CACHE = False
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/timeline/{query}")

    reading = [one["sql"] for one in captured if 'FROM "timeline_publishedevent"' in one["sql"]]
    assert len(reading) >= 6
    assert [
        sql for sql in reading if "COVERING INDEX published_event_listed" not in plan(sql)
    ] == []


def plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[-1] for row in cursor.fetchall())


def test_only_live_events_are_counted(client, relations):
    other = build.article()
    build.event(other, kind="Secret kind")
    build.published(other)
    withdraw(other, by=None)
    build.event(relations, kind="Draft kind")

    page = text(client, "/timeline/")

    assert "Secret kind" not in page
    assert "Draft kind" not in page


# Years


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ({"to": "44 BC"}, {"Caesar"}),
        ({"to": "44 B.C.E."}, {"Caesar"}),
        ({"to": "45 BC"}, set()),
        ({"from": "43 BC"}, {"Recognition", "Trade", "Talks"}),
        ({"from": "AD 1933", "to": "1933 CE"}, {"Recognition"}),
        ({"from": "-43", "to": "\N{MINUS SIGN}43"}, {"Caesar"}),
        ({"from": "1935", "to": "1933"}, {"Recognition", "Trade"}),
        ({"from": "2026"}, {"Talks"}),
    ],
)
def test_years_are_typed_as_people_write_them(client, relations, years, found):
    assert titles(text(client, "/timeline/", **years)) - {"No event fits all of that"} >= found
    shown = titles(text(client, "/timeline/", **years))
    assert shown & {"Caesar", "Recognition", "Trade", "Talks"} == found


@pytest.mark.parametrize("typed", ["last year", "0 BC", "AD 5 BC", "99999", "1917-1933", "1;--"])
def test_a_year_that_cannot_be_read_is_kept_and_said(client, relations, typed):
    page = text(client, "/timeline/", **{"from": typed})

    assert "Give the first year in figures" in page
    assert "Recognition" in titles(page)
    assert f'value="{typed}"' in page


# Words


@pytest.mark.parametrize("words", ["soviet", "1933", "recognition united", "“Soviet Union”"])
def test_words_find_title_date_and_who_acted(client, relations, words):
    assert "Recognition" in titles(text(client, "/timeline/", q=words))


@pytest.mark.parametrize("words", ["' OR 1=1", "%", "…", "a" * 500])
def test_hostile_words_find_nothing_and_break_nothing(client, relations, words):
    text(client, "/timeline/", q=words)


def test_the_index_of_words_is_asked_once_for_a_page_and_all_its_counts(client, relations):
    with CaptureQueriesContext(connection) as captured:
        client.get("/timeline/?q=soviet")
    asking = {"sqlite": " MATCH ", "postgresql": " @@ "}[connection.vendor]
    assert sum(asking in query["sql"] for query in captured.captured_queries) == 1


@pytest.mark.parametrize(
    ("query", "count"),
    [("kind=Treaty", 1), ("kind=Treaty&from=1936", 0), ("from=1930", 3), ("q=states&actor=Rome", 0),
     ("kind=Nothing", 4), ("kind=Death&q=caesar&actor=Rome", 1)],
)  # fmt: skip
def test_what_is_found_is_counted_beside_the_kinds_with_every_filter(
    client, relations, query, count
):
    page = text(client, f"/timeline/?{query}")
    assert f"{count} of 4 events" in page
    assert len(titles(page) - {"No event fits all of that"}) == count


@pytest.mark.parametrize(
    "query",
    ["q=united", "kind=Treaty", "topic=wars", "article=relations&from=1900", "topic=wars&q=one"],
)  # fmt: skip
def test_each_count_is_what_its_choice_shows_whatever_else_is_chosen(client, relations, query):
    other = build.article("other", title="Other")
    other.topics.set([build.topic(name="Wars", slug="wars"), *relations.topics.all()])
    for title, kind in (("One", "Treaty"), ("One more", ""), ("United", "Talks")):
        build.event(other, title=title, kind=kind, actors=["Rome", "Russia"][: len(kind) % 3])
    build.published(other)

    form = EventFilter(QueryDict(query), queryset=PublishedEvent.objects.live())
    form.count_choices()
    for name in EventFilter.facets:
        for value, label in form.form.fields[name].choices:
            if value:
                chosen = QueryDict(query, mutable=True)
                chosen[name] = value
                shown = EventFilter(chosen, queryset=PublishedEvent.objects.live()).qs.count()
                assert label.endswith(f" ({shown})"), (name, value)


def test_all_events_are_counted_beside_what_is_found_those_without_a_kind_too(client):
    article = build.article()
    for kind in ("Treaty", "", ""):
        build.event(article, kind=kind)
    build.published(article)

    assert "1 of 3 events" in text(client, "/timeline/?kind=Treaty")
    assert "0 of 3 events" in text(client, "/timeline/?q=nowhere")


# What to loosen


def test_no_results_say_without_which_filter_there_is_something(client, relations):
    page = text(client, "/timeline/?kind=Talks&actor=Rome&q=caesar")

    assert "Leave out one filter" in page
    assert 'href="/timeline/?actor=Rome&amp;q=caesar" data-filters>without Kind “Talks”' in page
    assert "without Who" not in page


def test_a_choice_that_nobody_has_is_named_in_a_sentence_and_the_others_still_count(
    client, relations
):
    page = text(client, "/timeline/?kind=Talks&actor=Nobody+%3Cb%3E")

    assert "There is no “Nobody &lt;b&gt;” to choose here." in page
    assert "Select a valid choice" not in page
    assert page.count('class="event-kind-name">Talks') == page.count('class="event-kind-name">') > 0


# One event


def test_an_event_has_an_address_of_its_own_that_stays(client, relations):
    uid = Event.objects.get(title="Recognition").uid
    address = f"/timeline/{uid}/"
    assert f'href="{address}"' in text(client, "/timeline/")
    relations.title = "Relations, again"
    relations.save()
    build.published(relations)

    page = text(client, address)

    assert ">Recognition</h1>" in page
    assert 'href="/articles/relations/#event-recognition"' in page
    assert f'rel="canonical" href="http://testserver{address}"' in page
    assert "from=1933&amp;to=1933" in page


def test_an_event_that_nobody_may_see_has_no_address(client, relations):
    draft = build.event(relations)
    seen = Event.objects.get(title="Trade")

    assert client.get(f"/timeline/{draft.uid}/").status_code == 404
    assert client.get(f"/timeline/{seen.uid}/").status_code == 200
    withdraw(relations, by=None)
    assert client.get(f"/timeline/{seen.uid}/").status_code == 404


# Elsewhere


def test_the_embedded_page_alone_may_be_framed(client, relations):
    embedded = client.get("/timeline/embed/?kind=Treaty")
    policy = embedded["Content-Security-Policy"]

    assert "X-Frame-Options" not in embedded
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "form-action 'none'" in policy
    assert titles(embedded.content.decode()) == {"Trade"}
    assert '<base target="_blank">' in embedded.content.decode()
    assert "masthead" not in embedded.content.decode()
    assert client.get("/timeline/")["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in client.get("/timeline/")["Content-Security-Policy"]


def test_the_snippet_embeds_what_is_chosen_and_is_shown_as_text(client, relations):
    page = text(client, "/timeline/?kind=Treaty&q=%22%3E%3Cscript%3E&page=1&evil=1")

    snippet = re.search(r"&lt;iframe src=.*?/iframe&gt;", page)[0]
    assert "http://testserver/timeline/embed/?kind=Treaty&amp;amp;q=%22%3E%3Cscript%3E" in snippet
    assert "evil" not in snippet
    assert "<script>&" not in page


def test_what_is_chosen_is_what_is_taken_away(client, relations):
    page = text(client, "/timeline/?kind=Treaty&from=&to=nonsense")

    assert 'href="/timeline.csv?kind=Treaty"' in page
    data = json.loads(text(client, "/timeline.json?kind=Treaty"))
    assert [one["title"] for one in data["events"]] == ["Trade"]


def test_a_page_of_thousands_of_events_stays_small(client):
    article = build.article()
    rows = [
        Event(article=article, title=f"Event {n}", date=str(1000 + n % 900), kind=f"Kind {n % 300}",
              text="It happened.", actors=[f"State {n}"], anchor=f"event-{n}")
        for n in range(1000)
    ]  # fmt: skip
    for row in rows:
        row._derive_bounds()
    Event.objects.bulk_create(rows)
    build.published(article)

    response = client.get("/timeline/", headers={"accept-encoding": "gzip"})

    assert len(response.content) < 20_000
