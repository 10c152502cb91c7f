"""Where the browser for the browser tests is, and what happens where there is none."""

import os
import shutil

import pytest

# The last has no windows: opening a page in it takes a quarter of the work.
WITHOUT_WINDOWS = "chromium-headless-shell"
NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", WITHOUT_WINDOWS,
)  # fmt: skip
HOW_TO_GET_ONE = (
    "No Chromium was found, so the browser tests are left out; "
    "get one (apt-get install chromium), or name yours in CHROMIUM."
)


def find_chromium() -> str | None:
    """The path of the Chromium to drive: the one that CHROMIUM names, or one on the path."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def find_quick_chromium() -> str | None:
    """The path of the same browser without windows, or of a whole one where there is none."""
    if "CHROMIUM" in os.environ:
        return find_chromium()
    return shutil.which(WITHOUT_WINDOWS) or find_chromium()


def pytest_configure() -> None:
    """On CI no test may be left out in silence: without a browser nothing begins."""
    if os.environ.get("CI") == "true" and not find_chromium():
        raise pytest.UsageError(f"{HOW_TO_GET_ONE} On CI that is an error.")


def pytest_report_header() -> str | None:
    """Say in one line how to get a browser where there is none."""
    return None if find_chromium() else HOW_TO_GET_ONE


@pytest.hookimpl(trylast=True)  # after tests/browser/conftest.py has said which tests these are
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the browser tests out where there is no browser."""
    in_browser = [item for item in items if item.get_closest_marker("browser")]
    if in_browser and not find_chromium():
        config.hook.pytest_deselected(items=in_browser)
        items[:] = [item for item in items if item not in in_browser]
