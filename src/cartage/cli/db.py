"""`cartage db`: the database's schema."""

import asyncio

from cyclopts import App
from sqlalchemy import make_url

from cartage.cli.manner import note
from cartage.cli.outcome import ExitCode
from cartage.cli.reading import read_settings
from cartage.cli.record import write_json
from cartage.stores import sql

db = App(name="db", help="Upgrade, downgrade or look at the database's schema.")


@db.command
def upgrade(revision: str = "head", /) -> None:
    """Bring the database to the newest schema; stop every server and worker first.

    Parameters
    ----------
    revision
        The revision to go to.
    """
    asyncio.run(_change(sql.upgrade, revision))


@db.command
def downgrade(revision: str, /) -> None:
    """Take the database back to an earlier schema; what only the newer one can hold is lost.

    Parameters
    ----------
    revision
        The revision to go to: one step back is -1, an empty database is base.
    """
    asyncio.run(_change(sql.downgrade, revision))


@db.command
def current() -> int:
    """Show the database's revision and the program's; exit 1 when they differ."""
    settings = read_settings()
    present, newest = asyncio.run(sql.revisions(settings.store_url))
    database = make_url(settings.store_url).render_as_string(hide_password=True)
    write_json({"database": database, "revision": present, "newest": newest})
    return ExitCode.OK if present == newest else ExitCode.FAILED


async def _change(change: "sql.Migration", revision: str) -> None:
    url = read_settings().store_url
    before, _ = await sql.revisions(url)
    await change(url, revision)
    after, _ = await sql.revisions(url)
    note(f"The database was at {before or 'no revision'} and is at {after or 'no revision'}.")
