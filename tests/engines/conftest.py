"""A small Inngest server, and an engine registered with it."""

from collections.abc import AsyncGenerator

import pytest

from tests.engines.small_inngest import SmallInngest


@pytest.fixture
async def server() -> AsyncGenerator[SmallInngest]:
    """Give a small Inngest server that listens on loopback."""
    async with SmallInngest().listening() as listening:
        yield listening
