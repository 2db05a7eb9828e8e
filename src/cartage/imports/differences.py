"""What the newest import of a product read otherwise than the one before it, field by field."""

from collections.abc import Collection, Sequence
from typing import Any

from cartage.imports.readings import Reading
from cartage.model.product import Product, Value

TOLD = tuple(
    name for name in Product.model_fields if name not in {"url", "canonical_url", "platform", "description_html"}
)


class Difference(Value):
    """Hold a field as the page said it before and now.

    `kept` tells that a person's value stands instead, `left` that the refresh policy left it as it was.
    """

    field: str
    before: Any
    after: Any
    kept: bool = False
    left: bool = False

    @property
    def kind(self) -> str:
        """Say whether the field is new, gone or changed."""
        return "new" if not self.before else "gone" if not self.after else "changed"


def differences_of(
    readings: Sequence[Reading], locked: Sequence[str], never: Collection[str] = ()
) -> list[Difference] | None:
    """List what the newest of readings says otherwise; None where there are no two to compare."""
    match readings:
        case [Reading(again=True), *_]:
            return []
        case [now, before, *_]:
            return differing(before.facts, now.facts, locked, never)
        case _:
            return None


def differing(before: Product, after: Product, locked: Sequence[str], never: Collection[str] = ()) -> list[Difference]:
    """List what two statements of a product say otherwise, with what of it the product keeps all the same."""
    return [
        Difference(field=name, before=old, after=new, kept=name in locked, left=name in never)
        for name in TOLD
        if (new := getattr(after, name)) != (old := getattr(before, name))
    ]
