"""`cartage mcp`: the tools for an assistant on this machine, over standard input and output."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from cartage.cli.installation import ANYWHERE, Where, connected
from cartage.client import AsyncClient
from cartage.mcp.tools import create_tools


def mcp(*, where: Where = ANYWHERE) -> None:
    """Serve the tools of the Model Context Protocol over standard input and output, for an assistant to start.

    They work on the Cartage at CARTAGE_URL, or on this machine's own data.
    """
    asyncio.run(_serve(where))


async def _serve(where: Where) -> None:
    async with connected(where, working=True) as client:

        @contextlib.asynccontextmanager
        async def connect() -> AsyncGenerator[AsyncClient]:
            yield client

        await create_tools(connect).run_stdio_async()
