"""How a version of an article is cited elsewhere: in words, and for reference managers."""

import json
import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from articles.citation_styles import STYLES, Author, Cited, author
from articles.deeds import withdraw
from articles.models import Article
from tests import build

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

ONE = Cited(
    key="telegram-v3",
    title="The telegram: 100 % late & lost?",
    abstract="It came late.",
    authors=(Author("Eurasia desk"), Author("van der Berg", "Anna Maria"), Author("Li", "J.-P.")),
    site="On Record",
    version=3,
    published_on=date(2026, 3, 1),
    url="https://example.org/articles/telegram/history/3/",
)


def cite(style: str, of: Cited = ONE) -> str:
    return STYLES[style].cite(of)


# In words


def test_apa_names_authors_day_version_and_site():
    assert cite("apa") == (
        "Eurasia desk, van der Berg, A. M., & Li, J.-P. (2026, March 1). "
        "The telegram: 100 % late & lost? (Version 3) [Explainer]. On Record. "
        "https://example.org/articles/telegram/history/3/"
    )


def test_chicago_turns_the_first_name_around_only():
    assert cite("chicago") == (
        "Eurasia desk, Anna Maria van der Berg, and J.-P. Li. "
        "“The telegram: 100 % late & lost?” On Record, version 3, March 1, 2026. "
        "https://example.org/articles/telegram/history/3/."
    )


def test_what_follows_a_family_name_is_no_part_of_it():
    first, second = author("Martin Luther King Jr."), author("Ada M. Byron, III")
    of = make(authors=(first, second))
    assert cite("apa", of).startswith("King, M. L., Jr., & Byron, A. M., III. (")
    assert cite("chicago", of).startswith("King, Martin Luther, Jr., and Ada M. Byron III. ")
    assert "{King, Jr., Martin Luther and Byron, III, Ada M.}" in cite("bibtex", of)
    assert "AU  - King, Martin Luther, Jr.\r\n" in cite("ris", of)
    (item,) = json.loads(cite("csl", of))
    assert item["author"][0] == {"family": "King", "given": "Martin Luther", "suffix": "Jr."}
    assert author("Elizabeth II") == Author("Elizabeth II")


def test_a_desk_alone_is_cited_as_it_is_called():
    of = make(authors=(Author("Eurasia desk"),))
    assert cite("apa", of).startswith("Eurasia desk. (2026, March 1).")
    assert cite("chicago", of).startswith("Eurasia desk. “")


def test_two_desks_are_joined_without_a_comma_in_chicago():
    of = make(authors=(Author("Eurasia desk"), Author("Sources desk")))
    assert cite("chicago", of).startswith("Eurasia desk and Sources desk. “")


def test_what_nobody_signed_is_the_sites():
    of = make(authors=())
    assert cite("apa", of).startswith("On Record. (2026")
    assert cite("chicago", of).startswith("On Record. “")


@pytest.mark.parametrize(("style", "shown"), [("apa", "A20"), ("chicago", "et al")])
def test_of_many_authors_each_style_leaves_out_its_own(style, shown):
    many = make(authors=tuple(Author(f"A{n}") for n in range(21)))
    few = make(authors=tuple(Author(f"A{n}") for n in range(3)))
    assert shown in cite(style, many)
    assert "A12" not in cite("chicago", many)
    assert ". . ." in cite("apa", many)
    assert "et al" not in cite(style, few)
    assert ". . ." not in cite(style, few)


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("Anna Li", ("Li", "Anna")),
        ("Ludwig van Beethoven", ("van Beethoven", "Ludwig")),
        ("Plato", ("Plato", "")),
        ("History desk", ("History desk", "")),
    ],
)
def test_a_name_is_sorted_by_its_last_part(name, split):
    assert author(name) == Author(*split)


# As data


def test_bibtex_keeps_signs_that_mean_something_to_it():
    entry = cite("bibtex", make(title=r"5 % of {all} $_# ~^\ & more"))
    assert entry.startswith("@misc{telegram-v3,\n")
    assert (
        r"{{5 \% of \{all\} \$\_\# \textasciitilde{}\textasciicircum{}\textbackslash{} \& more}}"
        in entry
    )
    assert "{{Eurasia desk} and van der Berg, Anna Maria and Li, J.-P.}" in entry
    assert "month        = mar," in entry


def test_ris_has_one_tag_a_line_and_ends_the_record():
    lines = cite("ris").split("\r\n")
    assert lines[0] == "TY  - ELEC"
    assert lines[-2:] == ["ER  - ", ""]
    assert "AU  - van der Berg, Anna Maria" in lines
    assert "DA  - 2026/03/01/" in lines
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])


def test_csl_tells_desks_from_people():
    (item,) = json.loads(cite("csl"))
    assert item["author"][:2] == [
        {"literal": "Eurasia desk"},
        {"family": "van der Berg", "given": "Anna Maria"},
    ]
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert (item["version"], item["URL"]) == ("3", ONE.url)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_title_breaks_out_of_its_field(title):
    of = make(title=title, abstract=title)
    assert len(cite("ris", of).split("\r\n")) == len(cite("ris").split("\r\n"))
    assert "\n" not in cite("ris", of).replace("\r\n", "")
    assert json.loads(cite("csl", of))[0]["title"] == title
    entry = re.sub(r"\\[{}]", "", cite("bibtex", of))
    assert entry.count("{") == entry.count("}")


# The addresses


@pytest.fixture
def article(db):
    with time_machine.travel(NOON, tick=False):
        desk = build.person(name="Eurasia desk", slug="eurasia-desk")
        article = build.full_article("telegram", title="The telegram")
        article.written_by.set([desk])
        build.published(article)
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        article.title = "The late telegram"
        article.save()
        build.published(article)
        yield article


@pytest.mark.parametrize("style", STYLES)
def test_each_style_has_an_address_that_names_version_and_site(client, article, style):
    answer = client.get(f"/articles/telegram/cite/{style}")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == STYLES[style].content_type
    assert "telegram-v2." in answer.headers["Content-Disposition"]
    assert "The late telegram" in text
    assert "http://testserver/articles/telegram/history/2/" in text


def test_an_older_version_is_cited_as_it_was(client, article):
    text = client.get("/articles/telegram/cite/apa?version=1").content.decode()
    assert text.startswith("Eurasia desk. (2026, November 22). The telegram (Version 1)")
    assert text.endswith("/articles/telegram/history/1/")


@pytest.mark.parametrize(
    "address",
    ["cite/mla", "cite/apa?version=3", "cite/apa?version=x", "cite/apa?version=" + "9" * 30],
)
def test_what_is_not_there_is_not_cited(client, article, address):
    assert client.get(f"/articles/telegram/{address}").status_code == 404


def test_the_day_cited_is_the_one_that_the_page_names(client, settings, db):
    settings.TIME_ZONE = "America/New_York"
    with time_machine.travel(datetime(2026, 11, 11, 3, tzinfo=UTC), tick=False):
        build.published_article("late")
        assert "10 Nov 2026" in client.get("/articles/late/").text
        assert "(2026, November 10)" in client.get("/articles/late/cite/apa").text


def test_a_draft_and_a_withdrawn_article_are_not_cited(client, article):
    build.full_article("draft")
    assert client.get("/articles/draft/cite/apa").status_code == 404
    withdraw(Article.objects.get(pk=article.pk), by=None)
    assert client.get("/articles/telegram/cite/apa").status_code == 404


def test_the_page_shows_both_styles_in_words_and_links_to_the_files(client, article):
    page = client.get("/articles/telegram/").content.decode()
    assert "(Version 2) [Explainer]. " in page
    assert 'href="/articles/telegram/cite/bibtex?version=2"' in page
    older = client.get("/articles/telegram/history/1/").content.decode()
    assert "(Version 1) [Explainer]. " in older


def make(**changed: object) -> Cited:
    values = {name: getattr(ONE, name) for name in ONE.__slots__}
    return Cited(**values | changed)
