"""Locks: what a person set outlasts every import, and is given back to the page at once when it is left to it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cartage.model.arrangement import (
    IMAGES,
    arranged,
    evidence_of_images,
    pictures_of,
    without_images,
)
from cartage.model.catalogue import CatalogueProduct, Import
from cartage.model.edit import HTML, LOCKABLE, Edit
from cartage.model.enhancement import FACT_OF, TextField
from cartage.model.evidence import BETWEEN, Evidence, Source, written
from cartage.model.option_edit import OPTIONS, Relabelling, with_options
from cartage.model.picture import KeptPicture, hung, measured, own_url
from cartage.model.product import Money, Product, Variant
from cartage.model.stated import Stated, field_of, touched
from cartage.model.variant_edit import VARIANTS, held_variants, set_variants, without_variants
from cartage.model.wishes import MOST_TAGS

OWN = (
    "locked",
    "written",
    "presentation",
    "relabelled",
    "tags",
    "own_rule",
    "external_id",
    "archived_at",
    "archived_by",
)


def with_edit(product: CatalogueProduct, edit: Edit, at: datetime) -> CatalogueProduct:
    """Give a product with a person's edit, which also takes the place of a language model's text."""
    product = before = released(product, edit.unlock)
    if edit.options or edit.option_order:
        product = _with_options(product, edit, at)
    changes, presented = edit.changes(), edit.presented()
    told = {f"/{field}": (_by_person(value, at),) for field, value in changes.items() if field != HTML}
    evidence = {**product.evidence, **told}
    if edit.images:
        changes[IMAGES] = images = arranged(product.facts or Product(), edit.images)
        new = {f"/{IMAGES}/{place}": each.url for place, each in enumerate(edit.images) if each.add}
        added = {pointer: (_by_person(url, at),) for pointer, url in new.items()}
        evidence = without_images(evidence) | added | evidence_of_images(images, (product.facts, product.evidence))
        evidence[f"/{IMAGES}"] = (_by_person("\n".join(image.url for image in images), at),)
    if edit.variants:
        changes[VARIANTS], cells = set_variants(product.facts or Product(), edit.variants)
        evidence |= {pointer: (_by_person(value, at),) for pointer, value in cells.items()}
    wanted = product.model_copy(
        update={
            "facts": (product.facts or Product()).model_copy(update=changes),
            "evidence": evidence,
            "locked": in_order({*product.locked, *changes}),
            "written": tuple(
                each for each in product.written if each.language or not _said(each.field) & {*changes, *presented}
            ),
            "presentation": product.presentation.model_copy(update=presented),
            "tags": _tagged(product.tags, edit),
            "own_rule": None if edit.by_ranges else edit.own_rule or product.own_rule,
            "external_id": _called(product, edit),
        }
    )
    return with_locks(wanted, before).model_copy(update={"updated_at": at})


def with_uploads(
    product: CatalogueProduct, edit: Edit, uploaded: Sequence[KeptPicture], at: datetime
) -> CatalogueProduct:
    """Give a product with a person's edit, which may place pictures that the person uploaded."""
    known = {picture.url for picture in product.pictures if picture.token}
    new = [hung(each, at) for each in uploaded if own_url(each.id) not in known]
    fuller = product.model_copy(update={"pictures": (*product.pictures, *new)}) if new else product
    edited = with_edit(fuller, edit, at)
    return edited.model_copy(update={"facts": measured(edited.facts, new)}) if new and edited.facts else edited


def handed_in(product: CatalogueProduct, given: Edit | None, at: datetime) -> CatalogueProduct:
    """Give a product with what was handed in with its address; before a page was read, only what no page tells."""
    if given is None:
        return product
    if product.facts is not None:
        return with_edit(product, given, at)
    own_rule = given.own_rule or product.own_rule
    told = {"tags": _tagged(product.tags, given), "own_rule": own_rule, "external_id": _called(product, given)}
    return product.model_copy(update=told)


def left_by(import_: Import, kept: CatalogueProduct, fresh: CatalogueProduct) -> CatalogueProduct:
    """Give the product that the end of an import leaves: with its locks, and what was handed in before any page."""
    product = with_locks(kept, fresh)
    first = kept.facts is None and product.facts is not None
    return handed_in(product, import_.given, fresh.updated_at) if first else product


def with_locks(kept: CatalogueProduct, fresh: CatalogueProduct) -> CatalogueProduct:
    """Give the fresh product with the locked fields of the kept one, why they stand, and what no page tells.

    What the fresh one has not locked is what its page states. What was wished for a product that nothing was found of
    before comes to what it has.
    """
    own = {name: getattr(kept, name) for name in OWN}
    if kept.facts is None:
        own["tags"] = tuple(dict.fromkeys((*kept.tags, *fresh.tags)))[:MOST_TAGS]
        own["own_rule"] = kept.own_rule or fresh.own_rule
    if not kept.locked or kept.facts is None or fresh.facts is None:
        return fresh.model_copy(update={**own, "stated": None})
    own["stated"] = stated = stated_under(kept, fresh)
    base = _relabelled(kept, fresh.facts, stated)
    values = {field: getattr(kept.facts, field) for field in kept.locked if field not in (OPTIONS, VARIANTS)}
    values |= {OPTIONS: base.options} if OPTIONS in kept.locked else {}
    evidence = {**fresh.evidence, **_reasons(kept, fresh, stated, values)}
    if "description" in values:
        values[HTML] = kept.facts.description_html
        evidence.pop(f"/{HTML}", None)
    if IMAGES in values:
        images = kept.facts.images
        moved = evidence_of_images(images, (fresh.facts, fresh.evidence), (kept.facts, kept.evidence))
        evidence = without_images(evidence) | moved
    if VARIANTS in kept.locked:
        values[VARIANTS], cells = held_variants(kept.facts, kept.evidence, base)
        evidence = without_variants(evidence) | cells
    facts = _fitting(base, values)
    if IMAGES in values:
        own["pictures"] = pictures_of(facts, kept.pictures, fresh.pictures)
    return fresh.model_copy(
        update={
            "facts": facts,
            "evidence": evidence,
            "missing": tuple(field for field in fresh.missing if values.get(field) is None),
            "unverified": tuple(pointer for pointer in fresh.unverified if field_of(pointer) not in kept.locked),
            **own,
        }
    )


def released(product: CatalogueProduct, fields: Sequence[str]) -> CatalogueProduct:
    """Leave fields of a product to its page: what that states is there again, with its evidence, where it is kept.

    Of a field of which nobody kept what the page states, the value stays until the next import, without its lock.
    """
    freed = set(fields) & set(product.locked)
    if not freed:
        return product
    locked = set(product.locked) - freed
    back = (product.stated or Stated()).only(touched(freed) - locked)
    evidence = without_variants(product.evidence) if {OPTIONS, VARIANTS} & freed else product.evidence
    kept = {pointer: told for pointer, told in evidence.items() if field_of(pointer) not in back.known}
    restored = {field: getattr(back.facts, field) for field in back.known}
    facts = (product.facts or Product()).model_copy(update=restored)
    facts, cells = _options_given_back(product, facts, freed, locked)
    return product.model_copy(
        update={
            "facts": facts,
            "evidence": {**kept, **back.evidence, **cells},
            "relabelled": product.relabelled if OPTIONS in locked else Relabelling(),
            "missing": tuple(dict.fromkeys((*product.missing, *back.missing))),
            "unverified": tuple(dict.fromkeys((*product.unverified, *back.unverified))),
            "locked": in_order(locked),
            "stated": product.stated and product.stated.only(touched(locked)) if locked else None,
        }
    )


def stated_under(kept: CatalogueProduct, fresh: CatalogueProduct) -> Stated:
    """Gather what the page states under a product's locks: what is free in the fresh one, else what was kept."""
    wanted, free = touched(kept.locked), touched(kept.locked) - touched(fresh.locked)
    seen = Stated.read(fresh.facts or Product(), fresh.evidence, fresh.missing, fresh.unverified).only(free)
    return seen.over((kept.stated or Stated()).only(wanted))


def in_order(locked: set[str]) -> tuple[str, ...]:
    """List locked fields in the order in which they are told."""
    return tuple(field for field in LOCKABLE if field in locked)


def _with_options(product: CatalogueProduct, edit: Edit, at: datetime) -> CatalogueProduct:
    """Give a product whose options a person calls otherwise; what they set of variants goes with those."""
    before = product.facts or Product()
    facts, evidence = with_options(before, product.evidence, edit.options, edit.option_order)
    named = [BETWEEN.join((each.name, *each.values)) for each in facts.options]
    return product.model_copy(
        update={
            "facts": facts,
            "evidence": {**evidence, f"/{OPTIONS}": (_by_person("\n".join(named), at),)},
            "relabelled": product.relabelled.after(before, edit.options, edit.option_order),
            "locked": in_order({*product.locked, OPTIONS}),
        }
    )


def _relabelled(kept: CatalogueProduct, fresh: Product, stated: Stated) -> Product:
    """Give what the page states, its options called as the person does."""
    if OPTIONS not in kept.locked or not {OPTIONS, VARIANTS} <= set(stated.known):
        return fresh
    page = {"options": stated.facts.options, "variants": stated.facts.variants}
    return kept.relabelled.applied(fresh.model_copy(update=page))


def _options_given_back(
    product: CatalogueProduct, facts: Product, freed: set[str], locked: set[str]
) -> tuple[Product, dict[str, tuple[Evidence, ...]]]:
    """Let options that are given back, and variants of which a person still says something, fit each other."""
    stated = product.stated or Stated()
    if not {OPTIONS, VARIANTS} <= set(stated.known):
        return facts, {}
    if VARIANTS in freed and OPTIONS in locked:
        page = {"options": stated.facts.options, "variants": stated.facts.variants}
        return product.relabelled.applied(facts.model_copy(update=page)), {}
    if OPTIONS in freed and VARIANTS in locked:
        named = _on_page(product.relabelled, facts.variants, stated.facts.variants)
        variants, cells = held_variants(Product(variants=named), product.evidence, stated.facts)
        return facts.model_copy(update={"variants": variants}), cells
    return facts, {}


def _on_page(relabelled: Relabelling, own: Sequence[Variant], stated: Sequence[Variant]) -> tuple[Variant, ...]:
    """Give variants with their options as the page calls them, as far as it has them."""
    called = {frozenset(told.items()): stated[place].options for place, told in relabelled.kept(stated).items()}
    return tuple(
        each.model_copy(update={"options": called.get(frozenset(each.options.items()), each.options)}) for each in own
    )


def _reasons(
    kept: CatalogueProduct, fresh: CatalogueProduct, stated: Stated, values: Mapping[str, Any]
) -> dict[str, tuple[Evidence, ...]]:
    """Say of locked values that a person set them, and hold what the page states against them."""
    page, facts = {**fresh.evidence, **stated.evidence}, fresh.facts or Product()
    told: dict[str, tuple[Evidence, ...]] = {}
    for field, value in values.items():
        pointer = f"/{field}"
        by_hand = [each for each in kept.evidence.get(pointer, ()) if each.source is Source.PERSON][:1]
        seen = [each for each in page.get(pointer, ()) if each.source is not Source.PERSON]
        same = getattr(stated.facts if field in stated.known else facts, field) == value
        told[pointer] = (*by_hand, *(_compared(each, value, same=same) for each in seen))
    return told


def _called(product: CatalogueProduct, edit: Edit) -> str | None:
    return (edit.external_id or None) if "external_id" in edit.model_fields_set else product.external_id


def _said(field: TextField) -> set[str]:
    """Name what a person sets in place of a language model's text."""
    return {FACT_OF.get(field, field.value)}


def _tagged(tags: Sequence[str], edit: Edit) -> tuple[str, ...]:
    """Add and remove tags, which are the same whatever their case; those that are there keep how they are written."""
    removed = {tag.casefold() for tag in edit.remove_tags}
    kept = {tag.casefold(): tag for tag in (*reversed(edit.add_tags), *reversed(tags))}
    return tuple(tag for key, tag in reversed(kept.items()) if key not in removed)[:MOST_TAGS]


def _fitting(facts: Product, values: Mapping[str, Any]) -> Product:
    """Put locked values over facts, without what would contradict them."""
    changes = dict(values)
    price, regular = values.get("price"), facts.regular_price
    if "price" in values and "regular_price" not in values and regular:
        higher = price and price.currency == regular.currency and regular.amount > price.amount
        changes["regular_price"] = regular if higher else None
    return facts.model_copy(update=changes)


def _by_person(value: Any, at: datetime) -> Evidence:
    where = f"set by a person on {at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
    return Evidence(source=Source.PERSON, where=where, raw=written(value))


def _compared(evidence: Evidence, value: Any, *, same: bool) -> Evidence:
    told = written(value)
    amount = f"{value.amount}" if isinstance(value, Money) else told  # of a page that does not say its currency
    agrees = (evidence.agrees and same) or told == evidence.raw.strip() or evidence.value in (told, amount)
    return evidence.model_copy(update={"agrees": agrees})
