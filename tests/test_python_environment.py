"""The Python environment: which Python it takes, what it installs, and when it says no."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PINNED = ["requirements.txt", "requirements-dev.txt"]
SYSTEM = ("sh", "basename", "cat", "cmp", "cp", "dirname", "rm")
"""All that deploy/environment may need of a bare machine besides Python."""


class Machine:
    """A machine with nothing on its path but what a test puts there."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.path = place / "bin"
        self.path.mkdir()
        for name in SYSTEM:
            (self.path / name).symlink_to(shutil.which(name))

    def has_program(self, name: str, script: str) -> None:
        """Put a program on the path."""
        program = self.path / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def has_environment(self, installed: str | None) -> Path:
        """An environment whose Python notes what pip is asked to do; `installed` is its stamp."""
        environment = self.place / "venv"
        (environment / "bin").mkdir(parents=True)
        (environment / "pyvenv.cfg").touch()
        python = environment / "bin" / "python"
        python.write_text(
            "#!/bin/sh\n"
            f'if [ "$1" = -m ]; then echo "$@" >>{self.place}/asked; exit; fi\n'
            f'exec {sys.executable} "$@"\n'
        )
        python.chmod(0o755)
        if installed is not None:
            (environment / "installed-requirements.txt").write_text(installed)
        return environment

    @property
    def asked(self) -> str:
        """What pip was asked to do."""
        noted = self.place / "asked"
        return noted.read_text() if noted.exists() else ""

    def run(self, **changed: str) -> subprocess.CompletedProcess[str]:
        """Run deploy/environment on this machine."""
        nothing_else = {"PATH": str(self.path), "HOME": str(self.place)}
        return subprocess.run(
            [PROJECT / "deploy/environment", "requirements.txt"],
            env=nothing_else | {"VENV": str(self.place / "venv")} | changed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


# A Python that believes itself to be the last one that is too old.
OLD_PYTHON = f'exec {sys.executable} -c "import sys; sys.version_info = (3, 11, 9); $2"'

# As Debian packs it: the module that makes environments is a package of its own.
PYTHON_WITHOUT_VENV = (
    'case "$2" in venv) exit 1 ;; *sys.executable*) echo "$0" ;; '
    f'*) exec {sys.executable} "$@" ;; esac'
)


def test_a_python_that_is_too_old_gets_a_sentence_that_says_what_to_install(machine):
    machine.has_program("python3", OLD_PYTHON)
    refused = machine.run()
    assert refused.returncode == 1
    assert "On Record needs Python 3.12 or newer, and only Python 3.11 is here." in refused.stderr
    assert "apt-get install python3 python3-venv" in refused.stderr
    assert "brew install python@3.13" in refused.stderr
    assert not (machine.place / "venv").exists()


def test_a_machine_without_python_gets_the_same_sentence(machine):
    refused = machine.run()
    assert refused.returncode == 1
    assert "needs Python 3.12 or newer, and none is here" in refused.stderr


def test_a_python_that_was_asked_for_must_be_new_enough_too(machine):
    machine.has_program("python3", f'exec {sys.executable} "$@"')
    machine.has_program("old", OLD_PYTHON)
    refused = machine.run(PYTHON="old")
    assert refused.returncode == 1
    assert "only Python 3.11 is here" in refused.stderr


def test_a_newer_python_is_found_beside_an_old_one(machine):
    machine.has_program("python3", OLD_PYTHON)
    machine.has_program("python3.12", PYTHON_WITHOUT_VENV)
    refused = machine.run()
    assert "Making the Python environment" in refused.stderr
    assert "install python3-venv" in refused.stderr
    assert not (machine.place / "venv").exists()


def test_what_is_pinned_is_installed_by_its_hashes(machine):
    machine.has_environment(installed=None)
    done = machine.run()
    assert done.returncode == 0, done.stderr
    assert "Installing what requirements.txt pins." in done.stderr
    assert "--require-hashes -r requirements.txt" in machine.asked


def test_nothing_is_installed_twice(machine):
    machine.has_environment(installed=(PROJECT / "requirements.txt").read_text())
    done = machine.run()
    assert (done.returncode, done.stderr, machine.asked) == (0, "", "")


def test_changed_pins_are_installed(machine):
    machine.has_environment(installed="django==6.0\n")
    assert machine.run().returncode == 0
    assert "--require-hashes" in machine.asked
    machine.place.joinpath("asked").unlink()
    assert machine.run().returncode == 0
    assert machine.asked == ""


def test_an_install_that_failed_is_tried_again(machine):
    python = machine.has_environment(installed=None) / "bin" / "python"
    python.write_text(f'#!/bin/sh\n[ "$1" = -m ] && exit 1\nexec {sys.executable} "$@"\n')
    assert machine.run().returncode != 0
    assert not (machine.place / "venv" / "installed-requirements.txt").exists()


def test_somebody_elses_folder_is_left_alone(machine):
    (machine.place / "venv").mkdir()
    (machine.place / "venv" / "novel.txt").write_text("Chapter one")
    refused = machine.run()
    assert refused.returncode == 1
    assert "it is not a Python environment" in refused.stderr
    assert (machine.place / "venv" / "novel.txt").exists()


# What is pinned


def pins(name: str) -> dict[str, str]:
    """The pinned version of each package in a compiled file."""
    text = (PROJECT / name).read_text()
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", PINNED)
def test_every_dependency_is_pinned_with_its_hashes(name):
    entries = re.sub(r"\\\n", " ", (PROJECT / name).read_text()).splitlines()
    entries = [entry for entry in entries if entry and not entry.startswith("#")]
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"^[a-z0-9-]+==\S+ ", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", PINNED)
def test_pins_name_no_address_and_no_folder_of_a_machine(name):
    text = (PROJECT / name).read_text()
    assert not re.search(r"://|--index|--find-links|file:|(^|\s)/", text)


def test_tests_run_with_what_the_site_runs_with():
    site, tests = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: tests.get(name) for name in site} == site


@pytest.mark.parametrize("name", PINNED)
def test_everything_that_was_asked_for_is_pinned(name):
    asked = (PROJECT / name.replace(".txt", ".in")).read_text()
    for package in re.findall(r"^([a-z][a-z0-9-]+)", asked, flags=re.MULTILINE):
        assert package in pins(name)


def test_every_dependency_has_its_reason():
    reasons = (PROJECT / "docs/dependencies.md").read_text()
    for name in ("requirements.in", "requirements-dev.in"):
        asked = (PROJECT / name).read_text()
        for package in re.findall(r"^([a-z][a-z0-9-]+)", asked, flags=re.MULTILINE):
            assert f"`{package}`" in reasons, package


def test_the_admin_look_is_pinned_exactly():
    # Its templates are overridden, and any release may change them.
    assert "django-unfold==0.110.0" in (PROJECT / "requirements.in").read_text().split()
