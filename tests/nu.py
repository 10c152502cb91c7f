"""The Nu HTML checker of the W3C, where the machine has it: Java, and the `vnu-jar` of npm."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from shutil import which

HOW_TO_GET_IT = "The Nu checker was not found: `make valid` gets it (Java and npm are needed)."


def find_checker() -> Path | None:
    """Return where the checker is: the file that VNU_JAR names."""
    named = Path(os.environ.get("VNU_JAR", ""))
    return named if named.is_file() and which("java") else None


def findings(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return what is wrong with the pages (HTML by address), one line for each finding."""
    names = {}
    folder = folder / "checked"
    folder.mkdir()
    for number, (address, html) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(html, encoding="utf-8")
        names[path.name] = address
    command = ["java", "-Xss1m", "-jar", str(find_checker()), "--format", "json", "--stdout"]
    told = subprocess.run(
        [*command, "--exit-zero-always", str(folder)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [
        f"{names[Path(one['url']).name]}: {one['message']} {one.get('extract', '')!r}"
        for one in json.loads(told.stdout)["messages"]
    ]
