"""The API's reference as a page."""

import re
from pathlib import Path
from typing import Any

import httpx2
import pytest

from cartage.app import build
from cartage.server import create_server
from cartage.settings import read_settings

OUTSIDE = re.compile(r"(?:src|href)=\"(?:https?:)?//(?!localhost)")


@pytest.fixture
async def shown(tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """Give the page as a stranger gets it, and the document it is made of."""
    server = create_server(build(read_settings(data_dir=tmp_path, engine="elsewhere", database_url="")))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(server), base_url="http://localhost") as anyone:
        return (await anyone.get("/docs")).text, (await anyone.get("/openapi.json")).json()


async def test_every_operation_is_on_the_page(shown: tuple[str, dict[str, Any]]) -> None:
    """Each has its own place, and each link leads to a place on the page."""
    page, document = shown
    ids = set(re.findall(r' id="([^"]+)"', page))
    operations = {operation["operationId"] for methods in document["paths"].values() for operation in methods.values()}

    assert operations <= ids
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


async def test_the_page_asks_nobody_else(shown: tuple[str, dict[str, Any]]) -> None:
    """Nothing on it comes from another host."""
    assert OUTSIDE.findall(shown[0]) == []
