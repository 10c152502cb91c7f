"""The picture that stands for an article where its address is shared."""

import io
import re

import pytest
from PIL import Image

from articles.share_pictures import digest_of, draw
from tests import build


def test_is_1200_by_630_and_small_however_long_the_texts_are():
    for title in ("Short", "Long words " * 60, "x" * 400, ""):
        drawn = draw("On Record", title, "Why? " * 90, "26 November 2026")
        assert Image.open(io.BytesIO(drawn)).size == (1200, 630)
        assert len(drawn) < 100_000


def test_has_another_name_when_anything_on_it_changes():
    lines = ("On Record", "Title", "Question?", "26 November 2026")
    others = [(*lines[:at], "else", *lines[at + 1 :]) for at in range(4)]
    assert len({digest_of(one) for one in (lines, *others)}) == 5


@pytest.mark.django_db
class TestAnArticle:
    def _address(self, client, slug):
        page = client.get(f"/articles/{slug}/").text
        return re.search(r'property="og:image" content="http://[^/]+(/[^"]+)"', page)[1]

    def test_names_its_picture_which_is_served(self, client):
        build.published_article("one")
        answer = client.get(self._address(client, "one"))
        assert answer.status_code == 200
        assert answer["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)

    def test_has_no_picture_under_another_name(self, client):
        build.published_article("one")
        assert client.get(f"/articles/one/picture/{'0' * 32}.png").status_code == 404

    def test_has_a_new_picture_when_its_title_changes(self, client):
        article = build.published_article("one")
        before = self._address(client, "one")
        article.title = "Another title"
        article.save()
        build.published(article)
        assert self._address(client, "one") != before
        assert client.get(before).status_code == 404

    def test_has_none_while_it_is_a_draft(self, client):
        build.article("one")
        assert client.get(f"/articles/one/picture/{'0' * 32}.png").status_code == 404
