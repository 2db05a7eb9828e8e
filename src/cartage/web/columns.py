"""The columns of the table of products: which a person chose, by the address, else as they were last chosen here."""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import Request, Response

TITLES = {
    "brand": "Brand",
    "price": "Price",
    "regular_price": "Regular price",
    "availability": "In stock",
    "sku": "SKU",
    "gtin": "Barcode number",
    "category": "Category",
    "variants": "Variants",
    "pictures": "Pictures",
    "tags": "Tags",
    "missing": "Missing",
    "source": "From",
    "status": "Status",
    "created": "First imported",
    "changed": "Changed",
}
USUAL = ("brand", "price", "source", "status", "changed")
COOKIE = "cartage_columns"
YEAR_SECONDS = 365 * 24 * 3600
ASKED, TICKED, BY_BOXES = "columns", "column", "boxes"


@dataclass(frozen=True, slots=True)
class Columns:
    """Hold what the table shows, in its order; `asked` tells that the address says so."""

    chosen: tuple[str, ...] = USUAL
    asked: bool = False

    @property
    def written(self) -> str:
        """Give them as an address has them; empty where it need not say them."""
        return (",".join(self.chosen) or BY_BOXES) if self.asked else ""

    def keep(self, response: Response, *, secure: bool) -> None:
        """Let the browser remember what was asked for."""
        if self.asked:
            kept = ".".join(self.chosen)
            response.set_cookie(COOKIE, kept, YEAR_SECONDS, httponly=True, samesite="lax", secure=secure)


def columns_of(request: Request) -> Columns:
    """Read the columns; names that there are not are passed over."""
    asked = request.query_params.get(ASKED)
    if asked is not None:
        named = request.query_params.getlist(TICKED) if asked == BY_BOXES else asked.split(",")
        return Columns(_known(named), asked=True)
    kept = request.cookies.get(COOKIE)
    return Columns() if kept is None else Columns(_known(kept.split(".")))


def _known(names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    return tuple(name for name in TITLES if name in wanted)
