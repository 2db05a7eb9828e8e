"""What a product weighs, as pages state it among its details: in a row called weight, with a unit."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from cartage.extraction.claims import Claim, Statement
from cartage.model.weight import grams_of, unit_of, with_unit

NAMES = frozenset({
    "weight", "item weight", "product weight", "unit weight", "net weight", "gross weight", "shipping weight",
    "package weight", "gewicht", "produktgewicht", "artikelgewicht", "nettogewicht", "bruttogewicht", "versandgewicht",
    "poids", "poids net", "poids brut", "poids du produit", "peso", "peso neto", "peso netto", "peso lordo",
    "peso líquido", "peso del producto", "peso articolo", "peso prodotto", "peso del artículo", "peso do produto", "vikt", "vekt", "vægt", "paino",
    "waga", "hmotnost", "greutate", "ağırlık", "вес", "重量", "الوزن", "وزن المنتج", "الوزن الصافي",
})  # fmt: skip
NAME = re.compile(r"(?P<name>[^()\[\]:]+?)\s*(?:[(\[]\s*(?P<unit>[^()\[\]\s]{1,12})\s*[)\]])?\s*:?")


def is_weight(name: str) -> bool:
    """Tell whether a row of details is about what the product weighs."""
    found = NAME.fullmatch(name.strip().casefold())
    return found is not None and found["name"] in NAMES


def grams_in(name: str, value: str) -> Decimal | None:
    """Read what a row says, whose unit may stand in its name; None for other rows, and what can be read in two ways."""
    found = NAME.fullmatch(name.strip().casefold())
    if found is None or found["name"] not in NAMES:
        return None
    return grams_of(with_unit(value, unit_of(found["unit"] or "")))


def weight_among(details: Iterable[tuple[str, str]]) -> Decimal | None:
    """Read the first weight that rows of details state."""
    return next((grams for name, value in details if (grams := grams_in(name, value))), None)


def weighings(statement: Statement) -> Iterator[Claim[Decimal]]:
    """Yield what a statement says of the weight, else what it says among its details."""
    yield from statement.weight_grams
    for claim in statement.attributes if not statement.weight_grams else ():
        for name, value in claim.value:
            if grams := grams_in(name, value):
                yield Claim(grams, claim.source, claim.where, f"{name}: {value}", claim.score)
