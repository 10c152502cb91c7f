"""The desk as a browser without scripts sees it: pages, their forms, what is typed and sent."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import Article

ARTICLES = "/admin/articles/article/"


def client_of(user: User) -> Client:
    """Return a browser in which ``user`` is logged in."""
    client = Client()
    client.force_login(user)
    return client


def address(article: Article, deed: str = "change", *rest: Any) -> str:
    """Return the address of one of the article's pages in the admin."""
    return reverse(f"admin:articles_article_{deed}", args=[article.pk, *rest])


@dataclass
class Form:
    """A form as it came: its fields by name, to be changed and sent."""

    client: Client
    url: str
    values: dict[str, list[Any]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values[name][0]

    def __setitem__(self, name: str, value: Any) -> None:
        self.values[name] = value if isinstance(value, list) else [value]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def send(self, button: str = "_save", **options: Any) -> HttpResponse:
        """Press a button."""
        return self.client.post(self.url, {**self.values, button: ["1"]}, **options)


def open_form(client: Client, url: str) -> Form:
    """Open a page and return its form."""
    response = client.get(url)
    assert response.status_code == 200, (response.status_code, url)
    return form_in(response, client, url)


def form_in(response: HttpResponse, client: Client, url: str) -> Form:
    """Return the form of a page that came as an answer."""
    reader = _Reader()
    reader.feed(response.content.decode())
    return Form(client, url, reader.values)


class _Reader(HTMLParser):
    """Reads what a browser would send: of forms that post, but not of templates for scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[Any]] = {}
        self._is_in_form = False
        self._templates = 0
        self._textarea: str | None = None
        self._select: str | None = None
        self._is_multiple = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "form":
            # The last form of a page is its own; those before it log out and search.
            self._is_in_form = given.get("method", "").lower() == "post"
            if self._is_in_form and given.get("id") != "logout-form":
                self.values = {}
        if tag == "template":
            self._templates += 1
        if not self._is_in_form or self._templates:
            return
        name = given.get("name")
        if tag == "input" and name:
            self._read_input(name, given)
        elif tag == "textarea" and name:
            self._textarea = name
            self.values[name] = [""]
        elif tag == "select" and name:
            self._select, self._is_multiple = name, "multiple" in given
        elif tag == "option" and self._select and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value") or "")

    def _read_input(self, name: str, given: dict[str, str | None]) -> None:
        kind = given.get("type", "text")
        if kind in ("submit", "button", "file"):
            return
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        default = "on" if kind == "checkbox" else ""
        self.values.setdefault(name, []).append(given.get("value") or default)

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.values[self._textarea][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea is not None:
            # The first line break behind the tag is not part of the text.
            text = self.values[self._textarea][0]
            self.values[self._textarea] = [text.removeprefix("\n")]
            self._textarea = None
        elif tag == "select":
            self._select = None
        elif tag == "template":
            self._templates -= 1
        elif tag == "form":
            self._is_in_form = False
