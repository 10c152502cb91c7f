"""Nothing of the admin is for people who are not logged in, or for accounts without rights."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils import timezone

from articles.deeds import schedule
from articles.draft_links import make_link
from articles.recording import record
from articles.remarking import leave_remark
from articles.reviewing import submit
from tests import build, desk

pytestmark = pytest.mark.django_db

OPEN = {"admin:login", "admin:logout"}
# What every account of the newsroom may do: the first page, its own password, words of scripts.
FOR_ALL_STAFF = {
    "admin:index",
    "admin:password_change",
    "admin:password_change_done",
    "admin:jsi18n",
    "admin:search",
    "admin:autocomplete",
    # It finds nothing that an account may not see (tests/test_desk_search.py).
    "admin:find",
    # Previews show it to whoever may see them; its name is a digest that nobody can guess.
    "admin:library_image_file",
    # It leads to where readers see a row, and answers there what they are answered.
    "admin:view_on_site",
}


def patterns(found: list, start: str = "admin:") -> Iterator[tuple[str, list[str]]]:
    """Yield (name, names of its parameters) of every address of the admin."""
    for pattern in found:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, start)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{start}{pattern.name}", list(pattern.pattern.regex.groupindex)


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (name, address) of every page of the admin, of rows that are there."""
    article = build.full_article()
    record(article, by=None)
    tomorrow = timezone.now() + timedelta(days=1)
    scheduled = schedule(
        article.latest_revision, goes_live_at=tomorrow, by=None, change_note="Soon."
    )
    link = make_link(article.latest_revision, by=None)
    submit(article.latest_revision, by=None)
    remark = leave_remark(article.latest_revision, text="Is that so?", by=None)
    values = {
        "pk": article.pk,
        "link": link.pk,
        "remark": remark.pk,
        "number": 1,
        "publication": scheduled.pk,
        "name": article.image.file,
        "app_label": "articles",
        "id": 1,
        "content_type_id": 1,
        "kind": "topic",
        "row": article.topics.get().pk,
        "part": "sections",
    }
    keys = {
        f"admin:{model._meta.app_label}_{model._meta.model_name}_": model.objects.first()
        for model in admin.site._registry
    }
    for name, parameters in patterns(admin.site.urls[0]):
        row = next((row for start, row in keys.items() if name.startswith(start)), None)
        values["object_id"] = row.pk if row else 1
        if name == "admin:tray":
            values["name"] = "my-drafts"
        try:
            yield name, reverse(name, kwargs={one: values[one] for one in parameters})
        except (KeyError, NoReverseMatch) as error:
            raise AssertionError(f"This test knows no value for {name}: {error}") from error


def test_people_who_are_not_logged_in_are_asked_to():
    client, checked = desk.Client(), 0
    for name, address in addresses():
        if name in OPEN:
            continue
        for response in (client.get(address), client.post(address)):
            refused = response.status_code in (403, 405)
            assert refused or response.get("Location", "").startswith("/admin/login/"), address
        checked += 1
    assert checked > 60


def test_an_account_without_rights_gets_nothing_but_its_own():
    made = list(addresses())
    client = desk.client_of(build.stranger())
    for name, address in made:
        if name in OPEN | FOR_ALL_STAFF:
            continue
        for response in (client.get(address), client.post(address)):
            # The last forwards what no page is at, such as a row's number without a deed.
            assert response.status_code in (302, 403, 404, 405), (name, response.status_code)
            if response.status_code == 302:
                is_elsewhere = response["Location"] == "/admin/"  # there is no such row
                assert is_elsewhere or response["Location"].endswith("/change/"), name
