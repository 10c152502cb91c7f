"""HTML that is put together: what is escaped, what is believed, and who may believe."""

import datetime
import json
import math
import re
from pathlib import Path

import pytest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from publishing.markup.safe_html import escape_join, json_for_script, trusted

PROJECT = Path(__file__).resolve().parent.parent


def test_trusted_html_is_believed():
    assert escape(trusted("<b>x</b>")) == "&lt;b&gt;x&lt;/b&gt;"
    assert isinstance(trusted("<b>x</b>"), SafeString)


def test_joining_escapes_what_is_not_safe_yet():
    html = escape_join([trusted("<b>a</b>"), "<i>", 3], " & ")
    assert html == "<b>a</b> &amp; &lt;i&gt; &amp; 3"
    assert isinstance(html, SafeString)


def test_joining_believes_a_safe_separator():
    assert escape_join(["a", "b"], mark_safe("<br>")) == "a<br>b"


def test_data_for_a_script_element_comes_out_as_it_went_in():
    data = {"name": "A & B </script><!-- \u2028 \u2029 é 文", "list": [1, None, True, 1.5]}
    html = json_for_script(data)
    assert json.loads(html) == data
    assert "é 文" in html


@pytest.mark.parametrize("character", "<>&\u2028\u2029\ud800")
def test_no_character_of_data_can_end_a_script_element(character):
    assert character not in json_for_script({character: [character]})


def test_data_may_hold_dates():
    day = datetime.date(2026, 11, 22)
    moment = datetime.datetime(2026, 11, 22, 10, 40, tzinfo=datetime.UTC)
    assert json_for_script([day, moment]) == '["2026-11-22", "2026-11-22T10:40:00+00:00"]'


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_data_that_json_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match="JSON"):
        json_for_script(value)


def test_data_of_an_unknown_kind_is_refused():
    with pytest.raises(TypeError, match="set cannot be written as JSON"):
        json_for_script({1, 2})


# Help texts are words of the project's own, and Django's admin believes them too.
HELP_OF_THE_ADMIN = re.compile(r"\b(?:help_text|fieldset\.description)\|safe")
BELIEVING = re.compile(r"\bmark_safe\b|\bSafeString\(|\bSafeText\b|\|\s*safe\b|autoescape off")


def test_no_other_module_and_no_template_believes_html():
    apps = [path.parent for path in PROJECT.glob("*/__init__.py") if path.parent.name != "tests"]
    files = [file for app in apps for file in app.rglob("*.py")]
    files += (PROJECT / "templates").rglob("*.html")
    believing = [
        name
        for file in files
        if BELIEVING.search(_without_help(name := str(file.relative_to(PROJECT)), file.read_text()))
    ]
    assert believing == ["publishing/markup/safe_html.py"], (
        "Only publishing/markup/safe_html.py may call mark_safe. Use format_html, or its trusted()."
    )


def _without_help(name: str, text: str) -> str:
    return HELP_OF_THE_ADMIN.sub("", text) if name.startswith("templates/admin/") else text
