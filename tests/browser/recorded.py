"""Pages that the site answered once, shown to as many tests as like to look at them.

What a page looks like does not depend on the database behind it any more, so the rows are made
once, the answers are kept with their headers, and the rows are taken back.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import time_machine
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from playwright.sync_api import Page, Route, expect

from publishing.pages import fragments, kept

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""When recorded pages are made: what they show does not depend on the day the tests run."""

PICTURE = re.compile(rb'(?:src|href)="(/media/[^"]+)"')
RENDITIONS = re.compile(rb'srcset="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What the site answered to one address."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Recorded:
    """Answers by path."""

    answers: dict[str, Answer] = field(default_factory=dict)

    def open(self, page: Page, address: str, **options: Any) -> None:
        """Open the page that was recorded at ``address``; links lead to other recorded pages."""
        page.route(lambda url: urlsplit(url).path in self.answers, self._answer)
        page.goto(address, **options)
        begin_to_read(page)

    def read(self, *addresses: str) -> None:
        """Ask the site for the addresses and for the pictures that their pages show."""
        for address in addresses:
            if address in self.answers:
                continue
            response = Client().get(address)
            body = response.getvalue()
            self.answers[address] = Answer(response.status_code, dict(response.headers), body)
            self.read(*pictures_in(body))

    def _answer(self, route: Route) -> None:
        answer = self.answers[urlsplit(route.request.url).path]
        headers = {
            name: value for name, value in answer.headers.items() if name != "Content-Length"
        }
        route.fulfill(status=answer.status, headers=headers, body=answer.body)


def begin_to_read(page: Page) -> None:
    """Do what a reader does first, and wait for what comes then; nothing without scripts."""
    if page.locator("head noscript link").count():  # text and no element, where scripts run
        return
    page.mouse.move(8, 8)
    expect(page.locator("[data-wanted='begun']")).to_have_count(0)


def pictures_in(body: bytes) -> Iterator[str]:
    """Yield the addresses of the pictures that a page shows, and of their renditions."""
    yield from (found.decode() for found in PICTURE.findall(body))
    for choices in RENDITIONS.findall(body):
        yield from (choice.split()[0].decode() for choice in choices.split(b","))


def record(
    make: Callable[[], Iterable[str]], *, database: Any, media: Path, at: datetime = NOON
) -> Recorded:
    """Return the answers to the addresses that ``make`` returns after it has made its rows.

    ``database`` is pytest-django's guard of the database; the rows are gone afterwards.
    """
    recorded = Recorded()
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with ExitStack() as stack:
        stack.enter_context(database.unblock())
        stack.enter_context(
            override_settings(
                MEDIA_ROOT=media, STORAGES={**settings.STORAGES, "staticfiles": plain}
            )
        )
        stack.enter_context(time_machine.travel(at, tick=True))
        stack.enter_context(transaction.atomic())
        _forget_pages()
        recorded.read(*make())
        transaction.set_rollback(True)
    _forget_pages()
    return recorded


def _forget_pages() -> None:
    kept.clear()
    fragments.clear()
