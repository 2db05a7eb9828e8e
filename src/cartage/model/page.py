"""What a provider brought back: where it ended up, the status, the headers that matter, the body, and when."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict, Field

from cartage.model.language import Photo
from cartage.model.product import Money, Value


class PageKind(StrEnum):
    """Say how the body is to be read."""

    HTML = "html"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    OXYLABS = "oxylabs"
    APIFY = "apify"


class Page(Value):
    """Hold one answer.

    For `html` the body is the page's bytes as served. For a shop platform it is a UTF-8 JSON object that maps
    the platform's document names to the documents (`{"product": {...}, "product_js": {...}, "cart": {...}}`), for a
    hosted service its product (`{"product": {...}}`). `cost` is what the answer cost, where that is known;
    `screenshot` is the page as a browser showed it, where it showed next to no text.
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


class PageRequest(Value):
    """Ask a provider for a page; `pasted_page_id` names the artifact where a person pasted it."""

    url: str
    merchant_id: str
    pasted_page_id: str | None = None
