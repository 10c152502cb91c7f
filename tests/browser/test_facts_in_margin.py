"""Key facts pulled out into the text stand in the margin of a wide window, and hold nothing up."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests import build
from tests.browser.recorded import Recorded, record
from tests.browser.test_reader import PHONE, TWO_FRAMES, WATCH_SHIFTS

ADDRESS = "/articles/facts/"
FACT = "![](fact:signed)"
QUOTED = '[@guide, p. 3: "All of it"]'
LONG = "Then it went on for longer than a line takes, as a paragraph does. " * 3
SECTIONS = {
    "Text runs on": f"It fell.\n\n{FACT}\n\nIt rose.\n\n- It stood.\n- It sat.\n\n{LONG}",
    "Sources stand near": f"It fell.[@guide]\n\n{FACT}\n\nIt rose.[@other]\n\n{LONG}[@guide]",
    "Two follow": f"It fell.\n\n{FACT}\n\nIt rose.\n\n{FACT}\n\nIt lay.\n\nIt went.",
    "A quotation is near": f"It fell.\n\n{FACT}\n\nIt rose.{QUOTED}\n\nIt lay.{QUOTED}",
    "A wide drawing follows": (
        f"It fell.\n\n{FACT}\n\nIt rose.\n\n"
        '```wordings\ntitle: Said\n"Yes" | She, 1920 | force\n"No" | He, 1933 | break\n```'
        "\n\nIt lay."
    ),
    "It stands last": f"It fell.[@guide]\n\n{FACT}",
    "It stands last of all": f"It fell.{QUOTED}\n\nIt rose.\n\n{FACT}",
}

# How far apart the words of a section's blocks are, the largest gap first.
GAPS = """(heading) => {
  const section = [...document.querySelectorAll(".section")]
    .find((one) => one.querySelector("h2").textContent.includes(heading));
  const text = [...section.children].filter((one) => one.matches("p:not(.row-links), ul"));
  const boxes = text.map((one) => {
    const words = new Range();
    words.selectNodeContents(one);
    return words.getBoundingClientRect();
  });
  return boxes.slice(1)
    .map((one, at) => one.top - boxes[at].bottom)
    .sort((one, other) => other - one);
}"""

# What lies on something else of the margin, on what takes the whole width, or on the next part.
ON_ANOTHER = """() => {
  const rows = [...document.querySelectorAll(
    ".section > :is(.note, .notes, .margin-sources, .pulled-fact, .wordings), .sections + *"
  )].filter((one) => one.checkVisibility({ visibilityProperty: true }));
  const boxes = rows.map((one) => one.getBoundingClientRect());
  const found = [];
  for (const [at, one] of boxes.entries()) {
    for (const other of boxes.slice(at + 1)) {
      if (one.top < other.bottom && other.top < one.bottom
        && one.left < other.right && other.left < one.right) found.push(rows[at].textContent);
    }
  }
  return found;
}"""


def make() -> Iterator[str]:
    article = build.article("facts", title="Facts in the margin")
    build.source(key="guide", title="A guide to treaties")
    build.source(key="other", title="Another guide to treaties, and what became of them")
    build.fact(
        article,
        anchor="signed",
        characteristic="Signed in the presence of both ministers",
        value="In *Riga*, after two months of talks about who was to be there.[@guide]",
    )
    for heading, body in SECTIONS.items():
        build.section(article, heading=heading, body=body)
    build.published(article)
    yield ADDRESS


@pytest.fixture(scope="module")
def facts(django_db_setup, django_db_blocker, tmp_path_factory) -> Recorded:
    """An article with facts pulled out in every kind of place."""
    return record(make, database=django_db_blocker, media=tmp_path_factory.mktemp("media"))


@pytest.fixture(params=["with scripts", "without scripts"])
def wide(request, new_page: Callable[..., Page]) -> Page:
    """A wide window, and the same without scripts."""
    has_scripts = request.param == "with scripts"
    return new_page(viewport={"width": 1280, "height": 800}, java_script_enabled=has_scripts)


@pytest.mark.parametrize("heading", ["Text runs on", "Sources stand near"])
def test_the_text_runs_on_beside_a_fact_taller_than_its_paragraph(wide, facts, heading):
    facts.open(wide, ADDRESS)
    gaps = wide.evaluate(GAPS, heading)
    assert gaps[0] < 24


def test_a_fact_that_stands_last_reaches_into_the_space_below_its_section(wide, facts):
    facts.open(wide, ADDRESS)
    section = wide.locator(".section", has_text="It stands last").first
    fact, heading = section.locator(".pulled-fact"), wide.locator(".section h2").last
    end = fact.bounding_box()["y"] + fact.bounding_box()["height"]
    assert abs(heading.bounding_box()["y"] - end) < 8


@pytest.mark.parametrize("width", [1250, 1280, 1920])
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_no_fact_in_the_margin_lies_on_another_thing(wide, facts, width, direction):
    wide.set_viewport_size({"width": width, "height": 800})
    facts.open(wide, ADDRESS)
    wide.evaluate("(direction) => { document.dir = direction }", direction)
    wide.screenshot()  # A frame in which all stands where it belongs.
    assert wide.evaluate(ON_ANOTHER) == []


def test_a_fact_begins_beside_its_paragraph(wide, facts):
    facts.open(wide, ADDRESS)
    fact = wide.locator(".section p + .pulled-fact").first.bounding_box()
    paragraph = wide.locator(".section p:has(+ .pulled-fact)").first.bounding_box()
    assert abs(fact["y"] - paragraph["y"]) < 8
    assert fact["x"] > paragraph["x"] + paragraph["width"]


def test_nothing_moves_when_sources_come_between(page: Page, facts):
    page.add_init_script(WATCH_SHIFTS)
    page.set_viewport_size({"width": 1280, "height": 3000})
    facts.open(page, ADDRESS)
    expect(page.locator(".margin-sources").first).to_be_visible()
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("shifted") == 0


def test_on_a_phone_a_fact_stands_in_the_text(page: Page, facts):
    facts.open(page, ADDRESS)
    page.set_viewport_size(PHONE)
    gaps = page.evaluate(GAPS, "Text runs on")
    fact = page.locator(".pulled-fact").first.bounding_box()
    assert gaps[0] > fact["height"]
