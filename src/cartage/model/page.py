"""What a provider brought back: where it ended up, the status, the headers that matter, the body, and when."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from cartage.model.language import Photo
from cartage.model.product import Money, Value

UNCHANGED = 304


class PageKind(StrEnum):
    """Say how the body is to be read."""

    HTML = "html"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    OXYLABS = "oxylabs"
    APIFY = "apify"


class Validators(Value):
    """Hold what a site told of a page at an address, to be asked by whether it has changed (RFC 9110)."""

    url: str
    etag: str = ""
    last_modified: str = ""


class Page(Value):
    """Hold one answer.

    For `html` the body is the page's bytes as served. For a shop platform it is a UTF-8 JSON object that maps
    the platform's document names to the documents (`{"product": {...}, "product_js": {...}, "cart": {...}}`), for a
    hosted service its product (`{"product": {...}}`). `cost` is what the answer cost, where that is known;
    `screenshot` is the page as a browser showed it, where it showed next to no text; `shot` is what of a page without a
    product stood in a browser's window, its pictures left out. `validators` are there where the
    site says by what to ask for changes. An answer to that question with status 304 has no body: nothing has changed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    url: str
    status: int
    kind: PageKind = PageKind.HTML
    headers: dict[str, str] = Field(default_factory=dict)
    body: bytes
    fetched_at: datetime
    cost: Money | None = None
    screenshot: Photo | None = None
    shot: Photo | None = None
    validators: Validators | None = None

    @property
    def unchanged(self) -> bool:
        """Tell whether this says only that nothing has changed."""
        return self.status == UNCHANGED


class PageRequest(Value):
    """Ask a provider for a page; `pasted_page_id` names the artifact where a person pasted it.

    With `validators` an answer that it has not changed will do.
    `kept_page_id` names one that an earlier import brought. `language` is what a site with several is asked for.
    """

    url: str
    merchant_id: str
    pasted_page_id: str | None = None
    validators: Validators | None = None
    kept_page_id: str | None = None
    language: str | None = None
