"""Public templates obey the site's own content policy, and say what they need."""

import re
from pathlib import Path

import pytest

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
def script(request: pytest.FixtureRequest) -> str:
    return request.param.read_text(encoding="utf-8")


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


def test_scripts_are_quiet_modules_of_one_behaviour(script: str):
    """And short: of a combobox the keys alone are most of it. A drawing is one, and long."""
    code = re.sub(r"//.*", "", re.sub(r"/\*.*?\*/", "", script, flags=re.DOTALL))
    assert script.startswith("/**\n")
    assert re.findall(r"\bconsole\.|\balert\(|window\.\w+ = |innerHTML|\beval\b", code) == []
    most = 43_000 if "getContext" in script else 4000 if "combobox" in script else 3000
    assert len(script.encode()) < most
