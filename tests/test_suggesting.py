"""Suggest a correction: the links, the form, what is stored, and what became of it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from articles.addressing import change_slug
from articles.deeds import withdraw
from articles.models import Publication
from articles.verifying import State, verify
from comments import moderating, suggesting
from comments.models import (
    LONGEST_ADDRESS,
    LONGEST_RIGHT,
    LONGEST_WRONG,
    Comment,
    Reader,
    Suggestion,
)
from comments.suggesting import MOST_IN_A_DAY, MOST_LATELY
from comments.tasks import KEPT_FOR, forget_networks
from tests import build, suggestions

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATA = {"Accept": "application/json"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    made = build.full_article("open")
    made.facts.all().delete()
    build.fact(made, characteristic="Embassy", value="Closed in *1934*.", anchor="embassy")
    build.published(made)
    return made


def only() -> Suggestion:
    return Suggestion.objects.get()


def publish_again(article, clock):
    """Publish the draft, a minute later."""
    clock.shift(timedelta(minutes=1))
    return build.published(article, change_note="Mended.")


# The links beside rows


def test_each_row_of_the_article_has_a_link_that_names_it(client, article):
    page = client.get("/articles/open/").text

    rows = article.publications.get().prepared["parts"]
    for name in ("facts", "sections", "timeline", "faq"):
        for row in rows[name]:
            assert f'href="/articles/open/suggest/?about={row["id"]}"' in page
    assert re.search(
        r'suggest/\?about=fact-embassy" rel="nofollow">Suggest a correction'
        r'<span class="visually-hidden"> to “Embassy”</span>',
        page,
    )


def test_past_versions_drafts_and_lists_have_no_such_links(client, article):
    build.published(article, change_note="Again.")

    for address in ("/articles/open/history/1/", "/timeline/", "/faq/"):
        assert "/suggest/" not in client.get(address).text


def test_the_links_are_not_printed():
    with open("static/css/print.css") as style:
        hidden = style.read().split("{ display: none; }")[0]
    assert ".row-links" in hidden


# The form


def test_the_page_shows_the_row_as_it_stands(client, article):
    page = client.get("/articles/open/suggest/?about=fact-embassy")

    assert page.status_code == 200
    assert "Closed in <em>1934</em>." in page.text
    assert 'name="about" value="fact-embassy"' in page.text
    assert 'href="/articles/open/#fact-embassy"' in page.text
    assert "noindex" in page.text
    assert not page.cookies


def test_without_a_row_the_page_asks_which(client, article):
    page = client.get("/articles/open/suggest/").text

    assert '<select name="about"' in page
    assert "The article as a whole" in page
    assert re.search(r'<option value="fact-embassy">\s*Embassy', page)


def test_an_unknown_anchor_is_as_none(client, article):
    assert '<select name="about"' in client.get("/articles/open/suggest/?about=fact-nowhere").text


def test_an_old_address_leads_to_the_present_one(client, article):
    change_slug(article, "moved", by=None)

    response = client.get("/articles/open/suggest/?about=fact-embassy")

    assert response.status_code == 301
    assert response["Location"] == "/articles/moved/suggest/?about=fact-embassy"


@pytest.mark.parametrize("path", ["suggest", "ask"])
def test_there_is_no_form_for_what_is_not_published(client, path):
    build.article("draft")

    assert client.get(f"/articles/draft/{path}/").status_code == 404
    assert client.post(f"/articles/draft/{path}/", {"text": "x"}).status_code == 404


# What is stored


def test_a_suggestion_for_the_editors_is_stored_and_leads_to_its_status(client, article):
    response = suggestions.suggest(client, article, about="fact-embassy")

    assert response.status_code == 303
    assert response["Cache-Control"] == "no-store"
    made = only()
    assert (made.kind, made.state, made.about, made.about_title) == (
        "correction",
        "new",
        "fact-embassy",
        "Embassy",
    )
    assert (made.text, made.right) == ("It closed in 1934.", "It closed in 1933.")
    assert made.source == "The archive, box 7, page 12"
    assert made.publication == article.publications.get()
    assert made.comment is None
    assert not Comment.objects.exists()
    token = suggestions.token_in(response["Location"])
    assert token not in (made.token_hash, made.fingerprint)
    status = client.get(response["Location"])
    assert status.status_code == 200
    assert status["Cache-Control"] == "no-store"
    assert "Your suggestion waits for an editor" in status.text
    assert "The editors only." in status.text


def test_a_public_one_is_a_comment_that_waits_as_any_other(client, article):
    response = suggestions.suggest(client, article, about="fact-embassy", audience="everybody")

    made = only()
    comment = Comment.objects.get()
    assert made.comment == comment
    assert comment.state == Comment.State.PENDING
    assert comment.about == "fact-embassy"
    assert comment.name == "Anna"
    for words in ("It closed in 1934.", "It closed in 1933.", "The archive, box 7, page 12"):
        assert words in comment.body
    assert "It closed in 1934." not in client.get("/articles/open/comments/").text

    token = suggestions.token_in(response["Location"])
    assert client.get(f"/comments/{comment.pk}/?token={token}").status_code == 200
    assert "Everybody, once its comment is approved" in client.get(response["Location"]).text


def test_its_comment_says_that_it_suggests_a_correction(client, article):
    suggestions.suggest(client, article, audience="everybody")
    other = build.comment(article)
    moderating.approve(Comment.objects.all(), by=None)
    comment = only().comment

    for address in ("/articles/open/", "/articles/open/comments/", f"/comments/{comment.pk}/"):
        page = client.get(address).text
        assert page.count("Suggests a correction") == 1, address
    assert "Suggests a correction" not in client.get(f"/comments/{other.pk}/").text


def test_where_comments_are_closed_it_goes_to_the_editors_only(client):
    article = build.article("closed", comments_open=False)
    build.published(article)

    page = client.get("/articles/closed/suggest/").text
    assert "Everybody, as a comment" not in page
    assert suggestions.suggest(client, article, audience="everybody").status_code == 422
    assert suggestions.suggest(client, article).status_code == 303


def test_an_address_is_kept_apart_and_shown_nowhere(client, article):
    response = suggestions.suggest(client, article, email="anna@reader.example")

    assert only().reader == Reader.objects.get(email="anna@reader.example")
    assert "anna@reader.example" not in client.get(response["Location"]).text


# What is refused loses nothing


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "  "}, "Say what is wrong."),
        ({"text": "x" * (LONGEST_WRONG + 7)}, "Shorten this by 7 characters"),
        ({"right": "x" * (LONGEST_RIGHT + 1)}, "Shorten this by 1 character"),
        ({"source": "x" * (LONGEST_ADDRESS + 2)}, "Shorten this by 2 characters"),
        ({"text": "a\x00b"}, "control characters"),
        ({"email": "nobody"}, "Write an e-mail address such as"),
        ({"credit": "loudly"}, "Choose one of these."),
        ({"audience": "nobody"}, "Choose one of these."),
        ({"name": "", "credit": "name"}, "Give the name to be credited with"),
        ({"name": "", "credit": "none", "audience": "everybody"}, "Give a name, any name"),
        ({"about": "fact-nowhere"}, "is not on this page, or not any more"),
    ],
)
def test_a_refused_form_says_why_and_keeps_what_was_typed(client, article, fields, sentence):
    response = suggestions.suggest(client, article, **{"about": "fact-embassy", **fields})

    assert response.status_code == 422
    assert sentence in response.text
    assert "It closed in 1933." in response.text or "right" in fields
    assert "The archive, box 7, page 12" in response.text or "source" in fields
    assert "Your suggestion was not sent" in response.text
    assert not Suggestion.objects.exists()


def test_a_row_of_another_article_is_refused(client, article):
    other = build.article("other")
    build.fact(other, anchor="theirs", characteristic="Theirs")
    build.published(other)

    assert suggestions.suggest(client, article, about="fact-theirs").status_code == 422
    assert suggestions.suggest(client, other, about="fact-theirs").status_code == 303


def test_from_another_site_nothing_is_taken_and_everything_is_given_back(client, article):
    response = suggestions.suggest(client, article, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert "It closed in 1934." in response.text
    assert "It closed in 1933." in response.text
    assert not Suggestion.objects.exists()


def test_a_program_that_fills_in_the_hidden_field_stores_nothing(client, article):
    response = suggestions.suggest(client, article, website="https://spam.example/")

    assert response.status_code == 303
    assert client.get(response["Location"]).status_code == 200
    assert not Suggestion.objects.exists()


def test_the_same_sent_twice_is_stored_once(client, article, clock):
    suggestions.suggest(client, article)

    again = suggestions.suggest(client, article)

    assert again.status_code == 303
    assert again["Location"].endswith("/suggest/?received")
    assert "We already have this suggestion" in client.get(again["Location"]).text
    assert Suggestion.objects.count() == 1
    clock.shift(timedelta(hours=2))
    assert "received" not in suggestions.suggest(client, article)["Location"]


def test_one_network_may_not_flood_the_desk(client, article, clock):
    for number in range(MOST_LATELY):
        assert suggestions.suggest(client, article, text=f"Wrong {number}").status_code == 303

    refused = suggestions.suggest(client, article, text="One more")
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "One more" in refused.text
    elsewhere = client.post(
        suggestions.suggest_page(article), suggestions.CORRECTION, REMOTE_ADDR="203.0.113.9"
    )
    assert elsewhere.status_code == 303

    for number in range(MOST_LATELY, MOST_IN_A_DAY):
        clock.shift(timedelta(minutes=11))
        assert suggestions.suggest(client, article, text=f"Wrong {number}").status_code == 303
    clock.shift(timedelta(minutes=11))
    assert suggestions.suggest(client, article, text="All day").status_code == 429
    clock.shift(timedelta(days=1))
    assert suggestions.suggest(client, article, text="Next day").status_code == 303


def test_the_network_is_forgotten_after_thirty_days(client, article, clock):
    suggestions.suggest(client, article)
    assert only().network

    clock.shift(KEPT_FOR + timedelta(minutes=1))
    forget_networks.call()

    assert (only().network, only().fingerprint) == ("", None)


def test_a_script_gets_the_same_as_data(client, article):
    refused = suggestions.suggest(client, article, text="", headers=DATA)
    assert refused.json()["errors"]["text"] == ["Say what is wrong."]

    taken = suggestions.suggest(client, article, headers=DATA)
    assert taken.status_code == 303
    assert client.get(taken.json()["url"], headers=DATA).json() == {"status": "new"}


# What became of it


@pytest.fixture
def status(client, article):
    """The address at which the writer of a suggestion sees what became of it."""
    return suggestions.suggest(client, article, about="fact-embassy")["Location"]


def test_only_its_token_opens_it(client, article, status):
    own = client.get(status)
    other = suggestions.suggest(client, article, text="Another")["Location"]
    mixed = status.split("?")[0] + "?" + other.split("?")[1]

    assert own.status_code == 200
    for forged in (status.split("?")[0], f"{status}x", mixed, status.split("?")[0] + "?token="):
        assert client.get(forged).status_code == 404
    forged = {"token": "forged", "withdraw": "yes"}
    assert client.post(status.split("?")[0], forged).status_code == 404
    assert only_open() == 2


def only_open() -> int:
    return Suggestion.objects.filter(state="new").count()


def test_it_is_not_there_while_the_article_is_withdrawn(client, article, status):
    withdraw(article, by=None)

    assert client.get(status).status_code == 404


def test_declined_with_a_reason_that_its_writer_reads(client, status):
    suggesting.decline(only(), by=None, turn=0, reply="The register says 1934.")

    page = client.get(status).text
    assert "The editors decided against it" in page
    assert "The register says 1934." in page
    assert "Your credit" not in page


def test_answered_before_it_is_decided(client, status):
    suggesting.answer(only(), by=None, turn=0, reply="Which box was that?")

    page = client.get(status).text
    assert "Your suggestion waits for an editor" in page
    assert "Which box was that?" in page


def test_accepted_says_next_version_and_never_when(client, article, status):
    suggestions.accepted(only())
    publication = build.published(
        article, change_note="Mended.", goes_live_at=NOON + timedelta(days=3)
    )

    page = client.get(status).text
    assert "Accepted: it will appear with the next version" in page
    assert "25 November" not in page
    assert publication.number == 2


def test_published_in_a_version_with_a_link_to_the_change(client, article, status, clock):
    suggestions.accepted(only())
    publish_again(article, clock)

    page = client.get(status).text
    assert "What you suggested led to a correction in version 2." in page
    assert 'href="/articles/open/history/2/changes/"' in page
    assert "Withdraw" not in page
    assert "Your credit" not in page
    change = client.get("/articles/open/history/2/changes/").text
    assert "It closed in 1934." in change


def test_a_scheduled_one_is_published_to_the_second(client, article, status, clock):
    suggestions.accepted(only())
    build.published(article, change_note="Mended.", goes_live_at=NOON + timedelta(hours=1))

    clock.move_to(NOON + timedelta(hours=1) - timedelta(seconds=1))
    assert "next version" in client.get(status).text
    clock.move_to(NOON + timedelta(hours=1))
    assert "led to a correction in version 2" in client.get(status).text


def test_taken_out_of_the_draft_again_it_waits_again(client, article, status):
    row = suggestions.accepted(only())
    row.delete()

    assert "Your suggestion waits for an editor" in client.get(status).text
    assert Suggestion.objects.waiting().get() == only()
    assert suggestions.accepted(only()).uid != row.uid
    assert not Suggestion.objects.waiting().exists()


# Credit, and withdrawing


def change(client, status, **fields):
    token = suggestions.token_in(status)
    return client.post(status.split("?")[0], {"token": token, **fields})


@pytest.mark.parametrize(
    ("credit", "words"), [("name", "Berta"), ("reader", "a reader"), ("none", "")]
)
def test_the_credit_is_changed_in_the_draft_too(client, article, status, credit, words, clock):
    row = suggestions.accepted(only())
    assert row.noticed_by == "Anna"
    revision = article.latest_revision.number

    assert change(client, status, credit=credit, name="Berta").status_code == 303

    row.refresh_from_db()
    assert row.noticed_by == words
    assert (row.right, row.corrected_on) == ("It closed in 1933.", date(2026, 11, 22))
    assert article.latest_revision.number == revision + 1
    publish_again(article, clock)
    page = client.get("/articles/open/").text
    assert page.count("Noticed by") == (2 if words else 1)
    assert f"Noticed by {words or 'A reader'}" in page
    assert "Anna" not in page


def test_the_credit_is_changed_in_what_is_scheduled_too(client, article, status, clock):
    suggestions.accepted(only())
    build.published(article, change_note="Mended.", goes_live_at=NOON + timedelta(hours=1))

    change(client, status, credit="reader", name="")

    clock.move_to(NOON + timedelta(hours=1))
    page = client.get("/articles/open/").text
    assert "Noticed by a reader" in page
    assert "Anna" not in page + client.get("/corrections/").text
    assert "Anna" not in client.get("/articles/open.json").text
    assert client.get("/articles/open/history/2/").status_code == 200
    assert {verdict.state for verdict in verify(article)} == {State.GOOD}


def test_the_credit_stays_once_it_is_published(client, article, status, clock):
    suggestions.accepted(only())
    publish_again(article, clock)

    assert change(client, status, credit="none", name="").status_code == 410
    assert "Noticed by Anna" in client.get("/articles/open/").text


def test_a_refused_change_of_credit_keeps_what_was_typed(client, status):
    response = change(client, status, credit="name", name="")

    assert response.status_code == 422
    assert "Give the name to be credited with" in response.text
    assert only().name == "Anna"


def test_withdrawn_its_words_are_gone_and_nobody_is_credited(client, article):
    status = suggestions.suggest(client, article, audience="everybody", email="a@reader.example")[
        "Location"
    ]
    moderating.approve(Comment.objects.all(), by=None)
    row = suggestions.accepted(only())
    assert "It closed in 1934." in client.get("/articles/open/comments/").text

    response = change(client, status, withdraw="yes")

    assert response.status_code == 303
    page = client.get(status).text
    assert "Your suggestion is withdrawn" in page
    assert "It closed in 1934." not in page
    gone = only()
    assert (gone.text, gone.right, gone.source, gone.name, gone.reader) == ("", "", "", "", None)
    assert Comment.objects.get().state == Comment.State.REMOVED
    assert "It closed in 1934." not in client.get("/articles/open/comments/").text
    row.refresh_from_db()
    assert row.noticed_by == ""
    assert change(client, status, withdraw="yes").status_code == 303


def test_withdrawing_is_too_late_once_it_is_published(client, article, status, clock):
    suggestions.accepted(only())
    publish_again(article, clock)

    assert change(client, status, withdraw="yes").status_code == 410
    assert only().text == "It closed in 1934."


def test_another_site_can_withdraw_nothing(client, status):
    token = suggestions.token_in(status)

    response = client.post(
        status.split("?")[0],
        {"token": token, "withdraw": "yes"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert response.status_code == 403
    assert only().state == Suggestion.State.NEW


def test_everything_of_a_reader_can_be_forgotten(client, article, clock):
    suggestions.suggest(client, article, email="anna@reader.example")
    published = only()
    suggestions.accepted(published)
    publish_again(article, clock)
    suggestions.suggest(client, article, text="Another", email="anna@reader.example")
    suggestions.suggest(client, article, text="Theirs", email="berta@reader.example")

    assert suggesting.forget_writer(Reader.objects.get(email="anna@reader.example")) == 2

    assert list(Suggestion.objects.order_by("pk").values_list("text", "name", "state")) == [
        ("It closed in 1934.", "", "accepted"),
        ("", "", "withdrawn"),
        ("Theirs", "Anna", "new"),
    ]
    assert Publication.objects.live().get().number == 2
