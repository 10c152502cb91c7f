"""README and docs/running.md say what is so: commands, variables, files, and in few words."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
RUNNING = (PROJECT / "docs/running.md").read_text(encoding="utf-8")
MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def commands(text: str) -> set[str]:
    """The targets of make that a text names as commands."""
    named = re.findall(r"(?:^|`|\s{4})(?:[A-Z_]+=\S+ )*make ([a-z]+)", text, re.MULTILINE)
    return set(named)


def targets() -> set[str]:
    """The targets that the Makefile has."""
    return set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def variables_read() -> set[str]:
    """The environment variables that the site's own code reads."""
    found = set()
    for program in [*PROJECT.glob("config/*.py"), *PROJECT.glob("deploy/*.py")]:
        text = program.read_text(encoding="utf-8")
        found |= set(re.findall(r'\benv\.[a-z_]+\(\s*"([A-Z_]+)"', text))
    return found | {"SECRET_KEY", "SECRET_KEY_FILE", "ADMIN_PASSWORD"}


def variables_described() -> set[str]:
    """The variables that the table in docs/running.md describes."""
    return set(re.findall(r"^\| `([A-Z_]+)` \|", RUNNING, re.MULTILINE))


def test_a_new_machine_needs_two_commands():
    assert {"serve", "test"} <= commands(README)


@pytest.mark.parametrize("text", [README, RUNNING], ids=["README", "docs/running.md"])
def test_every_command_that_is_named_exists(text):
    assert commands(text) <= targets()


def test_every_command_can_at_least_be_planned():
    for target in targets():
        planned = subprocess.run(
            [shutil.which("make"), "-n", target],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        programs = re.findall(r"(?:^|\s)((?:deploy|benchmarks)/\S+|manage\.py)", planned)
        assert programs or "pytest" in planned, target
        for program in programs:
            assert (PROJECT / program).is_file(), f"make {target}: {program}"


def test_every_variable_is_described_and_none_that_is_not_read():
    assert variables_described() == variables_read()


def test_the_readme_names_only_variables_that_exist():
    named = set(re.findall(r"`([A-Z_]{4,})(?:=\S*)?`", README))
    assert named <= variables_described() | {"README"}


@pytest.mark.parametrize("name", ["README.md", "docs/running.md", "docs/dependencies.md"])
def test_every_file_that_is_named_is_there(name):
    page = PROJECT / name
    text = page.read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:\s]+)\)", text)
    for link in linked:
        assert (page.parent / link).exists(), link
    named = re.findall(r"`?\b((?:docs|deploy|config|tests|benchmarks)/[\w./-]+\w)", text)
    for path in named:
        assert (PROJECT / path).exists(), path


def test_every_table_has_a_head_and_none_is_cut_in_two():
    for page in [PROJECT / "README.md", *PROJECT.glob("docs/**/*.md")]:
        paragraphs = re.split(r"\n\s*\n", page.read_text(encoding="utf-8"))
        tables = [one.splitlines() for one in paragraphs if one.startswith("|")]
        for first, *rows in tables:
            below = rows[0] if rows else ""
            assert re.fullmatch(r"[|: -]+", below), f"{page.name}: {first[:60]}"


def test_the_readme_takes_two_screens_at_most():
    assert len(README.splitlines()) <= 80


def test_the_examples_for_a_server_agree_with_each_other():
    service = (PROJECT / "deploy/on-record.service").read_text(encoding="utf-8")
    settings = (PROJECT / "deploy/on-record.env").read_text(encoding="utf-8")
    set_there = set(re.findall(r"^#?([A-Z_]+)=", settings, re.MULTILINE))
    assert set_there <= variables_described()
    assert "EnvironmentFile=/etc/on-record.env" in service
    assert "127.0.0.1:8000" in (PROJECT / "deploy/nginx.conf").read_text(encoding="utf-8")
    assert "127.0.0.1:8000" in (PROJECT / "deploy/Caddyfile").read_text(encoding="utf-8")
    for program in re.findall(r"deploy/\S+", service):
        assert (PROJECT / program).is_file()
