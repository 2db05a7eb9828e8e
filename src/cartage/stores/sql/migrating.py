"""Taking a database from one revision of the schema to another."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from cartage.model.errors import InvalidInput
from cartage.model.machine_errors import DatabaseUpgradeFailed
from cartage.stores.sql.database import alone, make_engine, reached, writing


async def migrate_up(url: str, revision: str) -> None:
    """Bring a database to a later revision, or leave it as it was.

    Raises `InvalidInput` where there is no such way, and `DatabaseUpgradeFailed` where a step of it fails.
    """
    await change_schema(url, lambda connection: command.upgrade(_config(connection), revision))


async def migrate_down(url: str, revision: str) -> None:
    """Take a database back to an earlier revision, or leave it as it was; raises as `migrate_up` does."""
    await change_schema(url, lambda connection: command.downgrade(_config(connection), revision))


async def change_schema(url: str, change: Callable[[Connection], None]) -> None:
    """Change a database's schema in one transaction, while no other process does; raises as `migrate_up` does."""
    engine, there = make_engine(url), False
    try:
        async with reached(), writing(engine) as connection:
            await alone(connection)
            there = True
            try:
                await connection.run_sync(change)
            except Exception:
                there = not connection.invalidated  # a database that went away refused nothing
                raise
    except CommandError as error:
        raise InvalidInput(f"The schema cannot go there: {error}.") from error
    except Exception as error:
        if not there:
            raise
        raise DatabaseUpgradeFailed(f"The database's schema stays as it was: {_reason(error)}.") from error
    finally:
        await engine.dispose()


def _reason(error: BaseException) -> str:
    """Give the first line of what the database, or Python, said at first."""
    first = error
    while first.__cause__:
        first = first.__cause__
    lines = str(first).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(first).__name__


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("cartage.stores.sql") / "migrations"))
    config.attributes["connection"] = connection
    return config
