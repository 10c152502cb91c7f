"""Who may import whom, and the other rules that keep the house in order."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)

# From the top of the house to its foundation: an app may use those below it, and none above.
MAY_USE = {
    "website": {"comments", "timeline", "faq", "articles", "library", "publishing"},
    "comments": {"articles", "library", "publishing"},
    "timeline": {"articles", "library", "publishing"},
    "faq": {"articles", "library", "publishing"},
    "articles": {"library", "publishing"},
    "library": {"publishing"},
    "publishing": set(),
}
APPS = set(MAY_USE)
WORKING_MODELS = {"Article", "Fact", "Section", "SeeAlso", "Citation", "Event", "Question",
                  "Person", "Image", "Source", "Topic"}  # fmt: skip


def refusal(app: str, other: str, where: str) -> str:
    allowed = ", ".join(sorted(MAY_USE[app])) or "none of our apps"
    return (
        f"{where}: “{app}” uses “{other}”, but it may use {allowed} only. Imports go downwards: "
        f"move the rule to the lower app, or let the lower app offer a hook that “{app}” uses."
    )


def modules(app: str) -> list[Path]:
    return sorted((ROOT / app).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """The first names of all modules that a file imports, functions' own imports included."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("app", sorted(APPS))
def test_imports_go_downwards(app):
    for path in modules(app):
        for other in imports(path) & (APPS | {"config", "tests"}) - {app}:
            assert other in MAY_USE[app], refusal(app, other, str(path.relative_to(ROOT)))


@pytest.mark.parametrize("app", sorted(APPS))
def test_relations_go_downwards(app):
    for model in apps.get_app_config(app).get_models():
        for field in model._meta.get_fields(include_hidden=True):
            if not field.is_relation or field.auto_created or field.related_model is None:
                continue
            other = field.related_model._meta.app_label
            if other in APPS - {app}:
                where = f"{model._meta.label}.{field.name}"
                assert other in MAY_USE[app], refusal(app, other, where)


@pytest.mark.parametrize("app", sorted(APPS))
def test_templates_go_downwards(app):
    for path in sorted((ROOT / "templates" / app).rglob("*.html")):
        used = re.findall(r"{%\s*(?:include|extends)\s+[\"']([\w-]+)/", path.read_text())
        for other in set(used) & APPS - {app}:
            assert other in MAY_USE[app], refusal(app, other, str(path.relative_to(ROOT)))


def test_nobody_imports_config():
    for app in APPS:
        for path in modules(app):
            assert "config" not in imports(path), (
                f"{path.relative_to(ROOT)} imports config: read django.conf.settings instead."
            )


def test_timeline_faq_and_comments_do_not_know_each_other():
    for app in ("timeline", "faq", "comments"):
        assert not MAY_USE[app] & {"timeline", "faq", "comments"}


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "managers"}
    found = [
        str(path.relative_to(ROOT)) for app in APPS for path in modules(app) if path.stem in empty
    ]
    assert found == [], f"Name the module for what it does: {found}"


def test_no_public_view_reads_a_working_model():
    """Views import public models only; the one name they may look up is an Address."""
    modules = [*ROOT.glob("*/views.py"), *ROOT.glob("*/views/*.py")]
    apps = {path.relative_to(ROOT).parts[0] for path in modules}
    assert apps >= {"website", "timeline", "faq", "comments", "articles"}
    for path in modules:
        names = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert not names & WORKING_MODELS, (
            f"{path.relative_to(ROOT)} imports {names & WORKING_MODELS}: readers read publications "
            "and public rows, never the working copy, so that a draft cannot leak."
        )


def test_every_block_name_is_an_id_of_its_own():
    from publishing.parts import blocks

    names = [block.name for block in blocks()]
    assert len(names) == len(set(names))
    assert {"facts", "contents", "sections", "see-also", "timeline", "faq", "sources", "history",
            "share", "feedback", "comments"} <= set(names)  # fmt: skip


def test_nobody_names_a_part_where_parts_are_looped_over():
    """A new block is a new app: no line changes in what loops over parts."""
    from publishing.parts import parts

    own = re.compile("|".join(rf"[\"']{re.escape(part.name)}[\"']" for part in parts()))
    looping = ["documents", "recording", "restoring", "redacting", "deeds", "readiness",
               "comparing", "page", "structured_data", "public_rows", "verifying"]  # fmt: skip
    found = [name for name in looping if own.search((ROOT / "articles" / f"{name}.py").read_text())]
    assert found == []
