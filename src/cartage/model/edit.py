"""A person's edit of a product: the fields that it sets, and those that it leaves to the page again."""

from typing import Annotated, Any, Literal

from pydantic import Field

from cartage.model.arrangement import IMAGES, MOST_PLACED, Placed
from cartage.model.option_edit import OPTIONS, Label, OptionEdit
from cartage.model.presentation import PRESENTED, Handle, SeoDescription, SeoTitle
from cartage.model.pricing import Markup
from cartage.model.product import Availability, Condition, Money, Partial
from cartage.model.variant_edit import VARIANTS, VariantEdit
from cartage.model.weight import Grams
from cartage.model.wishes import Tags

Editable = Literal[
    "name", "brand", "description", "price", "regular_price", "availability", "condition", "sku", "gtin", "mpn",
    "weight_grams", "breadcrumbs",
]  # fmt: skip
EDITABLE: tuple[Editable, ...] = (
    "name", "brand", "description", "price", "regular_price", "availability", "condition", "sku", "gtin", "mpn",
    "weight_grams", "breadcrumbs",
)  # fmt: skip
Lockable = Literal[
    "name", "brand", "description", "price", "regular_price", "availability", "condition", "sku", "gtin", "mpn",
    "weight_grams", "breadcrumbs", "images", "attributes", "options", "variants",
]  # fmt: skip
LOCKABLE: tuple[Lockable, ...] = (*EDITABLE, IMAGES, "attributes", OPTIONS, VARIANTS)
OVERRIDABLE = (*EDITABLE, "description_html", *PRESENTED, "own_rule")
EMPTY: dict[str, Any] = {"breadcrumbs": ()}
HTML = "description_html"
MOST_VARIANTS, MOST_OPTIONS = 2000, 50
Name = Annotated[str, Field(max_length=1000)]
Brand = Annotated[str, Field(max_length=500)]
Description = Annotated[str, Field(max_length=100_000)]
Code = Annotated[str, Field(max_length=200)]
Gtin = Annotated[str, Field(max_length=40, examples=["4006381333931"])]
ExternalId = Annotated[str, Field(max_length=200, pattern=r"^\S(?:[^\n\r\t]*\S)?$|^$", examples=["row-17"])]
Trail = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=20)]


class Edit(Partial):
    """Set fields by hand: those that are given are locked, also where they are emptied.

    The description is given as text, which has paragraphs only, or as `description_html`, which is made safe. Fields of
    `unlock` are left to the page again: what it states is there at once, as far as it is kept. Tags are added and
    removed, and `own_rule` takes the place of the merchant's ranges for this product; `by_ranges` gives it back to
    those. `handle` and the texts for search engines are the merchant's own: emptied, they are made from the facts.
    `images` puts those that it names in that order and leaves the others out; none named changes nothing. Of
    `variants`, only the values that are set stay: the page goes on saying the rest. `options` are called otherwise from
    then on, whatever imports bring; values that are removed take their variants along, and `deletes_variants` says how
    many those are, so that nobody deletes more than they know; so it does where values get the name of another, for
    variants that become the same. `option_order` names all options in the order that they are to have. `external_id` is
    what the product is called elsewhere.
    """

    name: Name | None = None
    brand: Brand | None = None
    description: Description | None = None
    description_html: Description | None = None
    price: Money | None = None
    regular_price: Money | None = None
    availability: Availability | None = None
    condition: Condition | None = None
    sku: Code | None = None
    gtin: Gtin | None = None
    mpn: Code | None = None
    weight_grams: Grams | None = None
    breadcrumbs: Trail | None = None
    images: Annotated[tuple[Placed, ...], Field(max_length=MOST_PLACED)] = ()
    variants: Annotated[tuple[VariantEdit, ...], Field(max_length=MOST_VARIANTS)] = ()
    options: Annotated[tuple[OptionEdit, ...], Field(max_length=MOST_OPTIONS)] = ()
    option_order: Annotated[tuple[Label, ...], Field(max_length=MOST_OPTIONS)] = ()
    deletes_variants: Annotated[int, Field(ge=0)] = 0
    unlock: tuple[Lockable, ...] = ()
    add_tags: Tags = ()
    remove_tags: Tags = ()
    own_rule: Markup | None = None
    by_ranges: bool = False
    handle: Handle | None = None
    seo_title: SeoTitle | None = None
    seo_description: SeoDescription | None = None
    external_id: ExternalId | None = None

    @property
    def empty(self) -> bool:
        """Tell whether it changes nothing."""
        named = self.changes() or self.presented() or self.images or self.variants or self.unlock
        called = self.options or self.option_order or "external_id" in self.model_fields_set
        return not (named or called or self.add_tags or self.remove_tags or self.own_rule or self.by_ranges)

    def changes(self) -> dict[str, Any]:
        """Give the facts that were set, emptied ones as None; a description without HTML empties its HTML."""
        named = [field for field in EDITABLE if field in self.model_fields_set]
        given: dict[str, Any] = {field: getattr(self, field) or EMPTY.get(field) for field in named}
        if HTML in self.model_fields_set or "description" in given:
            given[HTML] = self.description_html or None
        return given

    def presented(self) -> dict[str, str | None]:
        """Give what was set of how a shop presents it, emptied ones as None."""
        return {field: getattr(self, field) or None for field in PRESENTED if field in self.model_fields_set}
