"""What an attacker might type into a suggestion, and send besides, on every page that shows it."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles.page import prepared
from comments import feedback as answers
from comments import moderating, suggesting
from comments.admin.suggestion_showing import web_address
from comments.banning import ban, lift
from comments.models import Comment, Feedback, OutgoingMail, Suggestion
from comments.readers import address_hash
from comments.suggestion_forms import CorrectionForm, rows_of
from comments.suggestion_tokens import status_url, token_for_mail
from tests import build, desk, suggestions
from tests.hostile import INSERTIONS, TEXTS

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Halves of letters and null characters come through no form: see test_suggesting.
SHORT = [
    text
    for text in (*TEXTS, *INSERTIONS)
    if len(text) <= 80 and not re.search("[\ud800-\udfff\0]", text)
]
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "//evil.example/",
    "http:evil",
    "https://evil.example/ onmouseover=alert(1)",
    "https://[broken",
    'https://evil.example/"onmouseover="alert(1)',
]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(clock):
    made = build.article("open")
    build.fact(made, characteristic="Embassy", anchor="embassy")
    build.published(made)
    return made


class _Elements(HTMLParser):
    """Notes what runs or loads something: such elements, and every handler of any element."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "svg", "img", "iframe", "object", "embed", "style", "base", "math"):
            self.found.add(f"{tag} {dict(attributes).get('src', '')}")
        self.found |= {name for name, _value in attributes if name.startswith("on")}


def opened(html: str) -> set[str]:
    """Return what an attack would add to a page, as a browser would read it."""
    reader = _Elements()
    reader.feed(html)
    return reader.found


def test_no_page_that_shows_a_suggestion_holds_what_an_attacker_typed(client, article):
    """Each field of each form: on its writer's page, at the desk, and as a comment."""
    editor = desk.client_of(build.editor())
    plain = suggestions.made(article, about="fact-embassy", name="Anna")
    own = status_url(plain, token_for_mail(plain))
    at_the_desk = reverse("admin:comments_suggestion_change", args=[plain.pk])
    pages = {
        own: client,
        at_the_desk: editor,
        "/admin/comments/suggestion/?state=all": editor,
        "/admin/": editor,
    }
    harmless = {address: opened(browser.get(address).text) for address, browser in pages.items()}
    for attack in SHORT:
        Suggestion.objects.filter(pk=plain.pk).update(
            text=attack,
            right=attack,
            source=attack,
            name=attack,
            reply=attack,
            about_title=attack,
            credit="name",
        )
        page = client.get(own).text
        assert opened(page) == harmless[own], attack
    for address, browser in pages.items():
        assert opened(browser.get(address).text) <= harmless[address], address


def test_what_the_form_takes_is_shown_as_text_to_everybody(client, article, clock):
    """Through the forms, as public comments: approved, accepted and published."""
    expected = opened(client.get("/articles/open/").text) | opened(client.get("/").text)
    for number, attack in enumerate(SHORT[:40]):
        client.defaults["REMOTE_ADDR"] = f"203.0.{number}.1"
        typed = attack.replace("\n", " ").encode("utf-8", "replace").decode()
        suggestions.suggest(
            client, article, text=typed, right=typed, source=typed, name=typed, audience="everybody"
        )
    assert Suggestion.objects.count() > 25
    moderating.approve(Comment.objects.all(), by=None)
    for suggestion in Suggestion.objects.all()[:15]:
        row = suggestions.accepted(suggestion)
        row.right = "Mended."
        row.save()
    clock.shift(timedelta(minutes=1))
    build.published(article, change_note="Mended.")

    for address in ("/articles/open/", "/articles/open/comments/", "/corrections/"):
        assert opened(client.get(address).text) <= expected, address


def test_a_row_with_an_attack_in_it_is_shown_as_the_page_shows_it(client):
    article = build.article("open")
    attack = "<script>alert(1)</script>"
    build.fact(article, characteristic=attack, value=attack, anchor="bad")
    build.published(article)

    page = client.get("/articles/open/suggest/?about=fact-bad").text
    assert attack not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert attack not in client.get("/articles/open/").text


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_source_that_is_no_address_of_the_web_is_only_text(client, article, address):
    made = suggestions.made(article, source=address)
    page = desk.client_of(build.editor()).get(
        reverse("admin:comments_suggestion_change", args=[made.pk])
    )

    for href in re.findall(r'href="([^"]*)"', page.text):
        assert not href.strip().lower().startswith(("javascript:", "data:", "vbscript:"))
        assert href != address
    assert 'onmouseover="alert' not in page.text


def test_an_address_of_the_web_is_a_link_at_the_desk_alone():
    assert web_address("https://archive.example/box?page=7") == "https://archive.example/box?page=7"
    assert [one for one in ADDRESSES if web_address(one)] == [ADDRESSES[-1]]


def test_an_about_that_is_no_anchor_comes_back_harmless(client, article):
    for attack in SHORT[:30]:
        page = client.get("/articles/open/suggest/", {"about": attack})
        assert page.status_code == 200
        assert attack not in page.text or "<" not in attack
        refused = suggestions.suggest(client, article, about=attack)
        assert refused.status_code in (400, 422)
    assert not Suggestion.objects.exists()


def test_a_huge_text_is_refused_whole_and_nothing_is_cut(client, article):
    refused = suggestions.suggest(client, article, text="x" * 60_000)
    assert refused.status_code == 422
    assert "x" * 60_000 in refused.text

    assert suggestions.suggest(client, article, text="x" * 70_000).status_code == 413
    assert not Suggestion.objects.exists()


def test_bytes_that_are_no_letters_are_refused(client, article):
    broken = client.post(
        suggestions.suggest_page(article),
        b"text=%ff%fe&audience=editors&credit=none",
        content_type="application/x-www-form-urlencoded",
    )

    assert broken.status_code == 400
    assert not Suggestion.objects.exists()


def test_fields_that_no_form_has_decide_nothing(client, article):
    suggestions.suggest(
        client,
        article,
        state="accepted",
        kind="question",
        led_to="00000000-0000-0000-0000-000000000000",
        article="1",
        is_staff="on",
        token="chosen",
        turn="9",
        reply="Accepted!",
    )

    made = Suggestion.objects.get()
    assert (made.state, made.kind, made.led_to, made.reply, made.turn) == (
        "new",
        "correction",
        None,
        "",
        0,
    )


def test_a_replayed_follow_up_makes_one_suggestion(client, article, monkeypatch):
    """The signed address of the follow-up names one answer, and that leads to one suggestion."""
    monkeypatch.setattr(answers, "TOO_YOUNG", timedelta())
    given = client.post("/articles/open/feedback/", {"helped": "no"})["Location"].split("given=")[1]
    for number in range(5):
        form = {"given": given.replace("%3A", ":"), "reason": "wrong", "text": f"Wrong {number}"}
        client.post("/articles/open/feedback/", form)

    assert Suggestion.objects.count() == 1
    forged = {"given": "1-no:forged", "reason": "wrong", "text": "Forged"}
    assert client.post("/articles/open/feedback/", forged).status_code == 400
    assert Suggestion.objects.count() == 1


def test_the_database_holds_one_suggestion_for_each_answer(article):
    live = article.publications.get()
    answer = Feedback.objects.create(
        article=article, publication=live, helped=False, created_at=NOON
    )
    suggestions.made(article, feedback=answer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.create(
            kind="correction",
            article=article,
            publication=live,
            feedback=answer,
            text="Again",
            made_at=NOON,
        )


def test_another_articles_feedback_makes_no_suggestion_here(client, article):
    other = build.published_article("other")
    given = client.post("/articles/other/feedback/", {"helped": "no"})["Location"]
    given = given.split("given=")[1].replace("%3A", ":")

    form = {"given": given, "reason": "wrong", "text": "Wrong"}
    client.post("/articles/open/feedback/", form)

    assert not Suggestion.objects.exists()
    assert other.suggestions.count() == 0


def test_no_field_can_name_a_row_that_only_the_draft_has(client, article):
    build.fact(article, characteristic="Not published", anchor="drafted")

    refused = suggestions.suggest(client, article, about="fact-drafted")

    assert refused.status_code == 422
    assert "Not published" not in refused.text


def test_a_withdrawn_token_brings_nothing_back(client, article):
    status = suggestions.suggest(client, article)["Location"]
    suggesting.withdraw(Suggestion.objects.get())
    token = suggestions.token_in(status)

    answer = client.post(
        status.split("?")[0], {"token": token, "credit": "name", "name": "Somebody else"}
    )

    assert answer.status_code == 410
    assert Suggestion.objects.get().name == ""


def test_the_form_itself_offers_only_what_the_page_shows(article):
    rows = rows_of(prepared(article.publications.get()))
    form = CorrectionForm({"about": "../admin/"}, rows=rows)

    assert not form.is_valid()
    assert set(rows) >= {"fact-embassy"}


# Somebody who was banned, and somebody else's address


def test_whoever_is_banned_suggests_nothing_and_keeps_their_words(client, article):
    banned = ban("address", address_hash("MALLORY@reader.example"), days=3, reason="", by=None)
    refused = suggestions.suggest(client, article, email="mallory@reader.example")
    assert refused.status_code == 403
    assert "It closed in 1934." in refused.content.decode()
    assert not Suggestion.objects.exists()

    assert suggestions.suggest(client, article, email="anna@reader.example").status_code == 303
    lift(banned, by=None)
    again = suggestions.suggest(client, article, text="Else", email="mallory@reader.example")
    assert again.status_code == 303


def test_an_address_that_was_only_typed_is_told_nothing_of_a_suggestion(client, article):
    suggestions.suggest(client, article, email="victim@reader.example")
    suggestion = Suggestion.objects.get()
    suggesting.answer(suggestion, by=None, turn=0, reply="Which box?")
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["confirm"]

    suggestions.confirm(suggestion)
    suggesting.answer(suggestion, by=None, turn=1, reply="This one?")
    assert [mail.kind for mail in OutgoingMail.objects.all()] == ["suggestion"]
