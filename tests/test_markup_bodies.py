"""What Markdown in a body becomes."""

import pytest

from publishing.markup.bodies import preview, render_markdown


def test_paragraphs_emphasis_and_lists_are_shown():
    html = render_markdown("One *two* **three**.\n\n- four\n- five\n\n3. six")
    assert html == (
        "<p>One <em>two</em> <strong>three</strong>.</p>\n"
        "<ul>\n<li>four</li>\n<li>five</li>\n</ul>\n"
        '<ol start="3">\n<li>six</li>\n</ol>\n'
    )


@pytest.mark.parametrize(
    ("typed", "tag"),
    [("#", "h3"), ("##", "h3"), ("###", "h4"), ("####", "h5"), ("#####", "h6"), ("######", "h6")],
)
def test_a_heading_in_a_body_stands_below_the_headings_of_sections(typed, tag):
    assert render_markdown(f"{typed} Beginnings") == f"<{tag}>Beginnings</{tag}>\n"


def test_an_underlined_heading_is_demoted_too():
    assert render_markdown("Beginnings\n==========") == "<h3>Beginnings</h3>\n"


def test_html_is_shown_as_text():
    assert render_markdown("<b>bold</b>") == "<p>&lt;b&gt;bold&lt;/b&gt;</p>\n"


def test_quotation_marks_and_dashes_stay_as_they_were_typed():
    assert render_markdown('"so" -- (c) it\'s...') == '<p>"so" -- (c) it\'s...</p>\n'


def test_a_table_has_column_headers_and_classes_for_its_alignment():
    html = render_markdown("| Year | People |\n|:-:|--:|\n| 2016 | 35 |")
    assert '<th class="is-center" scope="col">Year</th>' in html
    assert '<td class="is-end">35</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "target", ["https://a.example/b?c=1#d", "http://a.example", "HTTPS://a.example"]
)
def test_a_link_to_another_site_opens_without_a_way_back(target):
    assert render_markdown(f"[x]({target})") == f'<p><a href="{target}" rel="noopener">x</a></p>\n'


@pytest.mark.parametrize("target", ["/articles/x/", "/", "#timeline", "mailto:a@b.example"])
def test_a_link_within_the_site_or_to_a_mailbox_is_plain(target):
    assert render_markdown(f"[x]({target})") == f'<p><a href="{target}">x</a></p>\n'


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://a.example",
        "tel:+1",
        "//a.example",
        "articles/x/",
        "../x",
        "https://a.example@b.example/",
        "https:",
        "mailto:",
    ],
)
def test_any_other_link_stays_text(target):
    html = render_markdown(f"[x]({target})")
    assert "<a" not in html
    assert "[x](" in html


def test_a_link_to_nowhere_leads_nowhere():
    assert render_markdown("[x]()") == "<p><a>x</a></p>\n"


def test_an_address_in_angle_brackets_is_a_link_and_a_bare_one_is_not():
    assert 'href="https://a.example/"' in render_markdown("<https://a.example/>")
    assert "<a" not in render_markdown("https://a.example/")


def test_a_link_by_reference_works():
    assert '<a href="/x/" title="t">a</a>' in render_markdown('[a][b]\n\n[b]: /x/ "t"')


def test_a_picture_mark_is_shown_as_its_text():
    assert render_markdown("![An *old* map](https://a.example/x.png)") == "<p>An old map</p>\n"


def test_code_is_shown_as_typed():
    html = render_markdown("```python\n<x>\n```\n\n`[@key] <y>`", numbers={"key": 1})
    assert html == ("<pre><code>&lt;x&gt;\n</code></pre>\n<p><code>[@key] &lt;y&gt;</code></p>\n")


def test_inline_gives_one_line_without_a_paragraph():
    html = render_markdown("  14 July *1809*[@state]\n", numbers={"state": 3}, inline=True)
    assert html == (
        '14 July <em>1809</em><a class="cite" href="#source-3" aria-label="Source 3">3</a>'
    )


def test_inline_makes_no_blocks():
    assert render_markdown("# a\n\n- b", inline=True) == "# a\n\n- b"


def test_nothing_gives_nothing():
    assert render_markdown("") == ""
    assert render_markdown(" \n ", inline=True) == ""


def test_a_text_too_long_to_be_read_is_shown_as_typed():
    html = render_markdown("*a* " * 20_000)
    assert html.startswith("<p>*a* *a* ")


def test_a_text_with_too_many_brackets_is_shown_as_typed():
    assert render_markdown("*a* " + "[" * 3_000).startswith("<p>*a* [[")
    assert render_markdown("*a* " + "[" * 3_000, inline=True).startswith("*a* [[")


def test_windows_line_breaks_are_line_breaks():
    assert render_markdown("a\r\n\r\nb") == "<p>a</p>\n<p>b</p>\n"


def test_characters_that_turn_text_around_are_taken_out():
    assert render_markdown("19\u202e71\u202c \u2067x\u2069") == "<p>1971 x</p>\n"


def test_control_characters_are_replaced():
    assert render_markdown("a\x00b\x1bc\ud800") == "<p>a\ufffdb\ufffdc\ufffd</p>\n"


def test_a_drawing_stands_where_it_was_typed():
    html = render_markdown("before\n\n```bars\ntitle: T\na | 1\n```\n\nafter")
    assert html.startswith("<p>before</p>\n<figure")
    assert html.endswith("</figure>\n<p>after</p>\n")


def test_a_drawing_may_stand_in_a_list():
    html = render_markdown("- item\n\n  ```bars\n  title: T\n  a | 1\n  ```")
    assert "<li>" in html
    assert '<svg class="bars"' in html


def test_typing_the_place_of_a_drawing_makes_none():
    html = render_markdown('<figure data-drawing="0"></figure>\n\n```bars\ntitle: T\na | 1\n```')
    assert html.count("<figure") == 1


def test_two_drawings_with_one_title_have_ids_of_their_own():
    html = render_markdown("```bars\ntitle: T\na | 1\n```\n\n```bars\ntitle: T\na | 1\n```")
    assert 'id="figure-t"' in html
    assert 'id="figure-t-2"' in html


def test_a_prefix_keeps_the_ids_of_two_texts_apart():
    text = "```bars\ntitle: T\na | 1\n```"
    assert 'id="figure-t"' in render_markdown(text)
    assert 'id="sanctions-t"' in render_markdown(text, prefix="sanctions")


def test_rendering_twice_gives_the_same():
    text = "a[@b: c]\n\n```bars\ntitle: T\na | 1 [@b]\n```"
    first = render_markdown(text, numbers={"b": 1}, notes=True)
    assert first == render_markdown(text, numbers={"b": 1}, notes=True)


def test_the_preview_shows_keys_for_numbers():
    assert preview("Text[@state-1809].") == '<p>Text<span class="cite">state-1809</span>.</p>\n'


def test_the_preview_shows_notes():
    assert '<div class="note" role="note"><b class="note-mark">state</b> p. 3: so</div>' in preview(
        "Text[@state, p. 3: so]."
    )


def test_the_preview_is_sanitised():
    assert preview("<script>x</script>") == "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"
