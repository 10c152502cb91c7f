"""Every text of every public page can be translated, and pages are mirrored where it must be."""

import html
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import render_to_string

from publishing.dates import describe, parse_date
from tests.pseudo import pseudo_translated, without_translated
from tests.test_query_counts import LITTLE, QUERIES, filled

pytestmark = pytest.mark.django_db

SPOKEN = {"aria-label", "title", "placeholder", "alt", "label", "aria-description"}
# Names, and what is the same in every language.
NAMES = {
    "APA", "BibTeX", "Bluesky", "Chicago", "CSL", "CSV", "HTML", "JSON", "LinkedIn", "Mastodon",
    "RIS", "TimelineJS", "UTC", "UTF",
}  # fmt: skip
SILENT = ("script", "style", "code", "textarea")
# Asked for in searches, and what comparing leaves of a title.
WORDS_APART = ["number", "heading", "nothing-of-the-kind", "Title"]
TEXTS = ("text/html", "application/atom+xml", "application/opensearchdescription+xml")


class Spoken(HTMLParser):
    """Gathers what a page says: its texts, and the attributes that are read out or shown."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0
        self.feed(markup)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        of = dict(attributes)
        # Citations keep the words that their style prescribes.
        self._silent += tag in SILENT or (tag == "p" and self._silent > 0)
        self._silent += of.get("class") == "cite-words"
        if tag == "meta" and (of.get("name") or of.get("property") or "") in (
            "description", "og:title", "og:description", "og:image:alt",
        ):  # fmt: skip
            self.said.append(of.get("content") or "")
        for name, value in attributes:
            is_words = name.startswith("data-") and " " in (value or "").strip()
            if value and (
                name in SPOKEN or (is_words and value[0] != ".") or name.endswith("-label")
            ):
                self.said.append(value)

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in SILENT or (tag == "p" and self._silent > 0)

    def handle_data(self, words: str) -> None:
        if not self._silent:
            self.said.append(words)


def strings_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings_in(one)


def content() -> list[str]:
    """Everything that people wrote into the database, the longest first, whole and in pieces."""
    found = set()
    for model in apps.get_models():
        if model._meta.app_label in ("contenttypes", "auth", "sessions", "admin"):
            continue
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for row in model._base_manager.values_list(*fields) if fields else ():
            for text in strings_in(row):
                plain = html.unescape(re.sub(r"<[^>]*>", "\n", text))
                found.add(plain)
                found.update(re.split(r"[\[\]*@:,.()\n“”]+", plain))
    return sorted({one.strip() for one in found if len(one.strip()) > 1}, key=len, reverse=True)


def plain_english(markup: str, written: list[str]) -> list[str]:
    """Return what the page says that is neither translated nor written by people."""
    # One by one texts may hold half a bracket, as links stand within sentences.
    said = Spoken(re.sub("</?mark>", "", markup)).said
    if "<feed" in markup:
        said = [one for text in said for one in Spoken(text).said]
    whole = "\n\n".join(" ".join(one.split()) for one in said)
    left = without_translated(whole)
    found = []
    for piece in filter(str.strip, left.split("\n\n")):
        # Addresses, what is to be put into other pages, and sentences of people that are cut off.
        rest = re.sub(r"<iframe [^>]*></iframe>|(https?|urn):\S+|[^.]*…$|^…[^.]*", "", piece)
        for one in written:
            if one in rest:
                rest = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", rest)
        if [word for word in re.findall(r"[^\W\d_]{2,}", rest) if word not in NAMES]:
            found.append(piece.strip())
    return found


@pytest.fixture
def pages(client, monkeypatch, settings) -> dict[str, str]:
    """Every public page that says something, in a language that nobody speaks."""
    settings.SITE_NAME = ""
    with pseudo_translated(monkeypatch, settings):
        addresses = filled(LITTLE)
        answers = {address: client.get(address) for address in addresses}
        return {
            address: answer.content.decode()
            for address, answer in answers.items()
            if answer.get("Content-Type", "").partition(";")[0] in TEXTS
        }


def test_no_public_page_says_anything_in_plain_english(pages):
    written = content() + WORDS_APART

    found = {address: plain_english(page, written) for address, page in pages.items()}

    assert len(pages) > len(QUERIES) / 2
    where: dict[str, list[str]] = {}
    for address, said in found.items():
        for one in said:
            where.setdefault(one, []).append(address)
    assert where == {}


def test_every_public_page_is_marked_as_written_from_right_to_left(pages):
    turned = {address for address, page in pages.items() if '<html lang="ar" dir="rtl"' in page}

    assert turned == {address for address, page in pages.items() if "<html" in page}


def test_plain_english_is_found(pages):
    assert plain_english("<p>⟦Search⟧</p><p>Hello there</p>", []) == ["Hello there"]
    assert plain_english('<p aria-label="Hello there">⟦In ⟦short⟧⟧</p>', []) == ["Hello there"]
    assert plain_english("<p>⟦by⟧ Hello there</p>", ["Hello there"]) == []


@pytest.mark.parametrize(
    "template",
    [
        "400.html",
        "403.html",
        "404.html",
        "500.html",
        "errors/410.html",
        "errors/413.html",
        "errors/429.html",
    ],
)
def test_no_error_page_says_anything_in_plain_english(template, monkeypatch, settings):
    with pseudo_translated(monkeypatch, settings):
        page = render_to_string(template, {"typed": "⟦typed⟧", "site_name": ""})

    assert plain_english(page, []) == []
    assert 'dir="rtl"' in page


@pytest.mark.parametrize(
    "edtf",
    ["1917-12-06", "1917-12", "1917", "1920-21", "2025-33", "192X", "18XX", "190X", "-0043", "0476",
     "1917~", "1917?", "1941/1945", "1941/1945?", "2022/..", "../1933", "1917/",
     "1917-12-06/1917-12-08"],
)  # fmt: skip
def test_no_date_is_said_in_plain_english(edtf, monkeypatch, settings):
    with pseudo_translated(monkeypatch, settings):
        said = describe(parse_date(edtf))

    assert re.findall(r"[A-Za-z]{2,}", without_translated(said)) == []


def test_a_language_puts_a_date_into_its_own_order(monkeypatch, settings):
    def ordered(self, message):
        own = {
            "%(detail)s %(heading)s": "%(heading)s年%(detail)s",
            "%(day)s %(month)s": "%(month)s%(day)s日",
        }
        text = message.rpartition(chr(4))[2]
        return own.get(text, {"December": "12月"}.get(text, text))

    monkeypatch.setattr("tests.pseudo.PseudoTranslation.gettext", ordered)
    with pseudo_translated(monkeypatch, settings):
        assert describe(parse_date("1917-12-06")) == "1917年12月6日"
