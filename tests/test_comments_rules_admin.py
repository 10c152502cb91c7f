"""Setting the rules for comments at the desk: the site's, and an article's."""

import pytest
from django.urls import reverse

from comments.models import DiscussionRules
from comments.rules import Rules, rules_for, set_rules
from comments.wordlists import MOST_ENTRIES
from tests import build, desk

pytestmark = pytest.mark.django_db

SITE = "/admin/comments/discussionrules/"


@pytest.fixture
def article():
    return build.published_article("open")


@pytest.fixture
def client():
    return desk.client_of(build.editor())


def address(article):
    return reverse("admin:comments_discussionrules_article", args=[article.pk])


def test_the_sites_rules_are_one_form_with_a_sentence_at_each_field(client):
    page = client.get(SITE).text

    assert page.count('class="desk-hint"') >= 10
    assert "Left empty: 3." in page
    assert "As usual: after approval" in page
    assert "None has any." in page


def test_a_moderator_sets_the_sites_rules(client):
    form = desk.open_form(client, SITE)
    form["is_moderated_first"] = "False"
    form["slow_mode_seconds"] = "60"
    form["held_words"] = " one \r\n\r\ntwo words\r\none"

    answer = form.send(follow=True)

    assert "Saved." in answer.text
    assert rules_for(None) == Rules(
        is_moderated_first=False, slow_mode_seconds=60, held_words=("one", "two words")
    )


def test_what_was_set_is_in_the_form_and_can_be_emptied_again(client):
    set_rules(None, {"is_moderated_first": False, "most_links": 0}, by=None)
    form = desk.open_form(client, SITE)
    assert (form["is_moderated_first"], form["most_links"]) == ("False", "0")

    form["is_moderated_first"] = form["most_links"] = ""
    form.send()

    assert rules_for(None) == Rules()


def test_saving_what_is_there_changes_nothing(client):
    assert "Nothing was changed." in desk.open_form(client, SITE).send(follow=True).text


def test_an_articles_rules_say_what_the_site_says(client, article):
    set_rules(None, {"trusted_after": 7, "held_words": "one\ntwo"}, by=None)

    page = client.get(address(article)).text

    assert "Left empty: as the site says, 7." in page
    assert "As the site says: after approval" in page
    assert "of which there are 2" in page


def test_a_moderator_sets_an_articles_rules(client, article):
    form = desk.open_form(client, address(article))
    form["closes_after_days"] = "14"
    form.send()

    assert rules_for(article.pk).closes_after_days == 14
    assert rules_for(None) == Rules()
    page = client.get(SITE).text
    assert address(article) in page


def test_an_article_is_found_by_words_of_its_title(client, article):
    article.title = "The embassy in Riga"
    article.save()

    assert address(article) in client.get(SITE, {"article": "EMBASSY"}).text
    assert "No article has these words" in client.get(SITE, {"article": "nowhere"}).text


def test_the_articles_form_leads_to_its_rules(client, article):
    assert address(article) in client.get(desk.address(article)).text


def test_an_author_who_may_not_moderate_is_not_led_there_and_refused(article):
    author = desk.client_of(build.author())

    assert address(article) not in author.get(desk.address(article)).text
    for page in (SITE, address(article)):
        assert author.get(page).status_code == 403
        assert author.post(page, {"most_links": "9"}).status_code == 403
    assert rules_for(None) == Rules()


def test_whoever_may_only_look_finds_no_button(article):
    looking = desk.client_of(build.user("looking", "view_discussionrules"))

    assert looking.get(SITE).status_code == 200
    assert 'class="desk-button is-main">Save' not in looking.get(SITE).text
    assert looking.post(SITE, {"most_links": "9"}).status_code == 403


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("most_links", "-1", "Write 0 or more, or leave this empty."),
        ("most_links", "many", "Write a whole number, or leave this empty."),
        ("most_links", "101", "Write at most 100."),
        ("slow_mode_seconds", "86401", "Write at most 86400."),
        ("trusted_after", "9" * 40, "Write at most 100."),
        ("held_words", "...", "has no letter and no figure"),
        ("held_words", "x" * 101, "is longer than 100 characters"),
        ("refused_words", "\n".join(map(str, range(MOST_ENTRIES + 1))), "at most 1,000 fit"),
        ("is_moderated_first", "maybe", "Select a valid choice"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_lost(client, field, typed, sentence):
    form = desk.open_form(client, SITE)
    form["hidden_after_reports"] = "9"
    form[field] = typed

    answer = form.send()

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="9"' in answer.text
    assert not DiscussionRules.objects.exists()


def test_a_second_moderator_overwrites_nothing_unseen_and_may_then_save(client):
    mine, theirs = desk.open_form(client, SITE), desk.open_form(client, SITE)
    theirs["slow_mode_seconds"] = "60"
    theirs.send()
    mine["held_words"] = "casino"

    refused = mine.send()

    assert refused.status_code == 422
    assert "Somebody else has changed these rules" in refused.text
    assert "casino" in refused.text
    assert rules_for(None) == Rules(slow_mode_seconds=60)
    again = desk.form_in(refused, client, SITE)
    again.send()
    assert rules_for(None).held_words == ("casino",)


def test_the_rules_of_an_article_that_is_not_there_are_not_there(client):
    gone = reverse("admin:comments_discussionrules_article", args=[999_999])

    assert client.get(gone).status_code == 404
    assert DiscussionRules.objects.count() == 0


def test_the_page_of_a_row_leads_to_its_form(client, article):
    set_rules(article, {"most_links": 1}, by=None)
    row = DiscussionRules.objects.get()

    answer = client.get(f"{SITE}{row.pk}/change/")

    assert answer["Location"] == address(article)


def test_the_menu_leads_to_the_rules_and_the_bans(client):
    page = client.get("/admin/").text

    assert SITE in page
    assert "/admin/comments/ban/" in page
