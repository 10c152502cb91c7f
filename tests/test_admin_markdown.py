"""The preview of Markdown is for staff who write; there is no upload beside the library."""

import pytest

from tests import build, desk

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/markdown/preview/"


def test_an_editor_gets_the_preview():
    client = desk.client_of(build.editor())
    response = client.post(PREVIEW, {"content": "**Never** severed.[@state-2016]"})

    assert response.status_code == 200
    assert "<strong>Never</strong>" in response.content.decode()
    assert "state-2016" in response.content.decode()
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here](javascript:alert(1))",
        "![x](data:text/html,<script>alert(1)</script>)",
    ],
)
def test_the_preview_is_sanitised(hostile):
    html = desk.client_of(build.editor()).post(PREVIEW, {"content": hostile}).content.decode()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html


def test_anonymous_strangers_and_readers_with_an_account_get_none():
    assert desk.Client().post(PREVIEW, {"content": "x"}).status_code == 403
    assert desk.client_of(build.stranger()).post(PREVIEW, {"content": "x"}).status_code == 403
    reader = build.user("reader", "change_article")
    reader.is_staff = False
    reader.save()
    assert desk.client_of(reader).post(PREVIEW, {"content": "x"}).status_code == 403


def test_a_form_of_another_site_gets_none():
    client = desk.Client(enforce_csrf_checks=True)
    client.force_login(build.editor())
    assert client.post(PREVIEW, {"content": "x"}).status_code == 403


def test_it_answers_what_it_is_asked_and_nothing_else():
    client = desk.client_of(build.editor())
    assert client.get(PREVIEW).status_code == 405
    assert client.post(PREVIEW, {}).status_code == 400


@pytest.mark.parametrize(
    "url", ["/markdownx/upload/", "/markdownx/markdownify/", "/admin/markdown/upload/"]
)
def test_markdownx_has_no_other_address(url):
    image = {"image": build.picture()}
    assert desk.client_of(build.editor()).post(url, image).status_code == 404
    assert desk.Client().post(url, image).status_code in (302, 404)


def test_a_field_is_a_plain_text_where_scripts_add_to_it():
    article = build.article()
    page = desk.client_of(build.editor()).get(desk.address(article)).content.decode()

    assert '<textarea name="sections-0-body"' in page
    assert f'data-preview-url="{PREVIEW}"' in page
    assert "markdownx.min.js" not in page


def test_what_stands_in_a_text_is_given_back_as_it_was():
    client = desk.client_of(build.editor())
    article = build.article()
    section = build.section(article, body="\n\nTwo empty lines first, </textarea> and & in it.\n")
    form = desk.open_form(client, desk.address(article))
    assert form["sections-1-body"] == section.body

    form.send()

    section.refresh_from_db()
    assert "</textarea> and & in it." in section.body
