"""Which Cartage a command is for: the running one that the settings or the command name, or this machine's own data."""

import contextlib
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cartage.cli.outcome import Interrupted, Miswritten
from cartage.cli.profiles import Profile, find_profile
from cartage.cli.reading import read_settings
from cartage.client import AsyncClient
from cartage.settings import Settings


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Where:
    """Say which Cartage, and whose catalogue of it."""

    server: str = ""
    """The address of a running Cartage, instead of CARTAGE_URL; this machine's own data without either."""
    token_file: Annotated[Path | None, Parameter(env_var=())] = None
    """A file that holds the token, instead of CARTAGE_TOKEN."""
    profile: Annotated[str, Parameter(env_var=())] = ""
    """A profile by its name, with address and token, instead of CARTAGE_PROFILE."""
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
    if there := find_elsewhere(where, settings):
        async with AsyncClient(there.url, there.secret()) as client:
            yield client
        return
    from cartage.cli.own import own_client

    async with own_client(settings, where.merchant, working=working) as client:
        yield client


def find_elsewhere(where: Where, settings: Settings) -> Profile | None:
    """Find the running Cartage that is meant; None where it is this machine's own data.

    What the command says beats what the settings say, and a profile's token goes to the profile's address only.
    """
    named = where.profile or ("" if where.server else settings.profile)
    known = find_profile(settings.profiles_file, named) if named else Profile(url=settings.url, token=settings.token)
    if where.server and named:
        raise Miswritten("Name a profile or a server, not both.")
    there = known.model_copy(update={"url": where.server} if where.server else {})
    if where.token_file:
        there = there.model_copy(update={"token_file": where.token_file})
    return there if there.url else None


def site_of(where: Where) -> str:
    """Give the address of the pages for people."""
    settings = read_settings()
    there = find_elsewhere(where, settings)
    return there.url.rstrip("/") if there else settings.site_url
