"""Imports: ask for one, look at it, wait for it, and what can be done about it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cartage.client.asynchronous.begun import BegunImport, ended, events_of
from cartage.client.asynchronous.connection import Connection
from cartage.client.call import Call, once, path, prefer
from cartage.model.filtering import Standing
from cartage.model.listed import Listed
from cartage.model.wishes import AS_USUAL, Render, Wishes
from cartage.wire.artifacts import ArtifactList, ArtifactOut
from cartage.wire.catalogue import ContinueBody, ImportOut, ImportPage, NewImport, PastedPage, RetryBody
from cartage.wire.events import EventOut, EventType
from cartage.wire.listings import ListedProducts
from cartage.wire.upkeep import Overrides


@dataclass(frozen=True, slots=True)
class Imports:
    """Import single addresses."""

    connection: Connection

    async def create(
        self,
        url: str,
        *,
        external_id: str = "",
        overrides: Overrides | None = None,
        wait: float = 0,
        key: str = "",
        enhance: bool | None = None,
        wishes: Wishes = AS_USUAL,
    ) -> BegunImport:
        """Import an address; `duplicate` is true where it is in the catalogue already.

        What it gives can be followed: `.wait()` for the end, `.events()` for what happens until then.
        `external_id` is what you call a new product elsewhere, and `overrides` are fields of it that you set by hand.
        `enhance` says whether to enhance it then; the settings say so without. `wishes` say how to import it.
        The reply waits `wait` seconds (60 at most) for the end, and then holds the product. A `key` of your own has
        it done once, however often this is called.
        """
        given: dict[str, Any] = {"external_id": external_id or None, "overrides": overrides}
        said = {name: value for name, value in given.items() if value is not None}
        body = NewImport(url=url, enhance=enhance, **wishes.model_dump(exclude_defaults=True), **said)
        call = Call("POST", "/v1/imports", body=body, headers=once(key) | prefer(wait))
        return await BegunImport.told(self.connection, call)

    async def get(self, import_id: str) -> BegunImport:
        """Get an import with its steps, those to come too, its attempts, and while it waits its place in line."""
        return await BegunImport.told(self.connection, Call("GET", path("/v1/imports/{}", import_id)))

    async def list(
        self,
        wanted: str = "",
        *,
        product: str = "",
        status: Standing | str = "",
        site: str = "",
        brand: str = "",
        error: str = "",
        batch: str = "",
        tag: str = "",
        external_id: str = "",
        q: str = "",
        page_size: int = 50,
    ) -> AsyncGenerator[ImportOut]:
        """Give every import that a filter wants and all else fits, newest first, page by page as they are needed."""
        narrowing = {"product": product, "status": status, "site": site, "brand": brand, "error": error}
        narrowing |= {"batch": batch, "tag": tag, "external_id": external_id, "q": q}
        call = Call("GET", "/v1/imports", {"filter": wanted, **narrowing, "limit": page_size})
        async for page in self.connection.pages(ImportPage, call):
            for each in page.imports:
                yield each

    async def wait(self, import_id: str, timeout: float | None = None) -> ImportOut:  # noqa: ASYNC109 - says what goes on
        """Wait for an import's end; raises `NotOverYet` after `timeout` seconds, and the import goes on."""
        return await ended(self.connection, import_id, timeout)

    def events(self, import_id: str, *, types: Sequence[EventType] = (), after: str = "") -> AsyncGenerator[EventOut]:
        """Give an import's events as they happen, from the first or from after an event's id, to its end."""
        return events_of(self.connection, import_id, types, after)

    async def retry(
        self,
        import_id: str,
        *,
        from_step: str = "fetch",
        render: Render | None = None,
        language: str | None = None,
        max_cost: Decimal | None = None,
        wait: float = 0,
        key: str = "",
    ) -> BegunImport:
        """Import the product of an ended import again, as a new import; raises `Conflict` while one is under way.

        `from_step` is `fetch`, `extract` to read the page that is kept once more, or `pictures`. What is given of
        `render`, `language` and `max_cost` (US dollars) takes the place of what it was done with before.
        """
        changed = {"render": render, "language": language, "max_cost_usd": max_cost}
        named = {name: value for name, value in changed.items() if value is not None}
        body = RetryBody.model_validate({"from_step": from_step, **named})
        headers = once(key) | prefer(wait)
        call = Call("POST", path("/v1/imports/{}/retry", import_id), body=body, headers=headers)
        return await BegunImport.told(self.connection, call)

    async def go_on(
        self, import_id: str, *, max_cost: Decimal | None = None, wait: float = 0, key: str = ""
    ) -> BegunImport:
        """Let an import that stopped at a budget go on, as a new one, bound by `max_cost` US dollars, or not."""
        headers, body = once(key) | prefer(wait), ContinueBody(max_cost_usd=max_cost)
        call = Call("POST", path("/v1/imports/{}/continue", import_id), body=body, headers=headers)
        return await BegunImport.told(self.connection, call)

    async def cancel(self, import_id: str) -> BegunImport:
        """Stop an import; one that is over stays as it is."""
        call = Call("POST", path("/v1/imports/{}/cancel", import_id), headers=once(""))
        return await BegunImport.told(self.connection, call)

    async def paste(self, import_id: str, html: str, *, wait: float = 0) -> BegunImport:
        """Import the product of an ended import from the page's HTML, as a new import."""
        call = Call("PUT", path("/v1/imports/{}/html", import_id), body=PastedPage(html=html), headers=prefer(wait))
        return await BegunImport.told(self.connection, call)

    async def listed(self, import_id: str) -> Sequence[Listed]:
        """List the products that the page leads to which an import found to be a list; none where it lists none."""
        call = Call("GET", path("/v1/imports/{}/listed", import_id))
        return (await self.connection.get(ListedProducts, call)).products

    async def artifacts(self, import_id: str) -> Sequence[ArtifactOut]:
        """List the pages that an import kept, and what was read out of them."""
        call = Call("GET", path("/v1/imports/{}/artifacts", import_id))
        return (await self.connection.get(ArtifactList, call)).artifacts

    async def artifact(self, import_id: str, name: str) -> bytes:
        """Download one, by its name, as JSON."""
        return (await self.connection.send(Call("GET", path("/v1/imports/{}/artifacts/{}", import_id, name)))).content
