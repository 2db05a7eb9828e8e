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
from cartage.cli.installation import ANYWHERE, Where, connected, find_elsewhere
from cartage.cli.outcome import ExitCode
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json
from cartage.client import AsyncClient
from cartage.imports.reserve import free_bytes
from cartage.model.access import Forbidden
from cartage.model.errors import CartageError, NotAuthenticated
from cartage.settings import Settings
from cartage.store import Store
from cartage.wire.pauses import PausedOut

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """Hold one thing that was looked at: `advice` is empty when it is well."""

    name: str
    detail: str
    advice: str = ""


def doctor(*, where: Where = ANYWHERE) -> int:
    """Look at the settings, the data folder, the database and the engine; write the findings as JSON.

    Where CARTAGE_URL or the command names a running Cartage, it is that which is looked at, as far as the token
    reaches, and not what is on this machine.
    """
    settings = read_settings()
    there = find_elsewhere(where, settings)
    findings = asyncio.run(_elsewhere(there.url, where)) if there else _here(settings)
    for finding in findings:
        mark = "✗" if finding.advice else "✓"
        sys.stderr.write(f"{mark} {finding.name}: {finding.detail} {finding.advice}".rstrip() + "\n")
    healthy = not any(finding.advice for finding in findings)
    rows = [{"name": each.name, "detail": each.detail, "advice": each.advice} for each in findings]
    write_json({"version": __version__, "healthy": healthy, "findings": rows})
    return ExitCode.OK if healthy else ExitCode.FAILED


async def _elsewhere(url: str, where: Where) -> list[Finding]:
    looked = [Finding("server", f"{url}; the data on this machine was not looked at")]
    async with connected(where) as client:
        try:
            looked.append(Finding("token", f"of the merchant {(await client.merchant()).name}"))
            looked += [await _workers(client), *(_paused(each) for each in await client.pauses.list())]
        except (NotAuthenticated, Forbidden) as error:
            looked.append(Finding("token", error.detail, error.advice))
        except CartageError as error:
            looked.append(Finding("server", error.detail, error.advice))
    return looked


async def _workers(client: AsyncClient) -> Finding:
    try:
        alive = sum(not each.silent for each in await client.workers())
    except Forbidden:
        return Finding("workers", "not told to this token, which has not the scope admin")
    advice = "" if alive else "Nothing runs imports: start `cartage serve` or `cartage worker` there."
    return Finding("workers", f"{alive} alive", advice)


def _paused(pause: PausedOut, whose: str = "") -> Finding:
    """Tell what is paused, which is nothing to mend."""
    what = f"importing from {pause.site}" if pause.site else "importing"
    since = f"since {pause.paused_at:%Y-%m-%d %H:%M} UTC by {pause.paused_by}"
    return Finding("paused", f"{what}, {whose}{since}; `cartage resume` lets it go on")


def _here(settings: Settings) -> list[Finding]:
    return [*_machine(settings), *asyncio.run(_database(settings))]


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
    for merchant in await store.accounts.merchants():
        for pause in await store.pauses.pauses(merchant.id):
            yield _paused(PausedOut.of(pause), f"for {merchant.name}, ")
