"""The first page of the desk: what waits for whom, what needs a look, and how it goes."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.deeds import cancel, schedule, withdraw
from articles.models import Article, Fact
from articles.recording import record
from articles.reviewing import claim, submit
from comments.helpfulness import Helpfulness, unhelpful_articles
from comments.models import Feedback
from publishing.editing import first_page
from publishing.editing.first_page import Line, Tray, add_tray
from tests import build, desk

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
OLD = date(2026, 1, 1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def editor():
    return build.editor()


@pytest.fixture
def client(editor):
    return desk.client_of(editor)


def tray(client, name: str) -> str:
    """Return the words of a tray's own page."""
    response = client.get(f"/admin/desk/{name}/")
    assert response.status_code == 200
    return response.content.decode()


def answer(article: Article, helped: bool, count: int, at: datetime = NOON) -> None:
    Feedback.objects.bulk_create(
        Feedback(
            article=article,
            publication=article.publications.get(),
            helped=helped,
            created_at=at,
        )
        for _ in range(count)
    )


# Drafts


def test_my_drafts_are_those_i_wrote_in_and_nobody_elses(client, editor):
    record(build.article(title="Mine"), by=editor)
    record(build.article(title="Somebody else’s"), by=build.author())

    page = tray(client, "my-drafts")

    assert "Mine" in page
    assert "Somebody else’s" not in page


def test_a_draft_stays_mine_when_a_colleague_mends_a_comma(client, editor):
    article = build.article(title="Mine")
    record(article, by=editor)
    article.summary = "Mended."
    article.save()
    record(article, by=build.author())

    assert "Mine" in tray(client, "my-drafts")


def test_what_readers_see_whole_is_no_draft_and_what_they_see_in_part_is(client, editor):
    article = build.article(title="Mine")
    build.published(article, by=editor)
    assert "Mine" not in tray(client, "my-drafts")

    article.summary = "Said anew."
    article.save()
    record(article, by=editor)

    page = tray(client, "my-drafts")
    assert "Mine" in page
    assert "Live, with unpublished changes" in page


# Reviewing


def test_what_i_may_review_waits_until_somebody_else_claims_it(client, editor):
    article = build.article(title="Submitted")
    asked = submit(record(article, by=None), by=None, due_on=date(2026, 11, 27))
    assert "nobody reviews it yet, due on 27 November 2026" in tray(client, "to-review")

    claim(asked, by=editor)
    assert "you are reviewing it" in tray(client, "to-review")
    assert desk.address(article, "reviewing") in tray(client, "to-review")

    other = desk.client_of(build.editor("other"))
    assert "Submitted" not in tray(other, "to-review")


def test_somebody_who_may_not_review_has_no_such_tray():
    author = desk.client_of(build.author())
    assert author.get("/admin/desk/to-review/").status_code == 404


# Going live


def test_what_goes_live_soon_is_listed_the_next_first(client):
    for title, days in (("Later", 3), ("Sooner", 1), ("Cancelled", 2)):
        publication = schedule(
            record(build.article(title=title), by=None),
            goes_live_at=NOON + timedelta(days=days),
            by=None,
            change_note="Soon.",
        )
    cancel(publication, by=None)

    page = tray(client, "going-live")

    assert page.index("Sooner") < page.index("Later")
    assert "Cancelled" not in page


# Comments


def test_comments_that_wait_are_counted_and_lead_to_their_page(client):
    article = build.published_article(title="Relations")
    waiting = build.comment(article, state="pending", name="Ada")
    build.comment(article, name="Approved")

    page = client.get("/admin/").content.decode()

    assert f"/admin/comments/comment/{waiting.pk}/change/" in page
    assert "Approved:" not in page


def test_somebody_who_may_not_see_comments_sees_no_tray_of_them():
    build.comment(build.published_article(), state="pending", name="Ada")
    client = desk.client_of(build.author())

    assert "Ada" not in client.get("/admin/").content.decode()
    assert client.get("/admin/desk/comments-waiting/").status_code == 404
    assert client.get("/admin/desk/my-drafts/").status_code == 200


# What needs a look


def test_a_review_that_is_due_is_shown_and_one_far_off_is_not(client):
    build.article(title="Overdue", review_due_on=date(2026, 11, 1))
    build.article(title="Due soon", review_due_on=date(2026, 12, 9))
    build.article(title="Far off", review_due_on=date(2026, 12, 10))

    page = tray(client, "reviews-due")

    assert "Overdue since 1 November 2026" in page
    assert "Due on 9 December 2026" in page
    assert "Far off" not in page


@pytest.mark.parametrize(
    ("as_of", "is_old"), [(date(2026, 5, 28), True), (date(2026, 5, 29), False)]
)
def test_a_fact_is_old_when_the_page_says_so(client, settings, as_of, is_old):
    settings.STALE_AFTER_DAYS = 180
    article = build.article("relations")
    build.fact(article, characteristic="Embassy", as_of=as_of)
    build.published(article)

    assert ("Embassy" in tray(client, "old-facts")) == is_old
    shown = client.get("/articles/relations/").content.decode()
    assert ("Due for a check" in shown) == is_old


def test_of_several_values_only_the_newest_can_be_old(client):
    article = build.article()
    build.fact(article, characteristic="Embassy", as_of=OLD)
    build.fact(article, characteristic="Embassy", as_of=NOON.date())
    build.published(article)

    assert "Embassy" not in tray(client, "old-facts")


def test_old_events_and_answers_are_shown_with_a_way_to_their_forms(client):
    article = build.article()
    event = build.event(article, title="Talks", as_of=OLD)
    question = build.question(article, question="Is it open?", as_of=OLD)
    build.event(article, title="Undated")
    build.published(article)

    assert f"/admin/timeline/event/{event.pk}/change/" in tray(client, "old-events")
    assert "Undated" not in tray(client, "old-events")
    assert f"/admin/faq/question/{question.pk}/change/" in tray(client, "old-answers")


def test_drafts_and_withdrawn_articles_grow_old_unseen(client):
    draft = build.article()
    build.fact(draft, characteristic="In a draft", as_of=OLD)
    withdrawn = build.article()
    build.fact(withdrawn, characteristic="Withdrawn", as_of=OLD)
    build.published(withdrawn)
    withdraw(withdrawn, by=None)

    page = tray(client, "old-facts")

    assert "In a draft" not in page
    assert "Withdrawn" not in page


def test_a_fact_leads_to_its_very_field(client):
    article = build.article()
    fact = build.fact(article, as_of=OLD)
    build.published(article)

    assert f"{desk.address(article)}#row-{fact.uid}-as_of" in tray(client, "old-facts")


def test_an_article_that_does_not_help_is_shown_with_its_share(client):
    good, bad = build.published_article(title="Good"), build.published_article(title="Bad")
    answer(good, True, 90)
    answer(good, False, 10)
    answer(bad, True, 5)
    answer(bad, False, 15)

    page = tray(client, "unhelpful")

    assert "Bad" in page
    assert "helped 5 of 20 readers (25%); the site: 79%" in page
    assert "Good" not in page


def test_few_answers_and_old_ones_put_no_article_on_the_list():
    good, bad = build.published_article(), build.published_article()
    answer(good, True, 90)
    answer(bad, False, 9)
    answer(bad, False, 50, at=NOON - timedelta(days=91))

    assert unhelpful_articles() == []

    answer(bad, False, 1)
    assert [one.article for one in unhelpful_articles()] == [bad]


def test_a_share_that_chance_explains_is_left_alone():
    """Six of ten, where the site has seven of ten, may be chance."""
    site, other = build.published_article(), build.published_article()
    answer(site, True, 70)
    answer(site, False, 30)
    answer(other, True, 6)
    answer(other, False, 4)

    assert unhelpful_articles() == []


def test_the_interval_is_wilsons():
    assert Helpfulness(10, 5).upper == pytest.approx(0.7634, abs=1e-4)
    assert Helpfulness(0, 0).upper == 1


# Other apps' trays


def test_any_app_may_put_a_tray_on_the_desk(client, monkeypatch):
    monkeypatch.setattr(first_page, "_trays", dict(first_page._trays))
    add_tray(
        Tray(
            name="broken-sources",
            title="Broken sources",
            order=50,
            rows=lambda request: ["The archive"] * 9,
            line=lambda words: Line(words, "/admin/", "404"),
            needs_a_look=True,
        )
    )

    page = client.get("/admin/").content.decode()

    assert "Broken sources" in page
    assert "See all 9" in page
    assert tray(client, "broken-sources").count("The archive") == 9


def test_an_unknown_tray_is_404(client):
    assert client.get("/admin/desk/nothing/").status_code == 404


# Charts


def test_publications_and_comments_are_drawn_by_week_and_told_in_a_table(client, clock):
    clock.move_to(NOON - timedelta(weeks=1))
    article = build.published_article()
    build.comment(article)
    clock.move_to(NOON)
    build.published_article()
    build.published_article()

    page = client.get("/admin/").content.decode()

    assert "Most: 2 publications (23 Nov 2026)." in page
    assert '<th scope="row">16 Nov 2026</th><td>1 publication</td>' in page
    assert '<th scope="row">16 Nov 2026</th><td>1 comment</td>' in page
    assert page.count("<rect") == 2 * 26
    assert "style=" not in page[page.index("desk-first") : page.index("</main>")]


def test_how_an_article_does_is_drawn_by_month(client):
    article = build.published_article()
    answer(article, True, 3)
    answer(article, False, 1)
    answer(article, False, 2, at=NOON - timedelta(days=31))

    page = client.get(desk.address(article, "doing")).content.decode()

    assert "helped 3 of 4 readers (75%)" in page
    assert "helped 0 of 2 readers (0%)" in page
    assert "no answers" in page


def test_how_an_article_does_is_for_those_who_may_see_feedback():
    article = build.published_article()
    answer(article, True, 3)

    page = desk.client_of(build.author()).get(desk.address(article, "doing"))

    assert page.status_code == 200
    assert "helped 3" not in page.content.decode()
    stranger = desk.client_of(build.stranger())
    assert stranger.get(desk.address(article, "doing")).status_code == 403


# All of it


def test_an_empty_desk_says_so(client):
    page = client.get("/admin/").content.decode()

    assert "Nothing." in page
    assert "There is no explainer yet." in page


def test_a_stranger_is_told_that_there_are_no_rights():
    page = desk.client_of(build.stranger()).get("/admin/").content.decode()

    assert "Your account has no rights at the desk yet." in page


def test_the_number_of_queries_does_not_grow(client, editor):
    def fill(count: int) -> None:
        for number in range(count):
            article = build.article(review_due_on=OLD)
            build.fact(article, as_of=OLD)
            build.event(article, as_of=OLD)
            build.question(article, as_of=OLD)
            build.published(article, by=editor)
            build.comment(article, state="pending")
            answer(article, number % 2 == 0, 12)
            article.title = f"Anew {number}"
            article.save()
            record(article, by=editor)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/admin/").status_code == 200
        return len(captured)

    fill(1)
    asked()
    few = asked()
    fill(15)

    assert asked() == few
    assert Fact.objects.count() > 30
