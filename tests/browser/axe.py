"""axe-core on a page: what keeps people from using it, as far as a program can tell."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# The rule of WCAG 2.2 that axe leaves out unless it is asked for: places to press of 24 pixels.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# The rules that depend on the colours of a page. On a long page they take most of the time.
COLOURS = ("color-contrast", "link-in-text-block")


def violations(
    page: Page,
    *,
    within: str = "html",
    without: tuple[str, ...] = (),
    only: tuple[str, ...] = (),
    besides: tuple[str, ...] = (),
) -> list[str]:
    """What axe finds wrong on the page as it is now, one line for each element.

    `within` and `without` name CSS selectors of what is looked at and left out, `only` the rules
    to use, `besides` rules not to use; unless told, all of axe's rules are used, its best practices
    among them. The page must run scripts: where they are off, axe never comes back.
    """
    page.evaluate(source())
    scope = {"include": [[within]], "exclude": [[selector] for selector in without]}
    rules = {**OPTIONS["rules"], **{rule: {"enabled": False} for rule in besides}}
    options = {**OPTIONS, "rules": rules, **({"runOnly": list(only)} if only else {})}
    found: dict[str, Any] = page.evaluate(
        "([scope, options]) => axe.run(scope, options)", [scope, options]
    )
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {rule['help']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@cache
def source() -> str:
    """The script of axe-core, from the package that carries it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
