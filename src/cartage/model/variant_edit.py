"""What a person sets of a product's variants: single values of single variants, over whatever the page says of them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from cartage.model.errors import InvalidInput
from cartage.model.evidence import Evidence, Source
from cartage.model.product import Availability, Money, Partial, Product, Variant
from cartage.model.weight import Grams

VARIANTS = "variants"
SETTABLE = ("price", "availability", "sku", "gtin", "image", "weight_grams")

Told = Mapping[str, tuple[Evidence, ...]]


class VariantEdit(Partial):
    """Set values of the variants that have exactly these options; those that are given stay, also where emptied.

    `image` is the address of one of the product's own images.
    """

    options: dict[str, str]
    price: Money | None = None
    availability: Availability | None = None
    sku: str | None = Field(default=None, max_length=200)
    gtin: Annotated[str, Field(max_length=40)] | None = None
    image: str | None = None
    weight_grams: Grams | None = None

    def changes(self) -> dict[str, Any]:
        """Give the values that were set, emptied ones as None."""
        return {field: getattr(self, field) or None for field in SETTABLE if field in self.model_fields_set}


def check_variants(facts: Product, edits: Sequence[VariantEdit]) -> None:
    """Raise `InvalidInput` for a variant or an image that the product does not have, and for an edit of nothing."""
    images = {image.url for image in facts.images}
    for place, edit in enumerate(edits):
        here = f"/{VARIANTS}/{place}"
        if all(each.options != edit.options for each in facts.variants):
            raise InvalidInput("The product has no such variant.", f"{here}/options")
        if edit.image and edit.image not in images:
            raise InvalidInput("The product has no such image.", f"{here}/image")
        if not edit.changes():
            raise InvalidInput("The edit of a variant names no value.", here)


def set_variants(facts: Product, edits: Sequence[VariantEdit]) -> tuple[tuple[Variant, ...], dict[str, Any]]:
    """Give a product's variants as they were set, and each value that was set by its pointer; a later edit wins."""
    variants, told = list(facts.variants), dict[str, Any]()
    for edit in edits:
        changes = edit.changes()
        for place, variant in enumerate(variants):
            if variant.options == edit.options:
                variants[place] = _with(variant, changes)
                told |= {f"/{VARIANTS}/{place}/{field}": value for field, value in changes.items()}
    return tuple(variants), told


def held_variants(
    kept: Product, told: Told, fresh: Product
) -> tuple[tuple[Variant, ...], dict[str, tuple[Evidence, ...]]]:
    """Give fresh variants with what a person set of the kept ones, known again by their options, and why it stands.

    A variant that the page has no more goes, with what was set of it.
    """
    variants, evidence = list(fresh.variants), dict[str, tuple[Evidence, ...]]()
    places: dict[frozenset[tuple[str, str]], list[int]] = {}
    for place, variant in enumerate(variants):
        places.setdefault(frozenset(variant.options.items()), []).append(place)
    for before, variant in enumerate(kept.variants):
        own = {field: found for field in SETTABLE if (found := _set_by_person(told, before, field))}
        for place in places.get(frozenset(variant.options.items()), ()):
            variants[place] = _with(variants[place], {field: getattr(variant, field) for field in own})
            evidence |= {f"/{VARIANTS}/{place}/{field}": found for field, found in own.items()}
    return tuple(variants), evidence


def without_variants(evidence: Told) -> dict[str, tuple[Evidence, ...]]:
    """Give evidence without that of single variants, whose places do not hold any more."""
    return {pointer: told for pointer, told in evidence.items() if not pointer.startswith(f"/{VARIANTS}/")}


def _set_by_person(told: Told, place: int, field: str) -> tuple[Evidence, ...]:
    return tuple(each for each in told.get(f"/{VARIANTS}/{place}/{field}", ()) if each.source is Source.PERSON)[:1]


def _with(variant: Variant, changes: Mapping[str, Any]) -> Variant:
    """Set values of a variant, without a regular price that they contradict."""
    changed = variant.model_copy(update=dict(changes))
    price, regular = changed.price, changed.regular_price
    if "price" not in changes or regular is None:
        return changed
    higher = price and price.currency == regular.currency and regular.amount > price.amount
    return changed if higher else changed.model_copy(update={"regular_price": None})
