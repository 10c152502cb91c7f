"""Pictures in a real browser: dropped, described, focused, chosen, shown in texts and undone."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from articles.models import Article
from articles.recording import record
from library.models import Image
from library.pictures import read_picture, store
from tests import build, desk
from tests.browser.axe import violations
from tests.browser.test_admin import log_in, save

pytestmark = pytest.mark.django_db(transaction=True)

IMAGES = "/admin/library/image/"
DROP = """
(target, files) => {
  const carrier = new DataTransfer();
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    carrier.items.add(new File([bytes], name, { type: "image/png" }));
  }
  for (const name of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: carrier });
    target.dispatchEvent(event);
  }
}
"""


@pytest.fixture
def article() -> Article:
    made = build.article(title="Was it ever severed?")
    record(made, by=None)
    return made


@pytest.fixture
def editor(page: Page) -> Page:
    log_in(page)
    return page


def drop(target: Locator, **pictures: bytes) -> None:
    """Drop pictures on an element, by their names."""
    files = [
        [f"{name}.png", base64.b64encode(content).decode()] for name, content in pictures.items()
    ]
    target.evaluate(f"(target, files) => ({DROP})(target, files)", files)


def dialog_of(page: Page) -> FrameLocator:
    return page.frame_locator("dialog iframe")


def describe(form: FrameLocator | Page, alt: str) -> None:
    form.get_by_label("Alternative text").fill(alt)
    form.get_by_role("button", name="Save", exact=True).click()


def text_of_section(page: Page, article: Article) -> Locator:
    page.goto(desk.address(article) + "#tab-sections")
    panel = page.get_by_role("tabpanel", name="Sections")
    panel.get_by_text("Write", exact=True).first.click()
    return panel.get_by_label("Text", exact=True).first


# Uploading


def test_several_pictures_are_dropped_on_the_list_and_asked_for_their_words(editor: Page):
    editor.goto(IMAGES)
    drop(
        editor.get_by_role("main"),
        teal=build.picture("teal", size=(80, 40)),
        navy=build.picture("navy", size=(80, 40)),
    )

    expect(editor.get_by_role("heading", name="New image, 1 of 2: teal.png")).to_be_visible()
    describe(dialog_of(editor), "A field of teal")
    expect(editor.get_by_role("heading", name="New image, 2 of 2: navy.png")).to_be_visible()
    describe(dialog_of(editor), "A field of navy")

    expect(editor.get_by_role("link", name="A field of navy")).to_be_visible()
    expect(editor.get_by_role("link", name="A field of teal")).to_be_visible()
    assert set(Image.objects.values_list("alt", flat=True)) == {
        "A field of teal",
        "A field of navy",
    }


def test_a_picture_without_words_is_not_stored_and_not_lost(editor: Page):
    editor.goto(IMAGES + "add/")
    drop(editor.locator("#image_form"), teal=build.picture("teal"))
    expect(editor.get_by_role("button", name="Focal point, 50 %")).to_be_visible()

    editor.get_by_role("button", name="Save", exact=True).click()

    alt = editor.get_by_label("Alternative text")
    assert "one of the two" in alt.evaluate("field => field.validationMessage")
    assert not Image.objects.exists()
    assert editor.locator("input[type=file]").evaluate("field => field.files.length") == 1
    editor.get_by_label("Decorative").check()
    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("was added successfully")).to_be_visible()
    assert Image.objects.get().is_decorative


def test_a_picture_that_is_there_already_is_used_from_the_dialog(editor: Page, article: Article):
    known = build.image("teal", alt="Known as teal")
    text = text_of_section(editor, article)
    text.fill("")

    drop(text, again=build.picture("teal"))
    describe(dialog_of(editor), "Teal again")
    dialog_of(editor).get_by_role("button", name="Use that one").click()

    expect(text).to_have_value(f"![](image:{known.key})")
    assert Image.objects.count() == 1


def test_a_form_in_the_dialog_that_is_refused_keeps_the_picture(editor: Page, article: Article):
    text = text_of_section(editor, article)
    text.fill("")
    drop(text, teal=build.picture("teal"))
    form = dialog_of(editor)
    form.get_by_label("Address of the licence").fill("https://no address")
    form.get_by_label("Address of the licence").evaluate("field => (field.type = 'text')")
    describe(form, "A field of teal")
    expect(form.get_by_text("Enter a valid URL.")).to_be_visible()

    form.get_by_label("Address of the licence").fill("")
    form.get_by_role("button", name="Save", exact=True).click()

    expect(text).to_have_value(f"![](image:{wait_for_image(editor).key})")


def wait_for_image(page: Page) -> Image:
    expect(page.get_by_role("dialog")).to_have_count(0)
    return Image.objects.get()


def test_a_file_that_misses_its_place_does_not_leave_the_form(editor: Page, article: Article):
    editor.goto(desk.address(article))
    editor.get_by_label("Summary").fill("Typed and not saved.")

    prevented = editor.evaluate(
        """() => {
          const carrier = new DataTransfer();
          carrier.items.add(new File(["x"], "x.png"));
          const given = { bubbles: true, cancelable: true, dataTransfer: carrier };
          const event = new DragEvent("drop", given);
          return !document.body.dispatchEvent(event);
        }"""
    )

    assert prevented


def test_a_picture_is_dropped_on_the_articles_own_field(editor: Page, article: Article):
    editor.goto(desk.address(article))

    drop(editor.get_by_role("group", name="Image"), teal=build.picture("teal"))
    describe(dialog_of(editor), "A field of teal")

    expect(editor.get_by_role("link", name="A field of teal")).to_be_visible()
    save(editor)
    article.refresh_from_db()
    assert article.image == Image.objects.get()


def test_uploading_without_scripts(page_without_scripts: Page, tmp_path: Path):
    page = page_without_scripts
    log_in(page)
    (tmp_path / "teal.png").write_bytes(build.picture("teal"))
    page.goto(IMAGES + "add/")
    page.get_by_label("File").set_input_files(tmp_path / "teal.png")
    page.get_by_label("Alternative text").fill("A field of teal")
    page.get_by_label("Focal point from the left").fill("20")
    page.get_by_label("Focal point from the top").fill("90")
    page.get_by_role("button", name="Save", exact=True).click()

    image = Image.objects.get()
    assert (image.alt, image.focus_x, image.focus_y) == ("A field of teal", 20, 90)
    page.goto(f"{IMAGES}{image.pk}/change/")
    crop = page.locator(".desk-crop img").first
    assert crop.evaluate("image => getComputedStyle(image).objectPosition") == "20% 90%"


# The focal point


def test_the_focal_point_is_set_by_a_click_and_by_keys(editor: Page):
    image = build.image("teal")
    editor.goto(f"{IMAGES}{image.pk}/change/")
    across = editor.get_by_label("Focal point from the left")
    down = editor.get_by_label("Focal point from the top")
    picture = editor.locator("[data-focal-picture] img")
    box = picture.bounding_box()

    picture.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})

    assert abs(int(across.input_value()) - 25) <= 3
    assert abs(int(down.input_value()) - 75) <= 3
    across.fill("30")
    down.fill("40")
    point = editor.get_by_role("button", name="Focal point, 30 % from the left, 40 % from the top")
    point.focus()
    editor.keyboard.press("ArrowRight")
    editor.keyboard.press("Shift+ArrowUp")
    expect(across).to_have_value("31")
    expect(down).to_have_value("30")
    crop = editor.locator("[data-focal-crop]").first
    assert crop.evaluate("image => getComputedStyle(image).objectPosition") == "31% 30%"
    for _ in range(4):
        editor.keyboard.press("Shift+ArrowUp")
    expect(down).to_have_value("0")

    editor.get_by_role("button", name="Save", exact=True).click()
    expect(editor.get_by_text("was changed successfully")).to_be_visible()
    image.refresh_from_db()
    assert (image.focus_x, image.focus_y) == (31, 0)


# From the tool bar


def test_an_image_is_inserted_by_keyboard_and_undone(editor: Page, article: Article):
    tall = read_picture(build.picture("crimson", size=(300, 330)))
    image = build.image(
        "crimson",
        alt="A crimson field",
        file=store(tall),
        digest=tall.digest,
        width=300,
        height=330,
    )
    text = text_of_section(editor, article)
    text.fill("Before.After.")
    text.focus()
    for _ in range(6):
        editor.keyboard.press("ArrowLeft")
    editor.keyboard.press("Shift+Tab")
    for _ in range(6):
        editor.keyboard.press("ArrowRight")
    expect(editor.get_by_role("button", name="Insert an image").first).to_be_focused()

    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", name="Insert an image")).to_be_visible()
    editor.keyboard.type("crimson")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    editor.keyboard.press("Enter")

    expect(text).to_have_value(f"Before.\n\n![](image:{image.key})\n\nAfter.")
    expect(text).to_be_focused()
    panel = editor.get_by_role("tabpanel", name="Sections")
    shown = panel.frame_locator("iframe").first.locator("figure img")
    expect(shown).to_have_attribute("alt", "A crimson field")
    editor.wait_for_function(
        "() => [...document.querySelectorAll('iframe')].some("
        "frame => frame.contentDocument?.querySelector('figure img')?.naturalWidth > 0)"
    )
    frame = panel.locator("iframe").first
    assert (
        frame.evaluate("frame => frame.contentDocument.body.scrollHeight - frame.clientHeight") < 2
    )
    editor.keyboard.press("Control+z")
    expect(text).to_have_value("Before.After.")


def test_words_that_are_selected_become_the_caption(editor: Page, article: Article):
    image = build.image("crimson", alt="A crimson field")
    text = text_of_section(editor, article)
    text.fill("Seen in 1917")
    text.select_text()
    editor.get_by_role("button", name="Insert an image").first.click()
    editor.get_by_role("option", name="A crimson field").click()

    expect(text).to_have_value(f"![Seen in 1917](image:{image.key})")


def test_another_explainer_is_linked_by_keyboard(editor: Page, article: Article):
    build.article("lend-lease", title="What was [lend-lease]?")
    Article.objects.create(title="No lend-lease address")
    text = text_of_section(editor, article)
    text.fill("See ")
    text.press("End")
    button = editor.get_by_role("button", name="Link to an explainer").first
    button.focus()
    editor.keyboard.press("Enter")
    editor.keyboard.type("lend-lease")
    expect(editor.get_by_text("1 found.")).to_be_visible()
    editor.keyboard.press("Enter")

    expect(text).to_have_value("See [What was \\[lend-lease\\]?](/articles/lend-lease/)")
    editor.keyboard.press("Control+z")
    expect(text).to_have_value("See ")


def test_escape_leaves_the_text_as_it_was(editor: Page, article: Article):
    text = text_of_section(editor, article)
    text.fill("As it was")
    text.select_text()
    for name in ("Insert an image", "Link to an explainer"):
        editor.get_by_role("button", name=name).first.click()
        expect(editor.get_by_role("dialog")).to_be_visible()
        editor.keyboard.press("Escape")
        expect(text).to_be_focused()
        expect(text).to_have_value("As it was")


def test_a_picture_dropped_on_a_text_is_described_and_shown(editor: Page, article: Article):
    text = text_of_section(editor, article)
    text.fill("Before.")
    text.press("End")

    drop(text, teal=build.picture("teal"))
    expect(editor.get_by_role("heading", name="New image: teal.png")).to_be_visible()
    describe(dialog_of(editor), "A field of teal")

    expect(text).to_have_value(f"Before.\n\n![](image:{wait_for_image(editor).key})")
    save(editor)
    [image] = article.latest_revision.document["images"]
    assert image["alt"] == "A field of teal"


def test_a_fact_has_no_tool_for_pictures(editor: Page, article: Article):
    editor.goto(desk.address(article) + "#tab-facts")
    facts = editor.get_by_role("tabpanel", name="Key facts")
    expect(facts.get_by_role("button", name="Cite a source").first).to_be_visible()
    expect(facts.get_by_role("button", name="Insert an image")).to_have_count(0)


# Readers


def test_a_browser_takes_the_best_format_and_falls_back(page: Page, article: Article):
    image = build.image("teal")
    build.section(article, body=f"Seen.\n\n![](image:{image.key})")
    build.published(article)

    page.goto(f"/articles/{article.slug}/")
    picture = page.locator(".section figure img")
    picture.scroll_into_view_if_needed()

    page.wait_for_function("() => document.querySelector('.section figure img').naturalWidth > 0")
    # No rendition is made yet: the original was answered in its place.
    assert picture.evaluate("image => image.currentSrc").endswith(".avif")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_forms_lists_and_dialogs(
    new_page: Callable[..., Page], article: Article, scheme: str
):
    page = new_page(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    log_in(page)
    image = build.image("teal")
    page.goto(IMAGES)
    assert violations(page) == []
    page.goto(f"{IMAGES}{image.pk}/change/")
    assert violations(page) == []
    page.goto(IMAGES + "add/")
    drop(page.locator("#image_form"), navy=build.picture("navy"))
    expect(page.get_by_role("button", name="Focal point, 50 %")).to_be_visible()
    assert violations(page) == []
    text_of_section(page, article)
    page.get_by_role("button", name="Insert an image").first.click()
    expect(page.get_by_text("1 found.")).to_be_visible()
    assert violations(page) == []
