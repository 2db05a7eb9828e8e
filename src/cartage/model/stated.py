"""What a product's page states under the fields that a person set: kept to compare with, and to be given back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from pydantic import Field

from cartage.model.evidence import Evidence, Source
from cartage.model.product import Product, Value

TOGETHER: Sequence[frozenset[str]] = (
    frozenset({"description", "description_html"}),
    frozenset({"price", "regular_price"}),
    frozenset({"options", "variants"}),
)


class Stated(Value):
    """Hold what a page states of the fields that are `known` of it, with its evidence.

    Of a field that is not known, nobody kept what the page states: that is not the same as a page that is silent.
    """

    known: tuple[str, ...] = ()
    facts: Product = Product()
    evidence: dict[str, tuple[Evidence, ...]] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        facts: Product,
        evidence: Mapping[str, tuple[Evidence, ...]],
        missing: Sequence[str] = (),
        unverified: Sequence[str] = (),
    ) -> Self:
        """Take all that was read of a page; a value that a person set is none of it."""
        set_by_hand = {field_of(pointer) for pointer, told in evidence.items() if by_person(told)}
        whole = cls(
            known=tuple(Product.model_fields),
            facts=facts,
            evidence=dict(evidence),
            missing=tuple(missing),
            unverified=tuple(unverified),
        )
        return whole.only(set(Product.model_fields) - touched(set_by_hand))

    def only(self, fields: Iterable[str]) -> Self:
        """Keep these fields, as far as they are known."""
        known = [field for field in self.known if field in set(fields)]
        return self.model_copy(
            update={
                "known": tuple(known),
                "facts": Product().model_copy(update={field: getattr(self.facts, field) for field in known}),
                "evidence": {pointer: told for pointer, told in self.evidence.items() if field_of(pointer) in known},
                "missing": tuple(field for field in self.missing if field in known),
                "unverified": tuple(pointer for pointer in self.unverified if field_of(pointer) in known),
            }
        )

    def over(self, other: Self) -> Self:
        """Put what is known here over what another knows."""
        rest = other.only(set(other.known) - set(self.known))
        values = {field: getattr(self.facts, field) for field in self.known}
        return self.model_copy(
            update={
                "known": (*self.known, *rest.known),
                "facts": rest.facts.model_copy(update=values),
                "evidence": {**rest.evidence, **self.evidence},
                "missing": (*rest.missing, *self.missing),
                "unverified": (*rest.unverified, *self.unverified),
            }
        )


def field_of(pointer: str) -> str:
    """Name the field that a pointer leads into."""
    return pointer.split("/", 2)[1]


def touched(fields: Iterable[str]) -> set[str]:
    """Name the fields that change when these are set: themselves, and what would contradict them."""
    wanted = set(fields)
    return wanted.union(*(group for group in TOGETHER if group & wanted))


def by_person(told: Sequence[Evidence]) -> bool:
    """Tell whether a person's word is the one that was chosen."""
    return bool(told) and told[0].source is Source.PERSON
