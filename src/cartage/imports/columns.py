"""A list's columns: which one holds the addresses, which say something of the products, which are only handed back."""

from collections.abc import Iterable, Mapping, Sequence

from cartage.imports.price_cells import names_currency
from cartage.model.errors import InvalidInput
from cartage.model.weight import WEIGHT, grams_of

ADDRESS_COLUMNS = ("url", "link", "address", "source url", "page url", "href", "product link", "product url")
WEIGHT_HEADS: Mapping[str, str] = {
    "weight": "",
    "weight grams": "g",
    "weight (g)": "g",
    "weight (grams)": "g",
    "weight value (grams)": "g",
    "variant grams": "g",
    "grams": "g",
    "weight (kg)": "kg",
    "weight (lbs)": "lb",
    "weight (lb)": "lb",
    "weight (oz)": "oz",
}
HEADS: Mapping[str, tuple[str, ...]] = {
    "external_id": ("external id",),
    "action": ("action",),
    "tags": ("tags", "tag"),
    "name": ("name", "title", "product name"),
    "brand": ("brand", "vendor"),
    "description": ("description",),
    "description_html": ("description html", "body html", "body (html)"),
    "price": ("price",),
    "regular_price": ("regular price", "compare-at price", "compare at price"),
    "currency": ("currency",),
    "availability": ("availability",),
    "condition": ("condition",),
    "sku": ("sku",),
    "gtin": ("gtin", "ean", "barcode", "upc"),
    "mpn": ("mpn",),
    WEIGHT: tuple(WEIGHT_HEADS),
    "breadcrumbs": ("category", "breadcrumbs", "product category"),
    "handle": ("handle", "url handle"),
    "seo_title": ("seo title",),
    "seo_description": ("seo description",),
    "overrides": ("overrides",),
}
PRICES = ("price", "regular_price")

Rows = Sequence[tuple[str, ...]]


def address_place(columns: Sequence[str], samples: Rows, name: str) -> int | None:
    """Find the column with the addresses: the one that is named, one with a known name, or the one that has most.

    Raises `InvalidInput` for a name that no column has.
    """
    if name:
        return _place(columns, name, "/url")
    found = first_named(columns, ADDRESS_COLUMNS)
    return _fullest(len(columns), samples) if found is None else found


def used_places(columns: Sequence[str], samples: Rows, address: int | None, asked: Mapping[str, str]) -> dict[str, int]:
    """Find the columns that say something of the products, by what they say.

    Those are used whose head is a known name, prices only where a currency is known and weights only where a unit is,
    and those that are `asked` for by
    their heads; one that is asked to have no head is not used. Raises `InvalidInput` for a head that no column has.
    """
    found = {name: place for name, heads in HEADS.items() if (place := first_named(columns, heads)) is not None}
    for name in PRICES:
        if name in found and "currency" not in found and not _with_currency(samples, found[name]):
            del found[name]
    if WEIGHT in found and not (unit_in(columns[found[WEIGHT]]) or _with_units(samples, found[WEIGHT])):
        del found[WEIGHT]
    found |= {name: _place(columns, head, "/column") for name, head in asked.items() if head}
    unused = {name for name, head in asked.items() if not head}
    return {name: place for name, place in found.items() if name not in unused and place != address}


def asked_columns(asked: Iterable[str]) -> tuple[str, dict[str, str]]:
    """Read what columns are asked for: the one with the addresses, `Link` or `url=Link`, and `sku=Supplier SKU`."""
    address, uses = "", dict[str, str]()
    for each in asked:
        name, sign, head = each.partition("=")
        known = name.strip().casefold().replace(" ", "_")
        if sign and known in HEADS:
            uses[known] = head.strip()
        else:
            address = head.strip() if sign and known == "url" else each
    return address, uses


def first_named(columns: Sequence[str], names: Iterable[str]) -> int | None:
    """Find the first column that has one of these names, whatever its case; None where there is none."""
    folded = [_folded(column) for column in columns]
    return next((folded.index(_folded(name)) for name in names if _folded(name) in folded), None)


def unit_in(column: str) -> str:
    """Name the unit that the head of a column gives to its weights; empty where it says none."""
    return WEIGHT_HEADS.get(_folded(column), "")


def is_address(cell: str) -> bool:
    """Tell whether a cell looks like a web address."""
    return cell.strip().lower().startswith(("http://", "https://"))


def _place(columns: Sequence[str], name: str, pointer: str) -> int:
    place = first_named(columns, (name,))
    if place is None:
        known = ", ".join(columns)[:200]
        raise InvalidInput(f"There is no column {name!r}; the columns are: {known}.", pointer)
    return place


def _with_currency(samples: Rows, place: int) -> bool:
    return any(names_currency(row[place]) for row in samples if place < len(row))


def _with_units(samples: Rows, place: int) -> bool:
    return any(grams_of(row[place]) for row in samples if place < len(row))


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", " ")


def _fullest(width: int, samples: Rows) -> int | None:
    counts = [sum(is_address(row[place]) for row in samples if place < len(row)) for place in range(width)]
    most = max(counts, default=0)
    return counts.index(most) if most > len(samples) / 2 else None
