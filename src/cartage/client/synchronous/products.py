"""Products: what is in the catalogue, and changing it."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartage.client.call import Call, once, path
from cartage.client.multipart import multipart
from cartage.client.synchronous.begun import BegunImport
from cartage.client.synchronous.connection import Connection
from cartage.listing import Sort
from cartage.model.catalogue import Status
from cartage.model.picture import Size
from cartage.wire.catalogue import ProductOut, ProductPage
from cartage.wire.events import EventOut, EventType
from cartage.wire.looks import Apply, DifferenceOut, DifferencesOut, RefreshBody
from cartage.wire.pricing import PricesOut
from cartage.wire.review import ReviewBody
from cartage.wire.upkeep import HistoryOut, ProductEdit, SightingOut

ETAG = "etag"


@dataclass(frozen=True, slots=True)
class Products:
    """Look at products, and change them."""

    connection: Connection

    def list(
        self,
        wanted: str = "",
        *,
        status: Status | None = None,
        site: str = "",
        brand: str = "",
        error: str = "",
        batch: str = "",
        tag: str = "",
        external_id: str = "",
        q: str = "",
        sort: Sort = Sort.NEWEST,
        page_size: int = 50,
    ) -> Generator[ProductOut]:
        """Give every product that a filter wants and all else fits, in an order, page by page as they are needed."""
        narrowing = {"status": status and status.value, "site": site, "brand": brand, "error": error, "batch": batch}
        narrowing |= {"tag": tag, "external_id": external_id, "q": q}
        asked = {"filter": wanted, **narrowing, "sort": sort.value, "limit": page_size}
        for page in self.connection.pages(ProductPage, Call("GET", "/v1/products", asked)):
            yield from page.products

    def get(self, product_id: str, *, evidence: bool = False) -> ProductOut:
        """Get a product, with each field's evidence where asked."""
        return self.connection.get(ProductOut, self._one(product_id, evidence=evidence))

    def version(self, product_id: str) -> str:
        """Get a product's version, to change it only from that one: `edit(…, version=…)`."""
        return (self.connection.send(self._one(product_id))).headers.get(ETAG, "")

    def edit(self, product_id: str, changes: Mapping[str, Any], *, version: str = "") -> ProductOut:
        """Set fields by hand, such as `{"name": "Mug", "price": {"amount": "9", "currency": "EUR"}}`; they are locked.

        `{"unlock": ["name"]}` leaves a field to imports again. With a `version` the product is changed only from
        that; raises `Stale` where it has another by now.
        """
        body = ProductEdit.model_validate(changes)
        headers = {"If-Match": version} if version else {}
        call = Call("PATCH", path("/v1/products/{}", product_id), body=body, headers=headers)
        return self.connection.get(ProductOut, call)

    def review(
        self,
        product_id: str,
        *,
        accept: Sequence[str] = (),
        reject: Sequence[str] = (),
        edit: Mapping[str, str] | None = None,
        version: str = "",
    ) -> ProductOut:
        """Accept, reject or edit what a language model saw in pictures, by the pointers in `unverified`."""
        body = ReviewBody(accept=[*accept], reject=[*reject], edit=dict(edit or {}))
        headers = once("") | ({"If-Match": version} if version else {})
        call = Call("POST", path("/v1/products/{}/review", product_id), body=body, headers=headers)
        return self.connection.get(ProductOut, call)

    def history(self, product_id: str, *, limit: int = 100) -> Sequence[SightingOut]:
        """List the changes of a product's price and stock, newest first."""
        call = Call("GET", path("/v1/products/{}/history", product_id), {"limit": limit})
        return (self.connection.get(HistoryOut, call)).history

    def price(self, product_id: str) -> PricesOut:
        """Get a product's selling prices, each step from the source's price to yours told."""
        return self.connection.get(PricesOut, Call("GET", path("/v1/products/{}/price", product_id)))

    def refresh(self, product_id: str, apply: Apply = "unlocked") -> BegunImport:
        """Import a product again; with `none` only look at its page, see `differences`."""
        body = RefreshBody(apply=apply)
        call = Call("POST", path("/v1/products/{}/refresh", product_id), body=body, headers=once(""))
        return BegunImport.told(self.connection, call)

    def differences(self, import_id: str) -> Sequence[DifferenceOut]:
        """List what a refresh would change, by what a look that is over saw of the page."""
        call = Call("GET", path("/v1/imports/{}/differences", import_id))
        return (self.connection.get(DifferencesOut, call)).differences

    def fetch_pictures(self, product_id: str) -> BegunImport:
        """Fetch a product's pictures again, and nothing else."""
        call = Call("POST", path("/v1/products/{}/pictures", product_id), headers=once(""))
        return BegunImport.told(self.connection, call)

    def upload_pictures(
        self, product_id: str, files: Mapping[str, bytes], *, alt: str = "", first: bool = False, dry_run: bool = False
    ) -> ProductOut:
        """Show pictures from files, by their names, with a product: behind its others, or before them.

        All of them or none; with `dry_run` none, and only what cannot be taken is raised. No import takes them away.
        Shops fetch them at their link `public`, where the server has a public address.
        """
        told = {"alt": alt, "first": "true" if first else "", "dry_run": "true" if dry_run else ""}
        content, media_type = multipart({name: value for name, value in told.items() if value}, files)
        headers = once("") | {"Content-Type": media_type}
        where = path("/v1/products/{}/pictures/files", product_id)
        return self.connection.get(ProductOut, Call("POST", where, content=content, headers=headers))

    def picture(self, picture_id: str, size: Size = Size.FULL) -> bytes:
        """Get a picture as WebP."""
        return (self.connection.send(Call("GET", path("/v1/pictures/{}/{}", picture_id, size.value)))).content

    def events(self, product_id: str, *, types: Sequence[EventType] = (), after: str = "") -> Generator[EventOut]:
        """Give a product's events as they happen, to the end of its import."""
        query = {"type": [each.value for each in types]}
        return self.connection.events(Call("GET", path("/v1/products/{}/events", product_id), query), after)

    def _one(self, product_id: str, *, evidence: bool = False) -> Call:
        return Call("GET", path("/v1/products/{}", product_id), {"include": "evidence" if evidence else ""})
