"""The timeline drawn on a scale: made from the list, worked by keys, buttons, wheel and finger."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from articles.deeds import withdraw
from articles.models import Article, Publication
from tests import build
from tests.browser.axe import violations

PAINTED = """() => {
  const canvas = document.querySelector(".scale-plot canvas");
  const seen = canvas?.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Boolean(seen?.some((value) => value));
}"""

# How many rows, each as tall as the button of an event, are painted nowhere: counted from above,
# past what runs through all rows, which is the same in the topmost line.
BLANK_ROWS = """() => {
  const canvas = document.querySelector(".scale-plot canvas");
  if (!canvas) return Infinity;
  const { width, height } = canvas;
  const seen = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const painted = (y) => {
    let count = 0;
    for (let x = 0; x < width; x++) count += seen[(y * width + x) * 4 + 3] > 0;
    return count;
  };
  let y = 3;
  while (y < height && painted(y) <= painted(2) + 3) y++;
  return y / devicePixelRatio / 23;
}"""

# Is anything black in the first and in the last eighth of a drawing?
DARK_AT_BOTH_SIDES = """(canvas) => {
  const eighth = canvas.width >> 3;
  return [0, canvas.width - eighth].map((from) => {
    const seen = canvas.getContext("2d").getImageData(from, 0, eighth, canvas.height >> 1).data;
    return seen.some((value, place) => place % 4 === 3 && value > 200 && seen[place - 1] < 30);
  });
}"""

# Has the list below the drawing been moved? What stands below the list may be, by entries that
# are laid out when they come near.
LIST_SHIFTED = """
window.shifted = [];
new PerformanceObserver((list) => {
  for (const { sources } of list.getEntries()) {
    for (const { node } of sources) {
      if (node?.closest?.(".scale, [data-renewed=list]")) shifted.push(node.className);
    }
  }
}).observe({ type: "layout-shift", buffered: true });
"""

# How the mark of an entry of the list is painted.
MARK = """(entry) => {
  const { maskImage, clipPath, backgroundImage } = getComputedStyle(entry, "::after");
  return { maskImage, clipPath, backgroundImage };
}"""


@pytest.fixture
def events(live_server) -> None:
    """Events of several centuries before readers, one before the year 1, one that goes on."""
    article = build.article("relations", title="Relations")
    for title, date, kind, actors in (
        ("Caesar is killed", "-0043-03-15", "Death", ["Rome"]),
        ("An envoy waits", "1780/1783", "Mission", ["United States"]),
        ("A treaty is near", "1917~", "Treaty", ["Russia", "United States"]),
        ("Recognition", "1933-11-16", "Treaty", ["United States"]),
        ("Talks", "2025-02-18/..", "Talks", ["Russia"]),
    ):
        build.event(article, title=title, date=date, kind=kind, actors=actors)
    build.published(article)


@pytest.fixture
def drawn(page: Page, events) -> Page:
    """The site's timeline, drawn."""
    page.goto("/timeline/")
    expect(page.locator(".scale-plot canvas")).to_be_visible()
    return page


def stop(page: Page):
    """The button over the mark of the current event: the one stop of the Tab key."""
    return page.locator(".scale-stop")


def period(page: Page) -> str:
    """The years in view, once they are painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator(".scale-period").inner_text()


# What is drawn


def test_it_is_drawn_from_the_list_in_its_own_words(drawn: Page):
    drawn.wait_for_function(PAINTED)
    expect(stop(drawn)).to_have_accessible_name(re.compile("^44 BC 15 March: Caesar is killed$"))
    expect(drawn.locator(".scale-period")).to_have_text(re.compile(r"^44 BC to 20\d\d$"))
    assert drawn.locator(".scale-plot button").count() == 1


def test_without_scripts_the_list_is_whole_and_no_room_is_kept(page_without_scripts, events):
    page = page_without_scripts
    page.goto("/timeline/")
    expect(page.locator("ol.events > li")).to_have_count(5)
    expect(page.locator(".scale")).to_be_hidden()


def test_the_page_of_an_article_draws_its_own(page: Page, events):
    page.goto("/articles/relations/#timeline")
    page.wait_for_function(PAINTED)
    expect(stop(page)).to_have_accessible_name(re.compile("Caesar"))


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("count", [0, 1, 5, 9, 30])
def test_it_is_as_tall_as_its_rows_and_nothing_moves_when_it_is_drawn(
    new_page, live_server, count, width
):
    page = new_page(viewport={"width": width, "height": 1200})
    if count:
        many_events(count)
    page.add_init_script(LIST_SHIFTED)
    page.goto("/timeline/")
    if count:
        # Marks from the top to the foot: what is left blank is less than two rows.
        page.wait_for_function(f"() => ({BLANK_ROWS})() < 2")
    else:
        page.wait_for_function("() => document.querySelector('.scale').hidden")
        assert page.locator(".empty").bounding_box()["y"] < 900
    assert page.evaluate("shifted") == []


def many_events(count: int) -> Article:
    """Publish so many events, one every nine years."""
    article = build.article("relations", title="Relations")
    for number in range(count):
        build.event(article, title=f"Event {number}", date=str(1700 + 9 * number))
    build.published(article)
    return article


def height(page: Page) -> float:
    """How tall the drawing is, in pixels."""
    return page.locator(".scale").bounding_box()["height"]


def test_filtering_draws_it_anew(drawn: Page):
    whole = height(drawn)
    drawn.get_by_label("Kind").select_option("Treaty")
    expect(stop(drawn)).to_have_accessible_name("c. 1917: A treaty is near")
    expect(drawn.locator(".scale-period")).to_have_text("1917 to 1933")
    assert height(drawn) < whole
    drawn.get_by_label("Words", exact=True).fill("nothing like it")
    expect(drawn.locator(".scale")).to_be_hidden()
    drawn.get_by_role("link", name="show all events").click()
    expect(drawn.locator(".scale-period")).to_have_text(re.compile("^44 BC"))
    assert height(drawn) == whole


def test_a_list_that_is_empty_from_the_beginning_keeps_no_room_and_is_drawn_when_loosened(
    page: Page, events
):
    page.goto("/timeline/?kind=Treaty&q=nothing")
    gap = (
        page.locator(".empty").bounding_box()["y"]
        - page.locator(".result-count").bounding_box()["y"]
    )
    assert gap < 120
    page.get_by_role("link", name="without Words “nothing”").click()
    expect(page.locator(".scale-period")).to_have_text("1917 to 1933")


def test_lanes_are_as_tall_as_the_events_they_hold(drawn: Page):
    drawn.get_by_role("button", name="By kind").click()
    # Of four kinds three have one event, of which none needs a second row.
    assert height(drawn) < 420


def test_one_year_is_said_as_one(drawn: Page):
    drawn.get_by_label("From year").fill("1933")
    drawn.get_by_label("To year").fill("1933")
    expect(drawn.locator(".scale-period")).to_have_text("1933")


def test_the_period_is_said_once(drawn: Page):
    """By the slider to those who move it, and by a status to those who press anything else."""
    status = drawn.locator(".scale [role=status]")
    expect(drawn.locator(".scale-period")).to_have_attribute("aria-hidden", "true")
    expect(status).to_have_text("")
    drawn.get_by_role("button", name="Zoom in").click()
    expect(status).to_have_text(period(drawn))
    drawn.get_by_role("slider", name="Period shown").focus()
    expect(status).to_have_text("")
    drawn.keyboard.press("End")
    expect(drawn.locator(".scale-period")).to_have_text(re.compile("to 20"))
    expect(status).to_have_text("")


# Keys


def test_arrows_move_between_events_by_one_stop_and_enter_goes_to_the_list(drawn: Page):
    stop(drawn).focus()
    drawn.keyboard.press("ArrowRight")
    expect(stop(drawn)).to_be_focused()
    expect(stop(drawn)).to_have_accessible_name("1780 to 1783: An envoy waits")
    drawn.keyboard.press("End")
    expect(stop(drawn)).to_have_accessible_name(re.compile("Talks"))
    drawn.keyboard.press("ArrowRight")
    expect(stop(drawn)).to_have_accessible_name(re.compile("Talks"))
    drawn.keyboard.press("Home")
    drawn.keyboard.press("ArrowRight")
    drawn.keyboard.press("Enter")

    entry = drawn.locator("ol.events > li", has_text="An envoy waits")
    expect(entry).to_be_focused()
    expect(entry).to_be_in_viewport()


def test_plus_minus_and_nought_zoom_and_the_current_event_stays_in_view(drawn: Page):
    whole = period(drawn)
    stop(drawn).focus()
    drawn.keyboard.press("End")
    for _ in range(6):
        drawn.keyboard.press("+")
    expect(drawn.locator(".scale-period")).to_have_text(re.compile(r"^18\d\d to 20\d\d$"))
    drawn.keyboard.press("Home")
    expect(drawn.locator(".scale-period")).to_have_text(re.compile("^44 BC"))
    drawn.keyboard.press("0")
    expect(drawn.locator(".scale-period")).to_have_text(whole)


def test_keys_are_left_to_the_page_outside_of_it_and_with_control(drawn: Page):
    drawn.evaluate(
        "addEventListener('keydown', (event) => { window.taken = event.defaultPrevented; })"
    )
    drawn.get_by_role("button", name="Fit").focus()
    drawn.keyboard.press("End")
    assert drawn.evaluate("taken") is False
    stop(drawn).focus()
    drawn.keyboard.press("PageDown")
    assert drawn.evaluate("taken") is False
    drawn.keyboard.press("Control+ArrowRight")
    assert drawn.evaluate("taken") is False
    drawn.keyboard.press("ArrowRight")
    assert drawn.evaluate("taken") is True


def test_up_and_down_change_lanes(drawn: Page):
    drawn.get_by_role("button", name="By kind").click()
    expect(drawn.get_by_role("button", name="By kind")).to_have_attribute("aria-pressed", "true")
    stop(drawn).focus()
    drawn.keyboard.press("Home")
    drawn.keyboard.press("ArrowUp")
    # Treaties are the most and lie on top; of those in the lane above it is the nearest in time.
    expect(stop(drawn)).not_to_have_accessible_name(re.compile("Caesar"))
    expect(stop(drawn)).to_be_focused()


# Zoom and pan


def test_buttons_zoom_fit_and_show_today(drawn: Page):
    whole = period(drawn)
    drawn.get_by_role("button", name="Zoom in").click()
    drawn.get_by_role("button", name="Zoom in").click()
    expect(drawn.locator(".scale-period")).not_to_have_text(whole)
    drawn.get_by_role("button", name="Today").click()
    expect(drawn.locator(".scale-period")).to_have_text(re.compile(r"to 20\d\d$"))
    drawn.get_by_role("button", name="Fit").click()
    expect(drawn.locator(".scale-period")).to_have_text(whole)


def test_the_wheel_scrolls_the_page_also_after_a_click_and_zooms_with_control(drawn: Page):
    whole = period(drawn)
    plot = drawn.locator(".scale-plot")
    box = plot.bounding_box()
    # Where nothing is drawn: a click on an event goes to the list.
    drawn.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + 12)
    expect(stop(drawn)).to_be_focused()
    before = drawn.evaluate("scrollY")
    drawn.mouse.wheel(0, 120)
    drawn.wait_for_function("(before) => scrollY > before", arg=before)
    assert period(drawn) == whole
    plot.hover()
    drawn.keyboard.down("Control")
    drawn.mouse.wheel(0, -120)
    drawn.keyboard.up("Control")
    expect(drawn.locator(".scale-period")).not_to_have_text(whole)


def test_the_wheel_pans_sideways_and_is_the_browsers_where_nothing_is_left_to_pan(drawn: Page):
    drawn.evaluate(
        "addEventListener('wheel', (event) => { window.taken = event.defaultPrevented; })"
    )
    drawn.locator(".scale-plot").hover()
    drawn.mouse.wheel(120, 0)
    drawn.wait_for_function("() => window.taken === false")
    stop(drawn).focus()
    drawn.keyboard.press("Home")
    for _ in range(3):
        drawn.get_by_role("button", name="Zoom in").click()
    drawn.locator(".scale-plot").hover()
    before = period(drawn)
    drawn.mouse.wheel(600, 0)
    expect(drawn.locator(".scale-period")).not_to_have_text(before)
    assert drawn.evaluate("taken") is True


def test_it_says_what_the_wheel_or_a_finger_does(drawn: Page, new_page):
    expect(drawn.locator(".scale-readout")).to_contain_text("Ctrl and the wheel zoom")
    phone = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    phone.goto("/timeline/")
    expect(phone.locator(".scale-readout")).to_contain_text("pinch to zoom")


def test_dragging_pans(drawn: Page):
    drawn.get_by_role("button", name="Zoom in").click()
    before = period(drawn)
    box = drawn.locator(".scale-plot").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + 20)
    drawn.mouse.move(*middle)
    drawn.mouse.down()
    drawn.mouse.move(middle[0] - 300, middle[1], steps=4)
    drawn.mouse.up()
    expect(drawn.locator(".scale-period")).not_to_have_text(before)


def test_the_window_over_the_whole_time_is_moved_by_keys_and_by_pointer(drawn: Page):
    window = drawn.get_by_role("slider", name="Period shown")
    for _ in range(3):
        drawn.get_by_role("button", name="Zoom in").click()
    expect(window).to_have_attribute("aria-valuetext", period(drawn))
    window.focus()
    drawn.keyboard.press("End")
    expect(drawn.locator(".scale-period")).to_have_text(re.compile(r"to 20\d\d$"))
    drawn.keyboard.press("Home")
    expect(drawn.locator(".scale-period")).to_have_text(re.compile("^44 BC"))
    drawn.locator(".scale-readout").scroll_into_view_if_needed()
    strip = drawn.locator(".scale-overview").bounding_box()
    drawn.mouse.click(strip["x"] + strip["width"] - 40, strip["y"] + 20)
    expect(drawn.locator(".scale-period")).to_have_text(re.compile(r"to 20\d\d$"))


def test_a_finger_first_shows_an_event_and_then_goes_there(new_page, events):
    page = new_page(viewport={"width": 360, "height": 740}, has_touch=True)
    page.goto("/timeline/")
    page.wait_for_function(PAINTED)
    page.locator(".scale-plot").scroll_into_view_if_needed()
    box = stop(page).bounding_box()
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.touchscreen.tap(*at)
    expect(page.locator(".scale-readout")).to_contain_text("Caesar is killed")
    page.touchscreen.tap(*at)
    expect(page.locator("ol.events > li", has_text="Caesar is killed")).to_be_focused()


# The list and the drawing keep each other's place


def test_an_entry_of_the_list_is_marked_in_the_drawing(drawn: Page):
    drawn.locator("ol.events > li", has_text="An envoy waits").hover()
    expect(drawn.locator(".scale-readout")).to_have_text("1780 to 1783 An envoy waits")
    drawn.locator("ol.events > li", has_text="Recognition").get_by_role("link").last.focus()
    expect(stop(drawn)).to_have_accessible_name("1933 16 November: Recognition")


def test_beginnings_are_marked_in_the_list_as_ends_are(page_without_scripts: Page, live_server):
    article = build.article("relations", title="Relations")
    for title, date in (
        ("Plain", "1900/1910"),
        ("About its start", "1901~/1910"),
        ("About its end", "1902/1910~"),
        ("Open start", "../1903"),
        ("Open end", "1904/.."),
        ("Day", "1905-05-05"),
        ("About a day", "1906-05-05~"),
    ):
        build.event(article, title=title, date=date)
    build.published(article)
    page_without_scripts.goto("/timeline/")
    marks = {
        title: page_without_scripts.locator("ol.events > li", has_text=re.compile(title)).evaluate(
            MARK
        )
        for title in ("Plain", "About its start", "About its end", "Open start", "Open end")
    }
    assert len({str(mark) for mark in marks.values()}) == 5, marks
    days = [
        page_without_scripts.locator("ol.events > li", has_text=re.compile(title)).evaluate(MARK)
        for title in ("Day", "About a day")
    ]
    # Broken, not faded: a ring has no edges.
    assert days[0] != days[1]
    assert days[1]["maskImage"] == "none"


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(new_page, events, width, scheme):
    page = new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.goto("/timeline/")
    page.wait_for_function(PAINTED)
    page.get_by_role("button", name="By actor").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page, within=".scale") == []


def test_it_is_mirrored_where_people_read_from_the_right(page: Page, events):
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl'; })"
    )
    page.goto("/timeline/")
    page.wait_for_function(PAINTED)
    plot, first = page.locator(".scale-plot").bounding_box(), stop(page).bounding_box()
    assert first["x"] > plot["x"] + plot["width"] / 2
    stop(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(stop(page)).to_have_accessible_name("1780 to 1783: An envoy waits")


# On paper


@pytest.mark.parametrize("lanes", ["Together", "By kind"])
@pytest.mark.parametrize(("sheet", "width", "height"), [("A4", 673, 998), ("lying", 1001, 658)])
def test_on_paper_it_is_whole_however_the_sheet_lies(drawn: Page, lanes, sheet, width, height):
    drawn.get_by_role("button", name=lanes).click()
    for _ in range(3):
        drawn.get_by_role("button", name="Zoom in").click()
    seen = (period(drawn), drawn.locator(".scale-plot").bounding_box())
    drawn.evaluate("dispatchEvent(new Event('beforeprint'))")
    drawn.set_viewport_size({"width": width, "height": height})
    drawn.emulate_media(media="print")

    paper = drawn.locator(".scale canvas:visible")
    expect(paper).to_have_count(1)
    box = paper.bounding_box()
    fine = paper.evaluate("(canvas) => [canvas.width, canvas.height]")
    assert box["width"] <= width
    assert box["height"] < height * 0.9
    assert box["width"] / box["height"] == pytest.approx(fine[0] / fine[1], rel=0.01)
    # Nothing is left blank below it, and all of the time is on it, to its last event.
    assert drawn.locator(".scale").bounding_box()["height"] == pytest.approx(box["height"], abs=2)
    assert paper.evaluate(DARK_AT_BOTH_SIDES) == [True, True]

    drawn.emulate_media(media="screen")
    drawn.set_viewport_size({"width": 1280, "height": 800})
    drawn.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(drawn.locator(".scale-plot canvas")).to_have_count(1)
    assert (period(drawn), drawn.locator(".scale-plot").bounding_box()) == seen


# What stands on other pages of the list


@pytest.fixture
def many(live_server, monkeypatch) -> Article:
    """Eight events on four pages of the list."""
    monkeypatch.setattr("timeline.views.EVENTS_A_PAGE", 2)
    article = build.article("relations", title="Relations")
    for year in range(1900, 1980, 10):
        build.event(article, title=f"Event of {year}", date=str(year), kind="Talks")
    build.published(article)
    return article


def publish_one_more(article: Article) -> None:
    """Put an event before all others, so that each of them comes to another place."""
    build.event(article, title="Event of 1890", date="1890", kind="Talks")
    build.published(article)


def test_events_of_all_pages_are_drawn_and_named_as_one_comes_to_them(page: Page, many):
    page.goto("/timeline/")
    expect(page.locator(".scale-period")).to_have_text("1900 to 1970")
    stop(page).focus()
    page.keyboard.press("End")
    expect(stop(page)).to_have_accessible_name("1970: Event of 1970")
    expect(stop(page)).to_be_focused()


def test_going_to_an_event_of_another_page_brings_its_page_without_reload(page: Page, many):
    page.goto("/timeline/?kind=Talks")
    expect(page.locator(".scale-period")).to_have_text("1900 to 1970")
    page.evaluate("document.body.dataset.same = 'page'")
    stop(page).focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")

    expect(page.locator("ol.events > li", has_text="Event of 1970")).to_be_focused()
    expect(page).to_have_url(re.compile(r"/timeline/\?kind=Talks&page=4#event-"))
    expect(page.locator("body")).to_have_attribute("data-same", "page")
    expect(stop(page)).to_have_accessible_name("1970: Event of 1970")
    expect(page.locator(".scale-period")).to_have_text("1900 to 1970")


def test_names_stay_with_their_events_when_the_list_is_published_anew(
    page: Page, many, monkeypatch
):
    # So many pages that names are asked for one by one.
    monkeypatch.setattr("timeline.views.EVENTS_A_PAGE", 1)
    page.goto("/timeline/")
    expect(page.locator(".scale-period")).to_have_text("1900 to 1970")
    publish_one_more(many)
    stop(page).focus()
    page.keyboard.press("End")
    expect(page.locator(".scale-period")).to_have_text("1890 to 1970")
    expect(stop(page)).to_have_accessible_name("1970: Event of 1970")
    expect(stop(page)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(stop(page)).to_have_accessible_name("1960: Event of 1960")
    page.keyboard.press("Home")
    expect(stop(page)).to_have_accessible_name("1890: Event of 1890")


def test_a_list_that_is_older_than_the_drawing_keeps_its_entries_and_is_brought_anew(
    page: Page, many
):
    def publish_before(route: Route) -> None:
        if Publication.objects.count() == 1:
            publish_one_more(many)
        route.continue_()

    page.route(re.compile(r"timeline\.days\.json"), publish_before)
    with page.expect_response(re.compile(r"names\.json\?page=2")):
        page.goto("/timeline/?page=2")
    expect(page.locator(".scale-period")).to_have_text("1890 to 1970")
    expect(page.locator("ol.events")).not_to_contain_text("Event of 1910")
    page.locator("ol.events > li", has_text="Event of 1920").hover()
    expect(page.locator(".scale-readout")).to_have_text("1920 Event of 1920")
    stop(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(stop(page)).to_have_accessible_name("1910: Event of 1910")
    # It has come to the page at hand, which does not show it yet.
    page.keyboard.press("Enter")
    expect(page.locator("ol.events > li", has_text="Event of 1910")).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?page=2#event-\w+$"))


def test_the_list_at_hand_is_drawn_when_all_was_withdrawn_since(page: Page, many):
    def withdraw_before(route: Route) -> None:
        withdraw(many, by=None)
        route.continue_()

    page.route(re.compile(r"timeline\.days\.json"), withdraw_before)
    with page.expect_response(re.compile("days.json")):
        page.goto("/timeline/?page=2")
    expect(page.locator(".scale-period")).to_have_text("1920 to 1930")
    page.get_by_role("button", name="Zoom in").click()
    expect(stop(page)).to_have_accessible_name("1920: Event of 1920")


def test_the_embedded_page_draws_its_list_under_its_own_policy(page: Page, events):
    page.goto("/timeline/embed/")
    page.wait_for_function(PAINTED)
    stop(page).focus()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("ol.events > li", has_text="Talks")).to_be_focused()
