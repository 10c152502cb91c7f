"""What readers see: on a phone and at a desk, on paper, in the dark, and without scripts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, ViewportSize, expect

from tests import build
from tests.browser.demonstration import EXPLAINER, PAGES, SHORTER
from tests.browser.recorded import Recorded

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}
# The narrowest window that WCAG knows, a phone, a tablet, a desk.
WIDTHS = (320, 360, 768, 1280)

THIRTEEN = (
    "h1",  # 1: title, question, answer, summary, band
    ".question",
    ".short-answer",
    ".summary",
    ".status",
    "#facts table",  # 2
    "#contents",  # 3
    "#sections",  # 4
    "#see-also",  # 5
    "#timeline",  # 6
    "#faq",  # 7
    "#sources",  # 8
    "#history",  # 9
    "#share",  # 10; 11, printing, is a style sheet and a button that scripts add
    "#feedback",  # 12
    "#comments",  # 13
    "#comment-form",
)

# Elements that reach over the sides of the window, unless something around them scrolls or hides
# them on purpose.
TOO_WIDE = """() => {
  const clips = (element) => {
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (getComputedStyle(around).overflowX !== "visible") return true;
    }
    return false;
  };
  const width = document.documentElement.clientWidth;
  const found = [];
  if (document.documentElement.scrollWidth > width) found.push("the whole page scrolls sideways");
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility()) continue; // such as what is folded away
    const { left, right, width: own } = element.getBoundingClientRect();
    if (own > 1 && (left < -1 || right > width + 1) && !clips(element)) {
      found.push(`${element.tagName.toLowerCase()}.${element.classList} from ${left} to ${right}`);
    }
  }
  return found.slice(0, 5);
}"""

# What stands in the margins of printed pages.
PAGE_MARGINS = """() => {
  const within = (rules) => [...rules].flatMap((rule) => [rule, ...within(rule.cssRules ?? [])]);
  const rules = [...document.styleSheets].flatMap((sheet) => within(sheet.cssRules));
  return rules.filter((rule) => rule instanceof CSSPageRule).map((rule) => rule.cssText);
}"""

# The headings of a printed PDF: their text, and how many points above the edge each stands.
IN_OUTLINE = re.compile(rb"/Title (\(.+?\)|<\w+>)\n/Dest \[\d+ 0 R /XYZ [\d.]+ ([\d.]+) 0\]")
# The margin at the foot, a heading and the first lines below it.
ABOVE_THE_FOOT = 100

# How often a window is drawn until it is known how much room what came near takes.
SETTLED_AFTER = 4
# So many pixels stand above a place that a link leads to, at most.
ROOM_ABOVE_A_PLACE = 130
# The line around what has the focus, in pixels.
ROOM_FOR_THE_OUTLINE = 5

# Elements whose text does not fit into them and is cut off.
CUT_OFF = """() => [...document.body.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const flows = [style.overflowX, style.overflowY].join() === "visible,visible";
  if (flows || style.clipPath !== "none" || !element.innerText?.trim()) return false;
  const { scrollWidth, scrollHeight, clientWidth, clientHeight } = element;
  return scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
}).map((element) => element.outerHTML.slice(0, 80))"""

# Adds up which share of the window moved without the reader's doing, as "shifted".
WATCH_SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });"""

TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def shorter(page: Page, demonstration: Recorded) -> Page:
    """The demonstration's shorter article, at a desk: a band, drawings, questions, sources."""
    demonstration.open(page, SHORTER)
    return page


def luminance(colour: str) -> float:
    """How light a colour such as "rgb(16, 21, 28)" is, from 0 to 1."""
    red, green, blue = (int(one) / 255 for one in re.findall(r"\d+", colour)[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def style_of(locator: Locator, name: str, pseudo: str = "") -> str:
    return locator.evaluate(
        "(element, [name, pseudo]) => getComputedStyle(element, pseudo)[name]",
        [name, pseudo or None],
    )


# Windows


def test_nothing_reaches_over_the_sides_of_the_window(page: Page, problems, demonstration):
    problems.expect("404")  # the page that says that there is none
    wide = {}
    for address in PAGES:
        page.set_viewport_size(PHONE)
        demonstration.open(page, address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 740})
            if found := page.evaluate(TOO_WIDE):
                wide[address, width] = found
    assert wide == {}


def test_a_refused_form_fits_the_narrowest_window(page: Page, problems, live_server):
    build.published_article("one")
    problems.expect("422")
    page.set_viewport_size({"width": min(WIDTHS), "height": 740})
    page.goto("/articles/one/")
    page.get_by_role("button", name="Send for approval").click()
    expect(page.get_by_role("group", name="Your comment was not sent")).to_be_visible()
    assert page.evaluate(TOO_WIDE) == []


def test_links_into_a_page_lead_to_one_place_there(demonstration):
    for address in PAGES:
        html = demonstration.answers[address].body.decode()
        ids = re.findall(r'\sid="([^"]+)"', html)
        lost = set(re.findall(r'href="#([^"]+)"', html)) - set(ids)
        twice = {one for one in ids if ids.count(one) > 1}
        assert (lost, twice) == (set(), set()), address


@pytest.mark.parametrize("window", [PHONE, DESK], ids=["phone", "desk"])
def test_the_answer_stands_above_the_fold_in_words_and_drawn(
    new_page: Callable[..., Page], demonstration, window: ViewportSize
):
    page = new_page(viewport=window)
    demonstration.open(page, EXPLAINER)
    expect(page.locator(".question")).to_be_in_viewport(ratio=1)
    expect(page.locator(".short-answer")).to_be_in_viewport(ratio=1)
    expect(page.locator(".status svg")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0


def test_at_twice_the_size_nothing_is_cut_off(new_page: Callable[..., Page], demonstration):
    page = new_page(viewport={"width": 640, "height": 400}, device_scale_factor=2)
    demonstration.open(page, EXPLAINER)
    assert page.evaluate(CUT_OFF) == []
    for element in THIRTEEN:
        expect(page.locator(element).first).to_be_visible()


def test_topics_wrap_and_hide_nothing_at_the_side(page: Page, demonstration):
    page.set_viewport_size(PHONE)
    demonstration.open(page, EXPLAINER)
    assert page.locator(".topics a").count() > 5
    for topic in page.locator(".topics a").all():
        expect(topic).to_be_in_viewport(ratio=1)


def test_pictures_hold_their_place_before_they_arrive(page: Page, demonstration):
    demonstration.open(page, EXPLAINER)
    heights = "[...document.images].map((image) => image.getBoundingClientRect().height)"
    before = page.evaluate(heights)
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        page.evaluate("image => image.decode()", picture.element_handle())
    assert before == page.evaluate(heights)
    assert min(before) > 100


def test_the_reading_letters_move_little_when_they_arrive_late(page: Page, demonstration):
    late: list[Route] = []
    page.route("**/*.woff2", lambda route: late.append(route))
    page.add_init_script(WATCH_SHIFTS)
    demonstration.open(page, SHORTER, wait_until="domcontentloaded")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate(TWO_FRAMES)
    for route in late:
        route.continue_()
    page.evaluate("document.fonts.ready")
    page.evaluate(TWO_FRAMES)
    assert page.evaluate("document.fonts.check('1rem \"Dossier Text\"')")
    # What browsers' makers call good is 0.1; the sum of shares of the window that moved.
    assert page.evaluate("shifted") < 0.1


# Light, dark, and the reader's own colours


def test_the_page_is_light_by_day_and_dark_by_night(shorter: Page):
    for scheme, is_dark in (("light", False), ("dark", True)):
        shorter.emulate_media(color_scheme=scheme)
        paper = luminance(style_of(shorter.locator("html"), "backgroundColor"))
        ink = luminance(style_of(shorter.locator(".summary"), "color"))
        assert (paper < 0.1 and ink > 0.8) if is_dark else (paper > 0.9 and ink < 0.2)


def test_the_answer_stays_drawn_in_the_readers_own_colours(shorter: Page):
    shorter.emulate_media(forced_colors="active")
    paper = style_of(shorter.locator("html"), "backgroundColor")
    drawn = ((".status-force", "fill"), (".status-break", "stroke"), (".status-gap", "stroke"))
    for part, name in drawn:
        assert style_of(shorter.locator(part).first, name) != paper
    for button in shorter.get_by_role("button").all():
        assert style_of(button, "borderTopStyle") == "solid"
        assert style_of(button, "borderTopColor") != paper


# Scripts


def test_the_contents_mark_where_one_reads(page: Page, demonstration):
    demonstration.open(page, EXPLAINER)
    marked = page.locator("#contents [aria-current=location]")
    expect(marked).to_have_count(0)
    third = page.locator("#contents ol a").nth(2)
    third.click()
    expect(marked).to_have_text(third.inner_text())
    expect(page.locator("#sections h2").nth(2)).to_be_in_viewport()
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    expect(marked).to_have_count(0)


def test_copying_printing_and_the_devices_sharing_are_added_by_scripts(
    page: Page, page_without_scripts: Page, demonstration
):
    page.add_init_script("navigator.share = async () => {}")
    demonstration.open(page, SHORTER)
    demonstration.open(page_without_scripts, SHORTER)
    links = ["E-mail", "Bluesky", "Mastodon", "LinkedIn"]
    actions = page.locator("#share").get_by_role("listitem")
    expect(actions).to_have_text(["Share", "Copy link", "Print", *links])
    expect(page_without_scripts.locator("#share").get_by_role("listitem")).to_have_text(links)


@pytest.mark.parametrize("runs_scripts", [True, False], ids=["with scripts", "without"])
def test_the_link_to_an_answer_opens_it(
    new_page: Callable[..., Page], demonstration, runs_scripts: bool
):
    page = new_page(java_script_enabled=runs_scripts)
    demonstration.open(page, SHORTER)
    answer = page.locator(".question-answer").nth(1)
    expect(answer).to_be_hidden()
    link = f"#{answer.get_attribute('id')}"
    page.goto("about:blank")
    page.goto(f"{SHORTER}{link}")
    expect(answer).to_be_in_viewport()


def test_all_thirteen_elements_are_there_without_scripts(page_without_scripts: Page, demonstration):
    demonstration.open(page_without_scripts, EXPLAINER)
    for element in THIRTEEN:
        expect(page_without_scripts.locator(element).first).to_be_visible()


def test_on_a_phone_a_line_parts_the_day_of_a_fact_from_the_next_one(
    new_page: Callable[..., Page], demonstration: Recorded
):
    phone = new_page(viewport=PHONE)
    demonstration.open(phone, EXPLAINER)
    lines = phone.locator("#facts tbody tr").evaluate_all(
        "(all) => all.map((row) => getComputedStyle(row).borderBlockStartWidth)"
    )
    assert set(lines) == {"1px"}


# Links to places


@pytest.mark.parametrize("width", [360, 768])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_link_to_a_place_brings_that_place_to_the_top_of_the_window(
    new_page: Callable[..., Page], demonstration: Recorded, width: int, scripts: bool
):
    size: ViewportSize = {"width": width, "height": 800}
    reader = new_page(viewport=size, java_script_enabled=scripts)
    demonstration.open(reader, EXPLAINER)
    off = {}
    for place in ("timeline", "event-stagnation", "faq", "source-30", "sanctions"):
        reader.goto("about:blank")
        reader.goto(f"{EXPLAINER}#{place}")
        for _ in range(SETTLED_AFTER):
            reader.screenshot()  # Draws the window anew, which asking for a place does not.
        top = reader.locator(f"#{place}").evaluate("(one) => one.getBoundingClientRect().top")
        if not 0 <= top < ROOM_ABOVE_A_PLACE:
            off[place] = top
    assert off == {}


# By keyboard


def test_what_has_the_focus_stands_clear_of_the_edges_of_the_window(page: Page, demonstration):
    demonstration.open(page, EXPLAINER)
    page.locator("#facts a.cite").first.focus()
    next_stop = page.locator("#facts summary").first
    next_stop.evaluate(
        "(one) => scrollTo(0, scrollY + one.getBoundingClientRect().bottom - innerHeight - 6)"
    )
    page.keyboard.press("Tab")
    page.evaluate(TWO_FRAMES)
    expect(next_stop).to_be_focused()
    room = next_stop.evaluate("(one) => innerHeight - one.getBoundingClientRect().bottom")
    assert room >= ROOM_FOR_THE_OUTLINE


def test_the_forms_that_find_a_version_begin_at_one_height(page: Page, demonstration):
    demonstration.open(page, f"{SHORTER}history/")
    tops = page.locator(".finding-form label").evaluate_all(
        "(all) => all.map((one) => Math.round(one.getBoundingClientRect().top))"
    )
    assert tops[0] == tops[1]


def test_the_sign_that_opens_an_answer_stands_beside_its_question(page: Page, demonstration):
    demonstration.open(page, "/faq/")
    due = page.locator(".question-item > summary", has=page.locator(".stale")).first
    rows = style_of(due, "gridTemplateRows").split()
    assert len(rows) > 1
    assert style_of(due, "gridRowStart", "::after") == "1"


# Paper


def test_paper_shows_every_answer_and_every_address_and_no_form(
    page_without_scripts: Page, demonstration
):
    paper = page_without_scripts
    demonstration.open(paper, SHORTER)
    paper.emulate_media(media="print")
    answers = paper.locator(".question-answer")
    assert answers.count() > 2
    for answer in answers.all():
        expect(answer).to_be_visible()
    for form in (*paper.locator("main form").all(), paper.locator("#share")):
        expect(form).to_be_hidden()
    source = paper.locator("#source-1 a[href^=http]").first
    assert source.get_attribute("href") in style_of(source, "content", "::after")
    expect(paper.locator(".key").first).to_be_visible()
    assert luminance(style_of(paper.locator("html"), "backgroundColor")) == 1


def test_every_printed_page_says_which_page_version_and_day_it_is_of(
    page_without_scripts: Page, demonstration
):
    paper = page_without_scripts
    demonstration.open(paper, f"{SHORTER}history/1/")
    # What stands in the margin below every page; see print.css.
    foot = paper.locator("html").get_attribute("data-printed-from")
    assert re.fullmatch(
        rf"http://[^/]+{SHORTER}history/1/ · version 1 · \d+ [A-Z][a-z]+ 20\d\d", foot
    )
    demonstration.open(paper, SHORTER)
    foot = paper.locator("html").get_attribute("data-printed-from")
    assert re.search(rf"{SHORTER} · version 2 · ", foot)
    paper.emulate_media(media="print")
    given = "getComputedStyle(document.documentElement).getPropertyValue('--printed-from')"
    assert paper.evaluate(given) == f'"{foot}"'
    expect(paper.locator(".printed-from")).to_have_text(foot)
    assert [rule for rule in paper.evaluate(PAGE_MARGINS) if "--printed-from" in rule]


def test_paper_has_what_the_version_says_and_not_what_readers_wrote_below(
    page_without_scripts: Page, demonstration
):
    paper = page_without_scripts
    demonstration.open(paper, EXPLAINER)
    expect(paper.locator("#comments")).to_be_visible()
    paper.emulate_media(media="print")
    for hidden in ("#comments", ".site-nav", "#contents", ".colophon", "#facts .row-foot"):
        expect(paper.locator(hidden).first).to_be_hidden()
    for shown in ("#facts tr", "#timeline .event", "#timeline .era", "#sources .source"):
        every = paper.locator(shown)
        assert every.count() > 3
        expect(every.last).to_be_visible()
    demonstration.open(paper, f"{EXPLAINER}comments/")
    expect(paper.locator(".comment").first).to_be_visible()


def test_a_printed_page_of_a_list_says_how_much_of_it_stands_there(
    page_without_scripts: Page, demonstration: Recorded
):
    paper = page_without_scripts
    demonstration.open(paper, "/timeline/")
    told = paper.locator(".timeline .printed-from")
    expect(told).to_be_hidden()
    paper.emulate_media(media="print")
    expect(told).to_be_visible()
    shown, every = paper.locator(".event").count(), paper.locator("[role=status]").inner_text()
    expect(told).to_have_text(f"1 to {shown} of {every.split()[0]} stand here, page 1 of 2.")
    expect(paper.locator(".take-away")).to_be_hidden()


@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_no_heading_is_left_behind_at_the_foot_of_a_printed_page(
    page: Page, demonstration: Recorded, size: str
):
    demonstration.open(page, EXPLAINER)
    paper = page.pdf(format=size, outline=True, tagged=True)
    headings = [(title, float(above_edge)) for title, above_edge in IN_OUTLINE.findall(paper)]
    assert len(headings) > 60
    assert [heading for heading in headings if heading[1] < ABOVE_THE_FOOT] == []


def test_the_print_button_waits_for_pictures_that_nobody_has_scrolled_to(page: Page, demonstration):
    page.add_init_script(
        """window.print = () => {
          const missing = [...document.images].filter((one) => !one.naturalWidth);
          document.documentElement.dataset.missing = missing.length;
        }"""
    )
    demonstration.open(page, EXPLAINER)
    assert page.evaluate("[...document.images].some((one) => !one.complete)")
    page.locator("#share .actions").get_by_role("button", name="Print").dispatch_event("click")
    expect(page.locator("html")).to_have_attribute("data-missing", "0")


def test_printing_opens_the_answers_for_browsers_that_keep_them_shut(shorter: Page):
    shorter.evaluate(
        """addEventListener("beforeprint", () => {
          window.shut = document.querySelectorAll("details:not([open])").length;
        })"""
    )
    paper = shorter.pdf(format="A4", outline=True, tagged=True)
    assert paper.startswith(b"%PDF")
    assert shorter.evaluate("shut") == 0
    assert shorter.locator("details:not([open])").count() > 1
