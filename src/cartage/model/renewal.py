"""Another import of a product, held to the merchant's refresh policy: what stays as it was, and what edits give way."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cartage.model.catalogue import CatalogueProduct
from cartage.model.evidence import Evidence, Source
from cartage.model.locks import released
from cartage.model.option_edit import OPTIONS
from cartage.model.product import Availability, Product, Variant
from cartage.model.refresh_policy import VARIANT_FIELDS, RefreshPolicy, Renewal
from cartage.model.stated import Stated, by_person
from cartage.model.variant_edit import VARIANTS, without_variants

CELL = re.compile(rf"/{VARIANTS}/\d+/([a-z_]+)")

Told = Mapping[str, tuple[Evidence, ...]]


def given_way(product: CatalogueProduct, policy: RefreshPolicy) -> CatalogueProduct:
    """Release what a person set in groups that are always renewed."""
    always, cells = policy.fields(Renewal.ALWAYS), policy.variant_fields(Renewal.ALWAYS)
    if VARIANTS in product.locked and cells:
        pointers = {pointer for pointer in product.evidence if _cell(pointer) in cells}
        kept = {pointer: told for pointer, told in product.evidence.items() if pointer not in pointers}
        product = product.model_copy(update={"evidence": kept})
        if not any(_cell(pointer) and by_person(told) for pointer, told in kept.items()):
            product = released(product, [VARIANTS])
    return released(product, [field for field in product.locked if field in always and field != VARIANTS])


def held(kept: CatalogueProduct, fresh: CatalogueProduct, policy: RefreshPolicy) -> CatalogueProduct:
    """Put what is never renewed of the kept product over the fresh one, with its evidence; locks hold by themselves.

    Options that a person calls otherwise are taken as the page called them.
    """
    kept = _as_stated(kept)
    never = policy.fields(Renewal.NEVER) - set(kept.locked)
    cells = policy.variant_fields(Renewal.NEVER)
    if kept.facts is None or fresh.facts is None or not (never or cells):
        return fresh
    seen = _all_of(kept).only(never - {VARIANTS}).over(_all_of(fresh))
    facts, evidence = seen.facts, without_variants(seen.evidence)
    stays = VARIANTS in policy.fields(Renewal.NEVER)
    variants, told = _variants(kept, fresh, cells, stays=stays)
    pictures = kept.pictures if "images" in never else fresh.pictures
    return fresh.model_copy(
        update={
            "facts": facts.model_copy(update={VARIANTS: variants}),
            "evidence": {**evidence, **told},
            "missing": seen.missing,
            "unverified": seen.unverified,
            "pictures": pictures,
        }
    )


def sold_out(product: CatalogueProduct, reason: str) -> CatalogueProduct:
    """Mark a product whose page is gone as out of stock, with the reason as evidence."""
    facts = product.facts or Product()
    out = {"availability": Availability.OUT_OF_STOCK}
    variants = tuple(each.model_copy(update=out) for each in facts.variants)
    why = (Evidence(source=Source.GONE, where="the page", raw=reason),)
    pointers = ("/availability", *(f"/{VARIANTS}/{place}/availability" for place in range(len(variants))))
    return product.model_copy(
        update={
            "facts": facts.model_copy(update={**out, VARIANTS: variants}),
            "evidence": {**product.evidence, **dict.fromkeys(pointers, why)},
            "missing": tuple(field for field in product.missing if field != "availability"),
        }
    )


def _as_stated(kept: CatalogueProduct) -> CatalogueProduct:
    """Give a product with the options and variants that its page states under those that a person calls otherwise."""
    stated = kept.stated or Stated()
    if OPTIONS not in kept.locked or not {OPTIONS, VARIANTS} <= set(stated.known):
        return kept
    seen = stated.only({OPTIONS, VARIANTS}).over(_all_of(kept))
    locked = tuple(field for field in kept.locked if field != OPTIONS)
    return kept.model_copy(update={"facts": seen.facts, "evidence": seen.evidence, "locked": locked})


def _all_of(product: CatalogueProduct) -> Stated:
    return Stated(
        known=tuple(Product.model_fields),
        facts=product.facts or Product(),
        evidence=dict(product.evidence),
        missing=product.missing,
        unverified=product.unverified,
    )


def _variants(
    kept: CatalogueProduct, fresh: CatalogueProduct, cells: Iterable[str], *, stays: bool
) -> tuple[tuple[Variant, ...], dict[str, tuple[Evidence, ...]]]:
    """Give variants of which the cells are the kept ones', known again by their options, and all else the fresh ones'.

    Which variants there are is what the page says, or what was there before where that `stays`.
    """
    base, other = (kept, fresh) if stays else (fresh, kept)
    taken = [each for each in VARIANT_FIELDS if (each in set(cells)) is not stays]
    others = {frozenset(each.options.items()): (each, place) for place, each in reversed(list(_places(other)))}
    variants, told = list[Variant](), dict[str, tuple[Evidence, ...]]()
    for place, own in _places(base):
        found = others.get(frozenset(own.options.items()))
        told |= _moved(base.evidence, place, place, None if found is None else set(VARIANT_FIELDS) - set(taken))
        if found:
            told |= _moved(other.evidence, found[1], place, set(taken))
        changes: dict[str, Any] = {field: getattr(found[0], field) for field in taken} if found else {}
        variants.append(own.model_copy(update=changes))
    return tuple(variants), told


def _places(product: CatalogueProduct) -> Iterable[tuple[int, Variant]]:
    return enumerate(product.facts.variants if product.facts else ())


def _moved(told: Told, before: int, after: int, fields: set[str] | None) -> dict[str, tuple[Evidence, ...]]:
    """Give the evidence of a variant's fields at its new place; of all fields where none are named."""
    start = f"/{VARIANTS}/{before}/"
    return {
        f"/{VARIANTS}/{after}/{pointer.removeprefix(start)}": kept
        for pointer, kept in told.items()
        if pointer.startswith(start) and (fields is None or _cell(pointer) in fields)
    }


def _cell(pointer: str) -> str:
    """Name the field of a single variant that a pointer leads to; empty where it leads elsewhere."""
    found = CELL.fullmatch(pointer)
    return found[1] if found else ""
