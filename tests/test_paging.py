"""Paging keeps what a list is filtered by, and gives its first page one address."""

import re

from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory


def paging(number: int, *, pages: int, query: str = "") -> str:
    request = RequestFactory().get(f"/articles/?{query}")
    page = Paginator(range(pages), 1).page(number)
    return render_to_string("_paging.html", {"page": page, "request": request}, request)


def shown(html: str) -> list[str]:
    """What stands in the row, in order, the current page in brackets."""
    html = re.sub(r'<span aria-current="page">.*?</span>(\d+)</span>', r"<i>[\1]</i>", html)
    return re.findall(r">([^<>\s]+)<", html)


def test_one_page_needs_no_paging():
    assert paging(1, pages=1).strip() == ""


def test_neighbours_first_and_last_are_offered():
    assert shown(paging(1, pages=2)) == ["[1]", "2", "Next"]
    assert shown(paging(2, pages=3)) == ["Previous", "1", "[2]", "3", "Next"]
    assert shown(paging(3, pages=3)) == ["Previous", "1", "2", "[3]"]
    assert shown(paging(5, pages=9)) == [
        "Previous", "1", "…", "4", "[5]", "6", "…", "9", "Next",
    ]  # fmt: skip


def test_no_gap_stands_for_nothing():
    assert "…" not in shown(paging(3, pages=5))
    assert shown(paging(3, pages=5)) == ["Previous", "1", "2", "[3]", "4", "5", "Next"]


def test_filters_are_kept():
    html = paging(2, pages=4, query="topic=diplomacy&q=a%26b&page=2")
    assert 'href="?topic=diplomacy&amp;q=a%26b&amp;page=3" rel="next"' in html


def test_the_first_page_has_no_number():
    html = paging(2, pages=4, query="topic=diplomacy&page=2")
    assert 'href="?topic=diplomacy" rel="prev"' in html
    assert "page=1" not in html


def test_the_current_page_is_marked_and_is_no_link():
    assert '<span aria-current="page"><span class="visually-hidden">Page </span>2</span>' in paging(
        2, pages=4
    )
