"""Public pages ask for one style sheet and one script, whatever these are written as."""

import re
import subprocess
from pathlib import Path
from shutil import which

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings

from config.settings import STORAGES
from tests import build
from website.joined_files import (
    JOINED,
    LATER_STYLES,
    PAGES_SCRIPTS,
    PAGES_STYLES,
    READING,
    SCRIPTS,
    STYLES,
    TIMELINE,
    join,
)

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
# What is asked for by itself: by a worker, where a portrait is cropped.
APART = {"css/focus.css", "js/comment-work.js"}


def test_every_file_of_the_public_pages_is_joined_or_says_why_not():
    written = {f"{kind}/{path.name}" for kind in ("css", "js") for path in STATIC.glob(f"{kind}/*")}
    joined = {part for parts in JOINED.values() for part in parts}
    assert written - APART == joined


def test_no_public_template_asks_for_what_is_joined():
    asked = [
        (path.name, part)
        for path in (ROOT / "templates").rglob("*.html")
        for parts in JOINED.values()
        for part in parts
        if f"'{part}'" in path.read_text(encoding="utf-8")
    ]
    assert asked == []


def test_an_explainer_does_without_what_other_pages_need(client, db):
    build.published_article("severed")

    explainer = client.get("/articles/severed/").text
    assert f'href="/static/{STYLES}"' in explainer
    assert f'href="/static/{PAGES_STYLES}"' not in explainer
    assert f'src="/static/{PAGES_SCRIPTS}"' not in explainer
    # Its later style sheet is asked for by a script; without scripts at once.
    later = f'<link rel="stylesheet" href="/static/{LATER_STYLES}">'
    assert explainer.count(later) == explainer.count(f"<noscript>{later}</noscript>") == 1
    assert f'href="/static/{PAGES_STYLES}"' in client.get("/articles/").text
    assert f'src="/static/{PAGES_SCRIPTS}"' in client.get("/articles/").text
    assert f'href="/static/{PAGES_STYLES}"' in client.get("/nowhere/").text


def test_what_is_for_paper_counts_on_paper_only():
    assert "@media print {\n@layer print{" in join(LATER_STYLES)
    assert "@media print {\n@layer print{" in join(PAGES_STYLES)


def test_what_is_far_from_the_window_is_left_out_on_screens_only():
    before, _screens, after = join(STYLES).partition("@media screen{")
    open_rules, end = 1, 0
    while open_rules:
        open_rules += {"{": 1, "}": -1}.get(after[end], 0)
        end += 1
    assert "content-visibility:auto" in after[:end]
    assert "content-visibility:auto" not in before + after[end:]


def test_space_in_a_text_of_a_style_sheet_stays():
    assert 'content:" ·" / ""' in join(LATER_STYLES)
    assert 'content:"· " / ""' in join(STYLES)


def test_every_rule_is_there_in_order_and_no_comment():
    joined = join(STYLES)
    assert joined.startswith("@layer tokens,base,layout,components,print;")
    assert "/*" not in joined
    for sheet in JOINED[STYLES]:
        bare = re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(encoding="utf-8"), flags=re.S)
        assert re.sub(r"\s", "", bare) in re.sub(r"\s", "", joined), sheet


def test_all_scripts_of_an_explainer_together_are_small():
    """What comes later counts, too."""
    sent = sum(len(brotli.compress(join(name).encode())) for name in (SCRIPTS, READING, TIMELINE))
    assert sent <= 20_000


@pytest.mark.parametrize("scripts", [SCRIPTS, PAGES_SCRIPTS, READING])
def test_no_script_imports_another(scripts):
    assert re.findall(r"^\s*(?:import|export)\b", join(scripts), re.MULTILINE) == []


@pytest.mark.skipif(not which("node"), reason="Only Node reads a module without a browser.")
@pytest.mark.parametrize("scripts", [SCRIPTS, PAGES_SCRIPTS])
def test_the_joined_script_can_be_read(scripts):
    read = subprocess.run(
        ["node", "--check", "--input-type=module"],
        input=join(scripts), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert read.returncode == 0, read.stderr


def test_it_is_made_anew_when_a_part_has_changed(settings, tmp_path):
    part = tmp_path / "css" / "tokens.css"
    part.parent.mkdir()
    part.write_text("@layer tokens { }\n", encoding="utf-8")
    before = Path(finders.find(STYLES)).read_text(encoding="utf-8")
    settings.STATICFILES_DIRS = [tmp_path, *settings.STATICFILES_DIRS]
    settings.DATA_DIR = tmp_path / "data"

    after = Path(finders.find(STYLES)).read_text(encoding="utf-8")

    assert after != before
    assert after.startswith("@layer tokens{}")


def test_it_is_collected_under_a_name_that_carries_its_digest(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)
    for name in (STYLES, SCRIPTS):
        path = tmp_path / name
        (hashed,) = path.parent.glob(f"site.????????????{path.suffix}")
        assert hashed.with_name(hashed.name + ".gz").exists()
