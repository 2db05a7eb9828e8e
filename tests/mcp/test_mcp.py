"""The tools as an assistant has them, by the protocol's own client: over HTTP with a token, and beside the API."""

import contextlib
import json
import sys
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult

from cartage import __version__
from cartage.client import AsyncClient
from cartage.mcp.tools import create_tools
from tests.cli.running import Running, made

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOOLS = {
    "import_product", "import_products", "get_import", "get_batch", "list_imports", "explain_failure", "retry_imports",
    "search_products", "get_product", "update_product", "check_export", "export_products",
}  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Running]:
    """Give a running Cartage with the demo shop."""
    async with made(tmp_path_factory.mktemp("mcp")) as running:
        yield running


@contextlib.asynccontextmanager
async def assistant(running: Running, token: str) -> AsyncGenerator[Client]:
    """Give an assistant that has a token."""
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=120) as http,
        Client(streamable_http_client(f"{running.url}/mcp", http_client=http)) as client,
    ):
        yield client


def told(result: CallToolResult) -> dict[str, Any]:
    """Read what a tool told."""
    assert not result.is_error, result.content
    assert result.structured_content is not None
    return result.structured_content.get("result", result.structured_content)


def refused(result: CallToolResult) -> str:
    """Read what a tool refused."""
    assert result.is_error
    return getattr(result.content[0], "text", "")


async def test_a_product_is_imported_read_changed_and_checked(running: Running) -> None:
    """An assistant imports a page, waits, reads the product with where it stands, edits it and checks an export."""
    async with assistant(running, running.token) as client:
        names = {each.name for each in (await client.list_tools()).tools}
        url = f"{running.shop}/products/linen-camp-shirt"
        imported = told(await client.call_tool("import_product", {"url": url, "wait_seconds": 20}))
        given = {"product_id": imported["product_id"]}
        product = told(await client.call_tool("get_product", given | {"include_provenance": True}))
        changes = {"version": product["version"], "changes": {"brand": "Nordhem"}}
        edited = told(await client.call_tool("update_product", given | changes))
        stale = await client.call_tool("update_product", given | changes)
        found = told(await client.call_tool("search_products", {"query": "camp shirt"}))
        checked = told(await client.call_tool("check_export", {"target": "shopify", "wait_seconds": 0}))

    assert names == TOOLS
    assert (imported["status"], product["name"]) == ("succeeded", "Linen Camp Shirt")
    assert product["provenance"]["/name"][0]["source"]
    assert (edited["brand"], edited["locked"]) == ("Nordhem", ["brand"])
    assert "stale: " in refused(stale)
    assert [each["id"] for each in found["products"]] == [product["id"]]
    assert checked["target"] == "shopify"


async def test_what_the_merchant_says_of_products_goes_with_their_addresses(running: Running) -> None:
    """An own id, tags and fields set by hand, of one address and of rows; what cannot be is refused."""
    address = f"{running.shop}/p/enamel-camp-mug"
    said = {"external_id": "row-1", "tags": ["camp"], "overrides": {"brand": "Kiln", "weight_grams": "0.3 kg"}}
    rows = [f"{running.shop}/p/oak-lounge-chair", {"url": f"{running.shop}/p/wool-rug", "overrides": {"brand": "Loom"}}]
    async with assistant(running, running.token) as client:
        imported = told(await client.call_tool("import_product", {"url": address, "wait_seconds": 50, **said}))
        batch = told(await client.call_tool("import_products", {"urls": rows}))
        ended = told(await client.call_tool("get_batch", {"batch_id": batch["id"], "wait_seconds": 50}))
        found = told(await client.call_tool("search_products", {"query": "external_id:row-1 tag:camp"}))["products"]
        rug = told(await client.call_tool("search_products", {"query": "brand:Loom"}))["products"]
        refusal = refused(await client.call_tool("import_product", {"url": address, "overrides": {"colour": "red"}}))

    product = imported["product"]
    assert (product["brand"], product["weight_grams"]) == ("Kiln", "300")
    assert product["locked"] == ["brand", "weight_grams"]
    assert [each["id"] for each in found] == [product["id"]]
    assert ended["counts"]["imported"] == 2
    assert [each["source_url"] for each in rug] == [f"{running.shop}/p/wool-rug"]
    assert "colour" in refusal


async def test_a_failure_says_what_to_do(running: Running) -> None:
    """What failed is told with its side and advice; what is refused is an error in words."""
    async with assistant(running, running.token) as client:
        failed = told(await client.call_tool("import_product", {"url": f"{running.shop}/gone/old-kettle"}))
        why = told(await client.call_tool("explain_failure", {"import_id": failed["id"]}))
        dry = told(await client.call_tool("retry_imports", {"filter": "status:failed"}))
        private = refused(await client.call_tool("import_product", {"url": "http://10.0.0.1/"}))
        wrong = refused(await client.call_tool("list_imports", {"filter": "stauts:failed"}))
        unknown = refused(await client.call_tool("get_import", {"import_id": "imp_nothing"}))

    assert (why["error"]["code"], why["error"]["whose_side"]) == ("not_found", "site")
    assert why["error"]["what_to_do"]
    assert (dry["status"], dry["total"]) == ("dry_run", 1)
    assert "url_not_allowed: " in private
    assert "Paste the page's HTML instead" in private
    assert "There is no `stauts:`" in wrong
    assert "not_found_here" in unknown


async def test_a_list_of_products_is_told_as_such(running: Running) -> None:
    """Explaining the failure of a category's page gives the addresses that import_products takes."""
    async with assistant(running, running.token) as client:
        failed = told(await client.call_tool("import_product", {"url": f"{running.shop}/category/home"}))
        why = told(await client.call_tool("explain_failure", {"import_id": failed["id"]}))

    assert why["error"]["code"] == "products_listed"
    assert {"url": f"{running.shop}/p/enamel-camp-mug", "name": "Enamel Camp Mug"} in why["listed"]
    assert "import_products" in why["next"]


async def test_a_reading_token_only_reads(running: Running) -> None:
    """A token's scopes hold for what its tools do."""
    async with assistant(running, running.reading) as client:
        listed = told(await client.call_tool("list_imports", {}))
        denied = refused(await client.call_tool("import_products", {"urls": ["https://shop.example/p"]}))

    assert isinstance(listed["imports"], list)
    assert "forbidden: " in denied


async def test_nobody_comes_in_without_a_token(running: Running) -> None:
    """Without a token that is known there are no tools, and the problem says so."""
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx2.AsyncClient(timeout=120) as http:
        replies = [
            await http.post(f"{running.url}/mcp", json=message, headers=headers)
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"})
        ]

    assert [reply.status_code for reply in replies] == [401, 401, 401]
    assert all(json.loads(reply.content)["code"] == "not_authenticated" for reply in replies)


async def test_an_assistant_may_start_it_itself(running: Running) -> None:
    """`cartage mcp` serves the same tools over standard input and output."""
    command = StdioServerParameters(command=sys.executable, args=["-m", "cartage", "mcp"], env=running.environment)
    async with Client(stdio_client(command)) as client:
        names = {each.name for each in (await client.list_tools()).tools}
        listed = told(await client.call_tool("list_imports", {}))

    assert names == TOOLS
    assert isinstance(listed["imports"], list)


async def test_every_tool_says_what_it_is_like(running: Running) -> None:
    """Each has words on when to use it, and hints of whether it reads, adds or changes."""
    del running

    @contextlib.asynccontextmanager
    async def connect() -> AsyncGenerator[AsyncClient]:
        async with AsyncClient(
            "http://cartage.test", transport=httpx2.MockTransport(lambda _: httpx2.Response(418))
        ) as made:
            yield made

    async with Client(create_tools(connect)) as client:
        tools = (await client.list_tools()).tools
        broken = refused(await client.call_tool("search_products", {}))

    hints = {each.name: each.annotations and each.annotations.destructive_hint for each in tools}
    assert all(len(each.description or "") > 60 for each in tools)
    assert [name for name, destroys in hints.items() if destroys] == ["retry_imports", "update_product"]
    assert "reply_unreadable" in broken


async def test_what_a_tool_does_not_take_is_refused(running: Running) -> None:
    """An argument that is unknown is never dropped: every tool names it, and those that it takes, in its schema too."""
    async with assistant(running, running.token) as client:
        tools = (await client.list_tools()).tools
        refusals = {each.name: refused(await client.call_tool(each.name, {"wanted": "bogus:x"})) for each in tools}

    for tool in tools:
        assert tool.input_schema["additionalProperties"] is False
        assert "There is no argument 'wanted'." in refusals[tool.name]
        assert f"{tool.name} takes: {', '.join(tool.input_schema['properties'])}." in refusals[tool.name]


async def test_wrong_arguments_are_told_in_plain_words(running: Running) -> None:
    """What is missing and what is wrong is said at once, without anything of the library that found it."""
    async with assistant(running, running.token) as client:
        misnamed = refused(await client.call_tool("explain_failure", {"id": "imp_1"}))
        too_many = refused(await client.call_tool("list_imports", {"limit": 5000, "filter": 3}))
        row = refused(
            await client.call_tool("import_products", {"urls": [{"url": "https://shop.example", "tag": "x"}]})
        )

    assert misnamed == "There is no argument 'id'. import_id is missing. explain_failure takes: import_id."
    assert "limit: Input should be less than or equal to 50." in too_many
    assert "filter: Input should be a valid string." in too_many
    assert "tag" in row
    assert not any("pydantic" in each for each in (misnamed, too_many, row))


async def test_the_tools_say_of_which_cartage_they_are(running: Running) -> None:
    """What the server says of itself holds Cartage's version."""
    async with assistant(running, running.token) as client:
        said = client.server_info

    assert said is not None
    assert (said.name, said.version) == ("cartage", __version__)
