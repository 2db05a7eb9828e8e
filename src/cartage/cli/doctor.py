"""`cartage doctor`: look at this installation and say what is wrong and what to do."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cartage import __version__
from cartage.app import build
from cartage.cli.outcome import ExitCode
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json
from cartage.imports.reserve import free_bytes
from cartage.model.errors import CartageError
from cartage.settings import Settings
from cartage.store import Store

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one thing that was looked at: `advice` is empty when it is well."""

    name: str
    detail: str
    advice: str = ""


def doctor() -> int:
    """Look at the settings, the data folder, the database and the engine; write the findings as JSON."""
    settings = read_settings()
    findings = [*_machine(settings), *asyncio.run(_database(settings))]
    for finding in findings:
        mark = "✗" if finding.advice else "✓"
        sys.stderr.write(f"{mark} {finding.name}: {finding.detail} {finding.advice}".rstrip() + "\n")
    healthy = not any(finding.advice for finding in findings)
    rows = [{"name": each.name, "detail": each.detail, "advice": each.advice} for each in findings]
    write_json({"version": __version__, "healthy": healthy, "findings": rows})
    return ExitCode.OK if healthy else ExitCode.FAILED


def _machine(settings: Settings) -> Iterator[Finding]:
    python = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("python", python)
    yield Finding("sqlite", sqlite3.sqlite_version)
    folder = settings.data_dir.absolute()
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    writable = os.access(existing, os.W_OK)
    advice = "" if writable else f"Let this user write to {existing}, or set CARTAGE_DATA_DIR."
    yield Finding("data folder", str(settings.data_dir), advice)
    yield from look_at_disk(settings)
    yield Finding("engine", settings.engine)


def look_at_disk(settings: Settings, free: Callable[[Path], int] = free_bytes) -> Iterator[Finding]:
    """Say how much room the data's disk has, where it is this machine's; `free` gives a folder's free bytes."""
    if settings.disk_folder is None:
        return
    room, least = free(settings.disk_folder) // MEBIBYTE, settings.disk_reserve_mb
    advice = (
        f"No import begins. Free {least - room} MB on the disk of {settings.disk_folder}, keep pages and events for "
        "less long (Settings), or lower CARTAGE_DISK_RESERVE_MB."
    )
    yield Finding("disk", f"{room} MB free, of which {least} stay so", advice if room < least else "")


async def _database(settings: Settings) -> list[Finding]:
    if not settings.database_url and not (settings.data_dir / "cartage.db").exists():
        return [Finding("database", "not made yet; `cartage serve` makes it")]
    store = build(settings.model_copy(update={"engine": "elsewhere"})).store
    try:
        await store.open()
    except CartageError as error:
        return [Finding("database", error.detail, error.advice)]
    paused = [finding async for finding in _pauses(store)]
    await store.close()
    return [Finding("database", "open and up to date"), *paused]


async def _pauses(store: Store) -> AsyncGenerator[Finding]:
    """Tell what is paused, which is nothing to mend."""
    for merchant in await store.accounts.merchants():
        for pause in await store.pauses.pauses(merchant.id):
            what = f"importing from {pause.site}" if pause.site else "importing"
            since = f"since {pause.paused_at:%Y-%m-%d %H:%M} UTC by {pause.paused_by}"
            yield Finding("paused", f"{what}, for {merchant.name}, {since}; `cartage resume` lets it go on")
