"""Which Cartage a command is for: the running one that the settings or the command name, or this machine's own data."""

import contextlib
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cartage.cli.outcome import Interrupted
from cartage.client import AsyncClient
from cartage.model.errors import InvalidInput
from cartage.settings import Settings, read_settings


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Where:
    """Say which Cartage, and whose catalogue of it."""

    server: str = ""
    """The address of a running Cartage, instead of CARTAGE_URL; this machine's own data without either."""
    token_file: Annotated[Path | None, Parameter(env_var=())] = None
    """A file that holds the token, instead of CARTAGE_TOKEN."""
    merchant: str = ""
    """On this machine's own data: the merchant's id or name; not needed when there is only one."""


ANYWHERE = Where()


@dataclass(slots=True)
class UnderWay:
    """Hold what goes on without us, to say how to watch it should we be interrupted."""

    ids: list[str] = field(default_factory=list[str])

    @contextlib.contextmanager
    def told(self) -> Generator[None]:
        """Turn an interruption into one that says what goes on."""
        try:
            yield
        except KeyboardInterrupt as error:
            raise Interrupted(*self.ids) from error


@contextlib.asynccontextmanager
async def connected(where: Where = ANYWHERE, *, working: bool = False) -> AsyncGenerator[AsyncClient]:
    """Give a client of the Cartage that is meant.

    On this machine's own data, with `working`, imports run in this process, unless a server or worker runs them
    already.
    """
    settings = read_settings()
    if url := where.server or settings.url:
        async with AsyncClient(url, _token(where, settings)) as client:
            yield client
        return
    from cartage.cli.own import own_client

    async with own_client(settings, where.merchant, working=working) as client:
        yield client


def site_of(where: Where) -> str:
    """Give the address of the pages for people."""
    settings = read_settings()
    return (where.server or settings.url).rstrip("/") or settings.site_url


def _token(where: Where, settings: Settings) -> str:
    if where.token_file is None:
        return settings.token.get_secret_value()
    try:
        return where.token_file.read_text("utf-8").strip()
    except OSError as error:
        raise InvalidInput(f"{where.token_file} cannot be read: {error.strerror}.") from error
