"""A demo shop in this process, and a client that asks it."""

from collections.abc import AsyncGenerator

import httpx2
import pytest
from fastapi import FastAPI

from cartage.demo import create_shop

ORIGIN = "http://shop.test"


@pytest.fixture
def shop() -> FastAPI:
    """Give a fresh shop whose slow page is quick."""
    return create_shop(slow_seconds=0.2)


@pytest.fixture
async def visitor(shop: FastAPI) -> AsyncGenerator[httpx2.AsyncClient]:
    """Give a client that does not follow redirects."""
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(shop), base_url=ORIGIN) as client:
        yield client
