"""Taking a database from one revision of the schema to another."""

from collections.abc import Callable
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from cartage.model.errors import InvalidInput
from cartage.stores.sql.database import alone, make_engine, reached, writing


async def migrate_up(url: str, revision: str) -> None:
    """Bring a database to a later revision; raises `InvalidInput` where it cannot go there."""
    await _migrate(url, lambda connection: command.upgrade(_config(connection), revision))


async def migrate_down(url: str, revision: str) -> None:
    """Take a database back to an earlier revision; raises `InvalidInput` where it cannot go there."""
    await _migrate(url, lambda connection: command.downgrade(_config(connection), revision))


async def _migrate(url: str, change: Callable[[Connection], None]) -> None:
    engine = make_engine(url)
    try:
        async with reached(), writing(engine) as connection:
            await alone(connection)
            await connection.run_sync(change)
    except CommandError as error:
        raise InvalidInput(f"The schema cannot go there: {error}.") from error
    finally:
        await engine.dispose()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("cartage.stores.sql") / "migrations"))
    config.attributes["connection"] = connection
    return config
