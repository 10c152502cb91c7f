"""The style sheets: one order of layers, tokens for colours, nothing that outranks the rest."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ORDER = "@layer tokens, base, layout, components, print;"

# What is read, and on what: WCAG 2.2 asks 4.5 to 1 of text and 3 to 1 of borders of controls.
TEXT = ("ink", "ink-soft", "force", "break")
GROUNDS = ("paper", "sheet")


def rules(sheet: Path) -> str:
    return COMMENT.sub("", sheet.read_text(encoding="utf-8"))


def selectors(css: str) -> list[str]:
    return [head.strip() for head in re.findall(r"([^{};]+)\{", css)]


@pytest.fixture(params=SHEETS, ids=lambda sheet: sheet.name)
def sheet(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_the_order_of_layers_is_declared_once_and_first():
    declared = [sheet.name for sheet in SHEETS if ORDER in rules(sheet)]
    assert declared == ["tokens.css"]
    assert rules(STATIC / "css" / "tokens.css").lstrip().startswith(ORDER)


def test_every_rule_stands_in_a_layer(sheet: Path):
    outside = rules(sheet).replace(ORDER, "").strip()
    assert re.match(r"@layer (tokens|base|layout|components|print) \{", outside)
    depth = 0
    for place, sign in enumerate(outside):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "}" and depth == 0:
            assert outside[place + 1 :].strip() == ""


def test_nothing_is_important_and_nothing_hangs_on_an_id(sheet: Path):
    css = rules(sheet)
    assert "!important" not in css
    assert [one for one in selectors(css) if re.search(r"#[a-z]", one, re.IGNORECASE)] == []


def test_colours_have_names(sheet: Path):
    if sheet.name in ("tokens.css", "print.css"):
        return
    colours = re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(|\boklch\(", rules(sheet))
    assert set(colours) <= {"#000"}  # of masks, where it stands for "shown"


@pytest.mark.parametrize("name", ["user-select", "text-size-adjust"])
def test_what_webkit_knows_under_its_own_name_stands_under_both(sheet: Path, name: str):
    for block in re.findall(r"\{([^{}]*)\}", rules(sheet)):
        plain = re.findall(rf"(?<![\w-]){name}: ([^;]+)", block)
        assert re.findall(rf"-webkit-{name}: ([^;]+)", block) == plain


def test_the_thickness_of_a_line_has_a_declaration_of_its_own(sheet: Path):
    """WebKit takes no thickness in `text-decoration`, and then draws no line at all."""
    lines = re.findall(r"(?<![\w-])text-decoration: ([^;]+)", rules(sheet))
    assert [line for line in lines if re.search(r"\d", line)] == []


def test_files_that_are_named_are_there_and_ours(sheet: Path):
    for url in re.findall(r"url\(\"?([^\")]+)\"?\)", rules(sheet)):
        assert (sheet.parent / url).resolve().is_relative_to(STATIC)
        assert (sheet.parent / url).is_file()


def test_no_sheet_fetches_another(sheet: Path):
    assert "@import" not in rules(sheet)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(scheme: int):
    colours = tokens(scheme)
    faint = [
        (text, ground)
        for text in TEXT
        for ground in GROUNDS
        if contrast(colours[text], colours[ground]) < 4.5
    ]
    assert faint == []
    assert contrast(colours["rule-firm"], colours["paper"]) >= 3
    assert contrast(colours["focus"], colours["paper"]) >= 3
    assert contrast(colours["paper"], colours["force-fill"]) >= 4.5


def tokens(scheme: int) -> dict[str, str]:
    """Return the colours of one scheme by name."""
    pairs = re.findall(
        r"--([a-z-]+): light-dark\((#\w{6}), (#\w{6})\)", rules(STATIC / "css" / "tokens.css")
    )
    return {name: both[scheme] for name, *both in pairs}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "font", sorted((STATIC / "fonts").glob("*.woff2")), ids=lambda font: font.name
)
def test_no_font_has_a_table_that_firefox_refuses(font: Path):
    """The names of tables that the format has no number for stand at its beginning as they are."""
    assert b"STAT" not in font.read_bytes()[:500]


def test_a_character_of_a_family_is_in_one_file_only():
    css = rules(STATIC / "css" / "tokens.css")
    ranges = re.findall(r"unicode-range: ([^;]+);", css)
    held = [characters(one) for one in ranges]
    assert len(held) == 2
    assert not held[0] & held[1]
    assert set(map(ord, "Aé“”–…")) <= held[0]


def characters(ranges: str) -> set[int]:
    found: set[int] = set()
    for one in ranges.replace("U+", "").split(","):
        first, _, last = one.strip().partition("-")
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    return found
