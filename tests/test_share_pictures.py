"""The picture that stands for an article where its address is shared."""

import io
import re
import shutil
from datetime import UTC, datetime

import pytest
from django.utils import translation
from PIL import Image, ImageFont

from articles.models import Article
from articles.share_pictures import draw, lines_of, name_of
from tests import build


def _found(name: str) -> str | None:
    """Return where this machine has a font, if it does."""
    try:
        return ImageFont.truetype(name).path
    except OSError:
        return None


def test_is_1200_by_630_and_small_however_long_the_texts_are():
    for title in ("Short", "Long words " * 60, "x" * 400, ""):
        drawn = draw("On Record", title, "Why? " * 90, "26 November 2026")
        assert Image.open(io.BytesIO(drawn)).size == (1200, 630)
        assert len(drawn) < 100_000


def test_has_another_name_when_anything_on_it_changes():
    lines = ("On Record", "Title", "Question?", "26 November 2026")
    others = [(*lines[:at], "else", *lines[at + 1 :]) for at in range(4)]
    assert len({name_of(one) for one in (lines, *others)}) == 5


def test_has_another_name_when_it_is_drawn_otherwise(monkeypatch):
    lines = ("On Record", "Title", "Question?", "26 November 2026")
    before = name_of(lines)
    monkeypatch.setattr("articles.share_pictures._DRAWN_AS", 1_000)
    assert name_of(lines) != before


@pytest.mark.skipif(not _found("DejaVuSans.ttf"), reason="No font of other scripts is here.")
def test_has_another_name_when_a_font_comes_that_it_is_drawn_with(settings, tmp_path):
    plain, greek = (("On Record", title, "Why?", DAY) for title in ("Title", "Διπλωματία"))
    settings.DATA_DIR = tmp_path / "before"
    before = name_of(plain), name_of(greek)
    settings.DATA_DIR = tmp_path / "after"
    (tmp_path / "after" / "fonts").mkdir(parents=True)
    shutil.copy(_found("DejaVuSans.ttf"), tmp_path / "after" / "fonts" / "other.ttf")
    after = name_of(plain), name_of(greek)
    assert after[0] == before[0]
    assert after[1] != before[1]
    settings.DATA_DIR = tmp_path / "changed"
    shutil.copytree(tmp_path / "after", tmp_path / "changed")
    with (tmp_path / "changed" / "fonts" / "other.ttf").open("ab") as font:
        font.write(b"\0")
    assert name_of(greek) not in (before[1], after[1])


DAY = "26 November 2026"


@pytest.mark.parametrize(
    "title",
    ["Дипломатия прервана", "Διπλωματία", "العلاقات", "外交关系", "외교", "Cut by 40 ₽", "Ælfrēd"],
)
def test_never_shows_empty_boxes_for_letters_that_its_fonts_lack(title, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for size_and_place in ("title", "question"):
        words = {"title": "", "question": "", size_and_place: title}
        assert draw.__wrapped__("On Record", words["title"], words["question"], DAY) == draw(
            "On Record", "", "", DAY
        )


def test_shows_the_sites_sign_where_it_cannot_show_the_title():
    drawn = Image.open(io.BytesIO(draw("On Record", "外交", "外交?", DAY))).convert("RGB")
    beside, above = drawn.getpixel((120, 322)), drawn.getpixel((120, 250))
    assert sum(beside) < 200 < 600 < sum(above)


def test_leaves_out_pictures_among_letters_and_what_is_invisible():
    plain = draw("On Record", "Its title", "Why?", DAY)
    assert draw("On Record", "Its 🎉 title", "Why\u200b?", DAY) == plain


def test_takes_the_other_font_for_letters_that_the_one_for_titles_lacks():
    assert draw("On Record", "Straße", "", DAY) != draw("On Record", "", "", DAY)
    assert draw("On Record", "Cafe\u0301", "", DAY) == draw("On Record", "Café", "", DAY)


def test_does_without_a_file_that_is_no_font(settings, tmp_path):
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "broken.ttf").write_bytes(b"no font")
    settings.DATA_DIR = tmp_path

    drawn = draw("On Record", "Διπλωματία", "", "26 November 2026")

    assert drawn.startswith(b"\x89PNG")


@pytest.mark.skipif(not _found("DejaVuSans.ttf"), reason="No font of other scripts is here.")
@pytest.mark.parametrize("title", ["Дипломатия прервана", "Διπλωματία", "العلاقات الدبلوماسية"])
def test_draws_other_scripts_with_the_fonts_of_the_data_directory(title, settings, tmp_path):
    (tmp_path / "fonts").mkdir()
    shutil.copy(_found("DejaVuSans.ttf"), tmp_path / "fonts" / "other.ttf")
    settings.DATA_DIR = tmp_path
    assert draw.__wrapped__("On Record", title, "", DAY) != draw("On Record", "", "", DAY)


def test_a_day_in_such_letters_is_written_in_figures(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    own = {"title": "Title", "question": "Why?"}
    moment = datetime(2026, 11, 26, 12, tzinfo=UTC)
    with translation.override("ru"):
        assert lines_of(own, moment)[3] == "2026-11-26"
    assert lines_of(own, moment)[3] == "26 Nov 2026"


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

    def test_leads_from_the_name_of_a_picture_drawn_otherwise_to_its_picture(
        self, client, monkeypatch
    ):
        build.published_article("one")
        now = self._address(client, "one")
        with monkeypatch.context() as patch:
            patch.setattr("articles.share_pictures._DRAWN_AS", 1)
            article = Article.objects.get(addresses__slug="one")
            live = article.publications.get()
            name = name_of(lines_of(live.revision.document["article"], live.updated_at))
        before = f"/articles/one/picture/{name}.png"
        assert before != now
        answer = client.get(before)
        assert (answer.status_code, answer["Location"]) == (302, now)
        assert client.get(before.replace(".png", "0.png")).status_code == 404

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
