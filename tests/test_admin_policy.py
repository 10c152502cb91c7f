"""The admin has a content policy of its own; public pages keep the strict one."""

import pytest
from django.contrib import admin
from unfold.admin import BaseInlineMixin, ModelAdmin

from publishing.editing.rows import RowList, inline_of
from publishing.parts import parts
from tests import build, desk

pytestmark = pytest.mark.django_db


def policy(response):
    words = response["Content-Security-Policy"].split("; ")
    return {word.split(" ")[0]: word.split(" ")[1:] for word in words}


@pytest.mark.parametrize("url", ["/admin/", desk.ARTICLES, desk.ARTICLES + "add/"])
def test_the_admin_may_evaluate_its_own_templates(url):
    given = policy(desk.client_of(build.editor()).get(url))

    assert given["script-src"] == ["'self'", "'unsafe-eval'"]
    assert given["style-src"] == ["'self'", "'unsafe-inline'"]
    assert given["frame-ancestors"] == ["'self'"]
    assert given["default-src"] == ["'self'"]
    assert given["object-src"] == given["base-uri"] == ["'none'"]


def test_so_may_the_page_to_log_in():
    assert "'unsafe-eval'" in policy(desk.Client().get("/admin/login/"))["script-src"]


def test_public_pages_may_not():
    article = build.published_article()
    for url in ("/", f"/articles/{article.slug}/", "/nothing-here/", "/administration/"):
        given = desk.Client().get(url)["Content-Security-Policy"]
        assert "unsafe" not in given


def test_logging_in_leads_to_the_desk():
    build.editor()
    form = desk.open_form(desk.Client(), "/admin/login/")
    form["username"], form["password"] = "editor", "secret"

    response = form.send()

    assert response["Location"] == "/admin/"
    assert response.cookies["sessionid"]["path"] == "/admin/"


def test_everything_registered_is_dressed_by_unfold():
    bare = [
        model._meta.label
        for model, desk_of_it in admin.site._registry.items()
        if not isinstance(desk_of_it, ModelAdmin)
        or any(not issubclass(inline, BaseInlineMixin) for inline in desk_of_it.inlines)
    ]
    assert bare == []


def test_every_part_brings_something_that_edits_it():
    for part in parts():
        inline = inline_of(part)
        assert issubclass(inline, BaseInlineMixin | RowList), part.name


def test_the_menu_names_what_one_may_open():
    def menu(user):
        return desk.client_of(user).get("/admin/").content.decode()

    chief = menu(build.user("chief", is_superuser=True))
    for name in ("Explainers", "Events", "Questions", "People", "Images", "Sources", "Topics"):
        assert f"<span>{name}</span>" in chief
    assert "<span>Users</span>" in chief
    assert "<span>Users</span>" not in menu(build.editor())
    assert "<span>Explainers</span>" not in menu(build.stranger())
