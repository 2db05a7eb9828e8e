"""Keeping products up to date: schedules, what refreshes saw, and people's edits, which outlast every refresh."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zlib import crc32

from pydantic import Field

from cartage.model.arrangement import (
    IMAGES,
    MOST_PLACED,
    Placed,
    arranged,
    evidence_of_images,
    pictures_of,
    without_images,
)
from cartage.model.catalogue import CatalogueProduct
from cartage.model.enhancement import FACT_OF
from cartage.model.evidence import Evidence, Source
from cartage.model.pricing import Markup
from cartage.model.product import Availability, Money, Product, Value
from cartage.model.variant_edit import VARIANTS, VariantEdit, held_variants, set_variants, without_variants
from cartage.model.wishes import MOST_TAGS, Tags

Editable = Literal["name", "brand", "description", "price", "sku"]
EDITABLE: tuple[Editable, ...] = ("name", "brand", "description", "price", "sku")
Lockable = Literal["name", "brand", "description", "price", "sku", "images", "attributes", "variants"]
LOCKABLE: tuple[Lockable, ...] = (*EDITABLE, IMAGES, "attributes", VARIANTS)
OWN = ("locked", "written", "tags", "own_rule", "archived_at", "archived_by")
LONGEST_PERIOD_HOURS = 24 * 90
LONGEST_KEPT_DAYS = 3650
MOST_VARIANTS = 2000
SCATTER = 0.1  # of a period, to either side, so that what was imported together does not stay together


class Schedule(Value):
    """Say how often a merchant's products are refreshed."""

    merchant_id: str
    every_hours: Annotated[int, Field(ge=1, le=LONGEST_PERIOD_HOURS)]
    updated_at: datetime


class Retention(Value):
    """Say for how many days pages, with what was read of them, and events are kept; None is for good."""

    pages_days: Annotated[int, Field(ge=1, le=LONGEST_KEPT_DAYS)] | None = None
    events_days: Annotated[int, Field(ge=1, le=LONGEST_KEPT_DAYS)] | None = None


class Swept(Value):
    """Count what a sweep deleted."""

    pages: int = 0
    events: int = 0


class Sighting(Value):
    """Keep what the shop asked for a product, and whether it had it, from a moment on."""

    at: datetime
    price: Money | None = None
    availability: Availability | None = None


class Due(Value):
    """Name a product to be refreshed, and the planned moment that is claimed."""

    product_id: str
    at: datetime


class Edit(Value):
    """Set fields by hand: those that are given are locked, also where they are emptied.

    Fields of `unlock` are left to the page again, from the next import on. Tags are added and removed, and `own_rule`
    takes the place of the merchant's ranges for this product; `by_ranges` gives it back to those. `images` puts those
    that it names in that order and leaves the others out; none named changes nothing. Of `variants`, only the values
    that are set stay: the page goes on saying the rest.
    """

    name: Annotated[str, Field(max_length=1000)] | None = None
    brand: Annotated[str, Field(max_length=500)] | None = None
    description: Annotated[str, Field(max_length=100_000)] | None = None
    price: Money | None = None
    sku: Annotated[str, Field(max_length=200)] | None = None
    images: Annotated[tuple[Placed, ...], Field(max_length=MOST_PLACED)] = ()
    variants: Annotated[tuple[VariantEdit, ...], Field(max_length=MOST_VARIANTS)] = ()
    unlock: tuple[Lockable, ...] = ()
    add_tags: Tags = ()
    remove_tags: Tags = ()
    own_rule: Markup | None = None
    by_ranges: bool = False

    @property
    def empty(self) -> bool:
        """Tell whether it changes nothing."""
        named = self.changes() or self.images or self.variants or self.unlock
        return not (named or self.add_tags or self.remove_tags or self.own_rule or self.by_ranges)

    def changes(self) -> dict[str, Any]:
        """Give the fields that were set, emptied ones as None."""
        return {field: getattr(self, field) or None for field in EDITABLE if field in self.model_fields_set}


def planned(product_id: str, updated_at: datetime, every: timedelta, at: datetime) -> datetime:
    """Choose when to refresh a product; what is overdue is spread over one whole period."""
    share = crc32(product_id.encode()) / 2**32
    regular = updated_at + every * (1 - SCATTER + 2 * SCATTER * share)
    return regular if regular > at else at + every * share


def sighting_of(product: CatalogueProduct) -> Sighting | None:
    """Give what an import saw, before people's edits are put over it."""
    facts = product.facts
    return facts and Sighting(at=product.updated_at, price=facts.price, availability=facts.availability)


def is_news(seen: Sighting, before: Sighting | None) -> bool:
    """Tell whether a sighting says something else than the one before it."""
    return before is None or (seen.price, seen.availability) != (before.price, before.availability)


def with_edit(product: CatalogueProduct, edit: Edit, at: datetime) -> CatalogueProduct:
    """Give a product with a person's edit, which also takes the place of a language model's text."""
    if VARIANTS in edit.unlock:
        product = product.model_copy(update={"evidence": without_variants(product.evidence)})
    changes = edit.changes()
    told = {f"/{field}": (_by_person(value, at),) for field, value in changes.items()}
    evidence = {**product.evidence, **told}
    if edit.images:
        changes[IMAGES] = images = arranged(product.facts or Product(), edit.images)
        evidence = without_images(evidence) | evidence_of_images(images, (product.facts, product.evidence))
        evidence[f"/{IMAGES}"] = (_by_person("\n".join(image.url for image in images), at),)
    if edit.variants:
        changes[VARIANTS], cells = set_variants(product.facts or Product(), edit.variants)
        evidence |= {pointer: (_by_person(value, at),) for pointer, value in cells.items()}
    locked = (set(product.locked) | changes.keys()) - set(edit.unlock)
    wanted = product.model_copy(
        update={
            "facts": (product.facts or Product()).model_copy(update=changes),
            "evidence": evidence,
            "locked": tuple(field for field in LOCKABLE if field in locked),
            "written": tuple(
                each for each in product.written if each.language or FACT_OF.get(each.field) not in changes
            ),
            "unverified": _unlocked(product.unverified, tuple(changes)),
            "tags": _tagged(product.tags, edit),
            "own_rule": None if edit.by_ranges else edit.own_rule or product.own_rule,
        }
    )
    return with_locks(wanted, product).model_copy(update={"updated_at": at})


def with_locks(kept: CatalogueProduct, fresh: CatalogueProduct) -> CatalogueProduct:
    """Give the fresh product with the locked fields of the kept one, why they stand, and what no page tells.

    What was wished for a product that nothing was found of before comes to what it has.
    """
    own = {name: getattr(kept, name) for name in OWN}
    if kept.facts is None:
        own["tags"] = tuple(dict.fromkeys((*kept.tags, *fresh.tags)))[:MOST_TAGS]
        own["own_rule"] = kept.own_rule or fresh.own_rule
    if not kept.locked or kept.facts is None or fresh.facts is None:
        return fresh.model_copy(update=own)
    values = {field: getattr(kept.facts, field) for field in kept.locked if field != VARIANTS}
    evidence = dict(fresh.evidence)
    for field, value in values.items():
        told = [each for each in kept.evidence.get(f"/{field}", ()) if each.source is Source.PERSON][:1]
        seen = [each for each in fresh.evidence.get(f"/{field}", ()) if each.source is not Source.PERSON]
        same = getattr(fresh.facts, field) == value
        evidence[f"/{field}"] = (*told, *(_compared(each, value, same=same) for each in seen))
    if IMAGES in values:
        images = kept.facts.images
        moved = evidence_of_images(images, (fresh.facts, fresh.evidence), (kept.facts, kept.evidence))
        evidence = without_images(evidence) | moved
        own["pictures"] = pictures_of(images, kept.pictures, fresh.pictures)
    if VARIANTS in kept.locked:
        values[VARIANTS], cells = held_variants(kept.facts, kept.evidence, fresh.facts)
        evidence = without_variants(evidence) | cells
    return fresh.model_copy(
        update={
            "facts": _fitting(fresh.facts, values),
            "evidence": evidence,
            "missing": tuple(field for field in fresh.missing if values.get(field) is None),
            "unverified": _unlocked(fresh.unverified, kept.locked),
            **own,
        }
    )


def _tagged(tags: Sequence[str], edit: Edit) -> tuple[str, ...]:
    """Add and remove tags, which are the same whatever their case; those that are there keep how they are written."""
    removed = {tag.casefold() for tag in edit.remove_tags}
    kept = {tag.casefold(): tag for tag in (*reversed(edit.add_tags), *reversed(tags))}
    return tuple(tag for key, tag in reversed(kept.items()) if key not in removed)[:MOST_TAGS]


def _unlocked(unverified: Sequence[str], locked: Sequence[str]) -> tuple[str, ...]:
    """Leave out what a person stands for already."""
    return tuple(pointer for pointer in unverified if pointer.split("/")[1] not in locked)


def _fitting(facts: Product, values: Mapping[str, Any]) -> Product:
    """Put locked values over facts, without what would contradict them."""
    changes = dict(values)
    if "description" in values:
        changes["description_html"] = None
    price, regular = values.get("price"), facts.regular_price
    if "price" in values and regular:
        higher = price and price.currency == regular.currency and regular.amount > price.amount
        changes["regular_price"] = regular if higher else None
    return facts.model_copy(update=changes)


def _by_person(value: Any, at: datetime) -> Evidence:
    where = f"set by a person on {at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
    return Evidence(source=Source.PERSON, where=where, raw="" if value is None else str(value))


def _compared(evidence: Evidence, value: Any, *, same: bool) -> Evidence:
    return evidence.model_copy(update={"agrees": (evidence.agrees and same) or evidence.raw.strip() == str(value)})
