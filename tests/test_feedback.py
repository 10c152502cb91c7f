"""Did this article help you? The answer, what a reader adds, and what is stored of it."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.db import IntegrityError

from articles.addressing import change_slug
from articles.deeds import publish, schedule, withdraw
from articles.recording import record
from comments import feedback as answers
from comments.limits import MOST_FEEDBACK
from comments.models import Feedback, Suggestion
from publishing.stamps import article_stamp, comments_stamp, tokens
from tests import build

pytestmark = pytest.mark.django_db

ADDRESS = "/articles/open/feedback/"
DATA = {"Accept": "application/json"}
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TYPED = answers.TOO_YOUNG


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def article(clock):
    return build.published_article("open")


@pytest.fixture(autouse=True)
def people_may_be_quick(monkeypatch):
    """The clock stands still, and most of these tests are not about how long anybody typed."""
    monkeypatch.setattr(answers, "TOO_YOUNG", timedelta())


def say(client, helped="no", **fields):
    return client.post(ADDRESS, {"helped": helped, **fields})


def given_in(response):
    return parse_qs(urlsplit(response["Location"]).query)["given"][0]


def explain(client, given, headers=None, **fields):
    return client.post(ADDRESS, {"given": given, **fields}, headers=headers)


def stored():
    return list(Feedback.objects.order_by("pk").values_list("helped", "reason", "text"))


# Yes or no


def test_the_page_asks_with_two_buttons_in_one_form(client):
    page = client.get("/articles/open/").text
    panel = page[page.index('id="feedback"') : page.index('id="comments"')]

    assert f'action="{ADDRESS}" method="post"' in panel
    assert 'name="helped" value="yes"' in panel
    assert 'name="helped" value="no"' in panel
    assert panel.count("<form") == 1


@pytest.mark.parametrize(("answer", "helped"), [("yes", True), ("no", False)])
def test_an_answer_is_stored_and_followed_by_a_question(client, article, answer, helped):
    response = say(client, answer)

    assert response.status_code == 303
    assert response["Cache-Control"] == "no-store"
    given = Feedback.objects.get()
    assert given.helped is helped
    assert given.publication == article.publications.get()
    assert given.article == article
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "<title>Thank you" in page.text
    assert re.search(r"<h1[^>]*data-focus>Thank you\.", page.text)
    assert 'type="radio"' in page.text


def test_an_answer_is_about_the_version_that_was_read(client, article, clock):
    clock.shift(timedelta(hours=1))
    article.title = "Anew"
    article.save()
    second = publish(record(article, by=None), by=None, change_note="Anew.")

    say(client)
    say(client, version="1")

    # One from a page that says nothing of its version, one from a page that was open since.
    first = article.publications.get(number=1)
    assert [one.publication for one in Feedback.objects.order_by("pk")] == [second, first]


@pytest.mark.parametrize("version", ["2", "77", "0", "-1", "1 OR 1", "٣", "9" * 40, ""])
def test_a_version_that_is_not_there_or_not_yet_counts_for_the_live_one(client, article, version):
    schedule(
        record(article, by=None),
        goes_live_at=NOON + timedelta(days=1),
        by=None,
        change_note="Later.",
    )

    say(client, version=version)

    assert Feedback.objects.get().publication.number == 1


def test_the_page_says_which_version_it_asks_about(client, article, clock):
    clock.shift(timedelta(hours=1))
    build.published(article, change_note="Anew.")

    assert '<input type="hidden" name="version" value="2">' in client.get("/articles/open/").text


def test_an_answer_changes_no_page(client, article):
    keys = [article_stamp(article.uid), comments_stamp(article.uid)]
    before = tokens(keys)

    explain(client, given_in(say(client)), text="Words")

    assert tokens(keys) == before


def test_what_readers_answer_is_on_no_page(client):
    explain(client, given_in(say(client)), text="For the editors only")

    for address in ("/articles/open/", "/articles/open/comments/", f"{ADDRESS}?thanks", "/"):
        assert "For the editors only" not in client.get(address).text


@pytest.mark.parametrize("answer", ["", "maybe", "YES", "1"])
def test_neither_yes_nor_no_is_asked_again(client, answer):
    response = say(client, answer)

    assert response.status_code == 422
    assert "<title>Your answer did not arrive" in response.text
    assert 'name="helped" value="yes"' in response.text
    assert stored() == []
    assert client.post(ADDRESS, {}, headers=DATA).json() == {
        "errors": {"helped": ["Answer yes or no."]}
    }


def test_a_script_gets_the_same_outcome_as_data(client):
    response = client.post(ADDRESS, {"helped": "yes"}, headers=DATA)

    assert response.status_code == 303
    assert response.json() == {"status": "thanks", "url": response["Location"]}
    assert client.get(response["Location"], headers=DATA).json() == {"status": "thanks"}


# Once


def test_a_double_click_counts_once(client):
    first, second = say(client, "yes"), say(client, "yes")

    assert first["Location"] == second["Location"]
    assert stored() == [(True, "", "")]


def test_another_answer_within_ten_minutes_takes_the_place_of_the_first(client, clock):
    say(client, "yes")
    clock.shift(timedelta(minutes=9, seconds=59))
    say(client, "no")

    assert stored() == [(False, "", "")]


def test_after_ten_minutes_it_may_be_another_reader(client, clock):
    say(client, "yes")
    clock.shift(timedelta(minutes=10))
    say(client, "no")

    assert stored() == [(True, "", ""), (False, "", "")]


def test_an_answer_with_words_is_never_replaced(client):
    explain(client, given_in(say(client, "no")), reason="wrong", text="The year")

    say(client, "yes")

    assert stored() == [(False, "wrong", "The year"), (True, "", "")]


def test_another_network_and_another_version_are_other_readers(client, article, clock):
    say(client)
    client.defaults["REMOTE_ADDR"] = "198.51.100.7"
    say(client)
    clock.shift(timedelta(minutes=1))
    publish(_changed(article), by=None, change_note="Anew.")
    say(client)

    assert len(stored()) == 3


def _changed(article):
    article.title = "Anew"
    article.save()
    return record(article, by=None)


def test_two_clicks_at_the_same_moment_count_once(article, monkeypatch):
    """The second has looked before the first was stored, and is stopped by the row."""
    publication = article.publications.get()
    first = answers.give(publication, helped=True, network="n")
    replace, looks = answers._replace, iter([False, True])
    monkeypatch.setattr(answers, "_replace", lambda *args: replace(*args) if next(looks) else None)

    second = answers.give(publication, helped=False, network="n")

    assert second == first
    assert stored() == [(False, "", "")]


def test_the_database_keeps_one_answer_from_being_stored_twice(article):
    publication = article.publications.get()
    fields = {"article": article, "publication": publication, "helped": True, "created_at": NOON}
    Feedback.objects.create(**fields, fingerprint="the same")

    with pytest.raises(IntegrityError):
        Feedback.objects.create(**fields, fingerprint="the same")


# More than yes or no


def test_a_reader_may_say_why(client):
    given = given_in(say(client, "no"))

    response = explain(
        client, given, reason="out-of-date", text="The ambassador\r\nhas changed. <b>"
    )

    assert response.status_code == 303
    assert response["Location"] == f"{ADDRESS}?thanks"
    assert stored() == [(False, "out-of-date", "The ambassador\nhas changed. <b>")]
    page = client.get(response["Location"])
    assert 'name="reason"' not in page.text
    assert "<form" not in page.text.partition("<main")[2]
    assert page["Cache-Control"] == "no-store"


def test_every_reason_can_be_chosen_or_none(client):
    given = given_in(say(client))
    page = client.get(f"{ADDRESS}?given={given}").text

    assert re.findall(r'type="radio" name="reason" value="([^"]*)"', page) == list(
        Feedback.Reason.values
    )
    assert explain(client, given).status_code == 303
    assert stored() == [(False, "", "")]


def test_what_is_wrong_is_shown_with_what_was_typed(client):
    given = given_in(say(client))

    response = explain(client, given, reason="nonsense", text="x" * 601)

    assert response.status_code == 422
    assert "<title>Your words were not sent" in response.text
    assert (
        '<a href="#feedback-text">Shorten this by 1 character: at most 600 fit.</a>'
        in response.text
    )
    assert '<a href="#feedback-reason">Choose one of these, or none.</a>' in response.text
    assert "x" * 601 in response.text
    assert given in response.text
    assert stored() == [(False, "", "")]
    assert explain(client, given, headers=DATA, text="\x07")["Cache-Control"] == "no-store"
    assert set(explain(client, given, headers=DATA, text="\x07x").json()["errors"]) == {"text"}


def test_six_hundred_characters_fit_whatever_the_browser_ends_lines_with(client):
    explain(client, given_in(say(client)), text="\r\n".join(["x"] * 300) + "y")

    assert stored()[0][2] == "\n".join(["x"] * 300) + "y"
    assert len(stored()[0][2]) == 600


def test_what_was_said_can_be_said_better(client):
    given = given_in(say(client))
    explain(client, given, text="Firts")

    explain(client, given, text="First")

    assert stored() == [(False, "", "First")]


def test_nobody_adds_to_the_answer_of_another(client):
    say(client)
    pk = Feedback.objects.get().pk

    for forged in (str(pk), f"{pk}-no:x", f"{pk}-no:", "", ":", "\N{SNOWMAN}"):
        response = explain(client, forged, text="Not mine")
        assert response.status_code == 400
        assert "Not mine" in response.text
        assert client.get(ADDRESS, {"given": forged}).status_code == 404
    assert stored() == [(False, "", "")]


def test_an_answer_about_one_article_is_not_added_to_at_another(client):
    build.published_article("other")
    given = given_in(say(client))

    client.post("/articles/other/feedback/", {"given": given, "text": "Misplaced"})

    assert stored() == [(False, "", "")]


# Programs, and too many


def test_what_fills_in_the_hidden_field_gets_the_same_thanks_and_is_not_stored(client):
    response = say(client, "yes", website="https://spam.example")

    assert response.status_code == 303
    assert stored() == []
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "Thank you." in page.text
    after = explain(client, given_in(response), text="Buy", website="https://spam.example")
    assert after["Location"] == f"{ADDRESS}?thanks"
    assert stored() == []


def test_a_program_that_says_what_is_missing_gets_the_same_thanks_as_well(client):
    told = explain(client, given_in(say(client)), reason="missing", text="Who carried it?")
    trapped = say(client, website="https://spam.example")

    fields = {"reason": "missing", "text": "Buy", "website": "https://spam.example"}
    after = explain(client, given_in(trapped), **fields)

    assert after["Location"] == told["Location"]
    assert [text for _helped, _reason, text in stored()] == ["Who carried it?"]


def test_the_hidden_field_is_hidden_from_everybody(client):
    page = client.get("/articles/open/").text
    trap = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?</div>', page)[0]

    assert 'name="website"' in trap
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap


def test_words_sent_sooner_than_people_type_get_the_same_thanks_and_are_not_stored(
    client, clock, monkeypatch
):
    monkeypatch.setattr(answers, "TOO_YOUNG", TYPED)
    given = given_in(say(client))
    clock.shift(TYPED - timedelta(milliseconds=10))

    response = explain(client, given, reason="wrong", text="Buy now")

    assert response["Location"] == f"{ADDRESS}?thanks"
    assert stored() == [(False, "", "")]
    assert not Suggestion.objects.exists()
    clock.shift(timedelta(milliseconds=10))
    explain(client, given, text="It took me three seconds.")
    assert stored() == [(False, "", "It took me three seconds.")]


def test_a_reason_without_words_is_chosen_as_quickly_as_one_likes(client, monkeypatch):
    monkeypatch.setattr(answers, "TOO_YOUNG", TYPED)

    explain(client, given_in(say(client)), reason="unclear")

    assert stored() == [(False, "unclear", "")]


def test_the_same_words_again_get_the_same_thanks_and_are_stored_once(client, clock):
    explain(client, given_in(say(client)), text="The map is missing.")
    clock.shift(timedelta(minutes=11))
    given = given_in(say(client))

    response = explain(client, given, text="The map is missing.")

    assert response["Location"] == f"{ADDRESS}?thanks"
    assert [text for _helped, _reason, text in stored()] == ["The map is missing.", ""]


def test_the_same_words_about_another_article_from_the_same_network_are_a_repeat_too(client):
    build.published_article("other")
    explain(client, given_in(say(client)), text="Read my page.")

    given = given_in(client.post("/articles/other/feedback/", {"helped": "no"}))
    client.post("/articles/other/feedback/", {"given": given, "text": "Read my page."})

    assert [text for _helped, _reason, text in stored()] == ["Read my page.", ""]


def test_another_reader_may_say_the_same_of_another_article(client):
    build.published_article("other")
    explain(client, given_in(say(client)), text="No map.")

    remote = {"REMOTE_ADDR": "203.0.113.9"}
    given = given_in(client.post("/articles/other/feedback/", {"helped": "no"}, **remote))
    client.post("/articles/other/feedback/", {"given": given, "text": "No map."}, **remote)

    assert [text for _helped, _reason, text in stored()] == ["No map.", "No map."]


def test_after_a_day_the_same_words_are_news(client, clock):
    explain(client, given_in(say(client)), text="Still no map.")
    clock.shift(timedelta(days=1, seconds=1))

    explain(client, given_in(say(client)), text="Still no map.")

    assert [text for _helped, _reason, text in stored()] == ["Still no map.", "Still no map."]


def test_a_network_may_answer_twenty_times_in_ten_minutes(client, clock):
    for number in range(MOST_FEEDBACK):
        build.published_article(f"article-of-{number}")
        client.post(f"/articles/article-of-{number}/feedback/", {"helped": "yes"})
    clock.shift(timedelta(minutes=4))

    response = say(client)

    assert response.status_code == 429
    assert response["Retry-After"] == "360"
    clock.shift(timedelta(minutes=6))
    assert say(client).status_code == 303


def test_another_site_cannot_answer_for_a_reader(client):
    response = client.post(
        ADDRESS, {"given": "x", "text": "Typed"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert response.status_code == 403
    assert "Typed" in response.text


# Where


def test_the_address_alone_leads_to_the_question(client):
    response = client.get(ADDRESS)

    assert response.status_code == 302
    assert response["Location"] == "/articles/open/#feedback"
    assert response["Cache-Control"] == "no-store"
    assert client.head(f"{ADDRESS}?thanks").status_code == 200
    assert client.put(ADDRESS).status_code == 405


def test_an_old_address_takes_answers_and_leads_on(client, article):
    change_slug(article, "moved", by=None)

    taken = say(client)
    led_on = client.get(f"{ADDRESS}?thanks")

    assert taken["Location"].startswith("/articles/moved/feedback/?given=")
    assert led_on.status_code == 301
    assert led_on["Location"] == "/articles/moved/feedback/?thanks"


def test_a_closed_discussion_still_asks_whether_it_helped(client):
    build.published_article("closed", comments_open=False)

    assert client.post("/articles/closed/feedback/", {"helped": "yes"}).status_code == 303


def test_what_is_not_before_readers_asks_nothing(client, article):
    build.article("draft")
    withdraw(article, by=None)

    for address in (ADDRESS, "/articles/draft/feedback/", "/articles/nowhere/feedback/"):
        assert client.get(f"{address}?thanks").status_code == 404
        assert client.post(address, {"helped": "yes"}).status_code == 404
    assert stored() == []


# Something is wrong, or missing


def say_wrong(client, **fields):
    given = given_in(say(client))
    told = {"reason": "wrong", "text": "It closed in 1933.", "about": "", **fields}
    return given, explain(client, given, **told)


def test_what_is_wrong_becomes_a_suggestion_for_the_editors_only(client, article):
    fact = article.facts.get()
    anchor = f"fact-{fact.anchor}"
    page = client.get(say(client)["Location"]).text
    assert f'<option value="{anchor}">' in page

    _given, response = say_wrong(client, about=anchor)

    made = Suggestion.objects.get()
    assert made.feedback == Feedback.objects.get()
    assert (made.kind, made.state, made.comment) == ("correction", "new", None)
    assert (made.text, made.about, made.about_title) == (
        "It closed in 1933.",
        anchor,
        fact.characteristic,
    )
    assert response.status_code == 303
    assert "Your suggestion waits for an editor" in client.get(response["Location"]).text


def test_sent_again_it_makes_no_second_suggestion(client):
    given, _response = say_wrong(client)

    again = explain(client, given, reason="wrong", text="Something else is wrong.")

    assert Suggestion.objects.count() == 1
    assert again["Location"].endswith("?thanks")
    assert Feedback.objects.get().text == "Something else is wrong."


@pytest.mark.parametrize("fields", [{"text": ""}, {"reason": "unclear"}, {"reason": ""}])
def test_anything_else_makes_none(client, fields):
    say_wrong(client, **fields)

    assert not Suggestion.objects.exists()


def test_a_row_that_is_not_on_the_page_is_asked_for_again(client):
    _given, response = say_wrong(client, about="fact-elsewhere")

    assert response.status_code == 422
    assert "That part is not on the page" in response.text
    assert "It closed in 1933." in response.text
    assert not Suggestion.objects.exists()


def test_a_program_makes_none(client):
    say_wrong(client, website="https://spam.example/")

    assert not Suggestion.objects.exists()


def test_what_is_missing_leads_to_the_form_for_a_question(client):
    given = given_in(say(client))

    response = explain(client, given, reason="missing", text="Who carried it?")

    assert 'href="/articles/open/ask/"' in client.get(response["Location"]).text
