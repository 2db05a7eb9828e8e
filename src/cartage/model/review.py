"""A person's look at a draft: what a language model saw in pictures is accepted, set right or rejected."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from cartage.model.catalogue import CatalogueProduct
from cartage.model.evidence import Evidence, Source
from cartage.model.locks import in_order, stated_under
from cartage.model.product import Product, Value

ATTRIBUTE = "/attributes/"


class Review(Value):
    """Decide on fields of a draft, by their pointers; fields that are not named stay to be looked at."""

    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    edit: Mapping[str, Annotated[str, Field(min_length=1, max_length=20_000)]] = Field(default_factory=dict[str, str])

    @property
    def pointers(self) -> tuple[str, ...]:
        """List the fields that are decided on."""
        return (*self.accept, *self.reject, *self.edit)


def value_at(facts: Product, pointer: str) -> str | None:
    """Give a reviewed field's text."""
    if pointer.startswith(ATTRIBUTE):
        return dict(facts.attributes).get(pointer.removeprefix(ATTRIBUTE))
    return getattr(facts, pointer.removeprefix("/"), None)


def with_review(product: CatalogueProduct, review: Review, at: datetime) -> CatalogueProduct:
    """Give a product with a person's decisions: what is accepted or set is locked, what is rejected is gone."""
    facts, evidence = product.facts or Product(), dict(product.evidence)
    changes: dict[str, str | None] = {
        **{pointer: value_at(facts, pointer) for pointer in review.accept},
        **review.edit,
        **dict.fromkeys(review.reject),
    }
    locked = set(product.locked)
    for pointer, value in changes.items():
        facts = _with_value(facts, pointer, value)
        if value is None:
            evidence.pop(pointer, None)
        else:
            locked.add(pointer.split("/")[1])
            evidence[pointer] = (_decided(pointer in review.edit, value, at), *evidence.get(pointer, ()))
    decided = product.model_copy(update={"locked": in_order(locked)})
    return decided.model_copy(
        update={
            "facts": facts,
            "evidence": evidence,
            "stated": stated_under(decided, product) if locked else None,
            "missing": tuple(dict.fromkeys((*product.missing, *_emptied(product, facts)))),
            "unverified": tuple(pointer for pointer in product.unverified if pointer not in changes),
            "updated_at": at,
        }
    )


def _with_value(facts: Product, pointer: str, value: str | None) -> Product:
    if not pointer.startswith(ATTRIBUTE):
        return facts.model_copy(update={pointer.removeprefix("/"): value})
    wanted = pointer.removeprefix(ATTRIBUTE)
    pairs = ((name, value if name == wanted else old) for name, old in facts.attributes)
    return facts.model_copy(update={"attributes": tuple((name, text) for name, text in pairs if text is not None)})


def _emptied(product: CatalogueProduct, facts: Product) -> list[str]:
    return [
        name
        for name in ("name", "description")
        if product.facts and getattr(product.facts, name) and not getattr(facts, name)
    ]


def _decided(edited: bool, value: Any, at: datetime) -> Evidence:  # noqa: FBT001 - one of two words
    word = "set" if edited else "confirmed"
    where = f"{word} by a person on {at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"
    return Evidence(source=Source.PERSON, where=where, raw=str(value)[:300])
