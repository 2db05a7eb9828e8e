"""A person's edit of a product: the fields that it sets, and those that it leaves to the page again."""

from typing import Annotated, Any, Literal

from pydantic import Field

from cartage.model.arrangement import IMAGES, MOST_PLACED, Placed
from cartage.model.pricing import Markup
from cartage.model.product import Money, Value
from cartage.model.variant_edit import VARIANTS, VariantEdit
from cartage.model.wishes import Tags

Editable = Literal["name", "brand", "description", "price", "sku"]
EDITABLE: tuple[Editable, ...] = ("name", "brand", "description", "price", "sku")
Lockable = Literal["name", "brand", "description", "price", "sku", "images", "attributes", "variants"]
LOCKABLE: tuple[Lockable, ...] = (*EDITABLE, IMAGES, "attributes", VARIANTS)
MOST_VARIANTS = 2000


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
