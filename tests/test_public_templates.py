"""Public templates obey the site's own content policy, and say what they need."""

import re
from pathlib import Path

import pytest

from website.joined_files import JOINED, TIMELINE

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if "admin" not in path.parts
)
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
COMMENT = re.compile(r"\{% comment %\}.*?\{% endcomment %\}", re.DOTALL)


def ids(path: Path) -> str:
    return path.name if path.parent.name == "js" else str(path.relative_to(ROOT / "templates"))


@pytest.fixture(params=TEMPLATES, ids=ids)
def template(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


@pytest.fixture(params=SCRIPTS, ids=ids)
def script(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_no_style_and_no_script_is_inline(template: str):
    html = COMMENT.sub("", template)
    assert re.findall(r"\sstyle=|<style|\son[a-z]+=", html) == []
    for attributes in re.findall(r"<script([^>]*)>", html):
        assert "src=" in attributes or 'type="application/ld+json"' in attributes


def test_nothing_is_fetched_from_another_host(template: str):
    html = COMMENT.sub("", template)
    assert re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(?:https?:)?//', html) == []


def test_a_template_says_what_it_needs(template: str):
    assert "{% comment %}" in template


def test_includes_say_what_they_pass(template: str):
    vague = [tag for tag in re.findall(r"\{% include [^%]+%\}", template) if "only %}" not in tag]
    assert vague == []


def test_scripts_are_quiet_modules_of_one_behaviour(script: Path):
    """And short: of a combobox the keys alone are most of it, and a drawing has parts."""
    text = script.read_text(encoding="utf-8")
    code = re.sub(r"//.*", "", re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL))
    assert text.startswith("/**\n")
    assert re.findall(r"\bconsole\.|\balert\(|window\.\w+ = |innerHTML|\beval\b", code) == []
    is_of_drawing = f"js/{script.name}" in JOINED[TIMELINE]
    most = 6000 if is_of_drawing else 4000 if "combobox" in text else 3000
    assert len(text.encode()) < most
