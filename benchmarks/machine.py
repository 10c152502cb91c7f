"""The machine: what it is, and who uses it. CPU times are read from /proc, which Linux has."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

PROCESSES = Path("/proc")


class Started(Protocol):
    """A server that was started: its first process, and the name of its database, if it has one."""

    process: object
    database: str


def machine() -> str:
    """Return the machine in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )


def cpu_seconds(server: Started) -> float:
    """Return the CPU time so far of the server's processes, and of its database's."""
    return sum(
        _ticks(fields)
        for folder, fields in _processes()
        if int(fields[3]) == server.process.pid or _works_for(folder, server.database)
    ) / os.sysconf("SC_CLK_TCK")


def busy_seconds() -> float:
    """Return the CPU time so far of everything on the machine."""
    try:
        first, *_rest = (PROCESSES / "stat").read_text().splitlines()
    except OSError:
        return 0.0
    user, nice, system, _idle, _waiting, interrupts, soft, stolen, *_guests = first.split()[1:]
    ticks = sum(map(int, (user, nice, system, interrupts, soft, stolen)))
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[Path, list[str]]]:
    for file in PROCESSES.glob("[0-9]*/stat"):
        try:
            yield file.parent, file.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # It has ended meanwhile.


def _ticks(fields: list[str]) -> int:
    return int(fields[11]) + int(fields[12])


def _works_for(folder: Path, database: str) -> bool:
    """Is this one of PostgreSQL's processes, at work for the database?"""
    if not database:
        return False
    try:
        command = (folder / "cmdline").read_bytes()
    except OSError:
        return False
    return command.startswith(b"postgres:") and f" {database} ".encode() in command
