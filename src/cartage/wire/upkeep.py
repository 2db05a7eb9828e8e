"""Edits, price and stock over time, and the schedule, as they are told."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from cartage.model.arrangement import MOST_PLACED, Placed
from cartage.model.edit import (
    MOST_OPTIONS,
    MOST_VARIANTS,
    Brand,
    Code,
    Description,
    Edit,
    ExternalId,
    Gtin,
    Lockable,
    Name,
    Trail,
)
from cartage.model.option_edit import Label, OptionEdit
from cartage.model.presentation import Handle, SeoDescription, SeoTitle
from cartage.model.pricing import Markup
from cartage.model.product import Availability, Condition, Money
from cartage.model.refresh_policy import Renewal, WhenGone
from cartage.model.upkeep import LONGEST_KEPT_DAYS, LONGEST_PERIOD_HOURS
from cartage.model.variant_edit import VariantEdit
from cartage.model.weight import Grams
from cartage.model.wishes import MOST_TAGS, Tag
from cartage.wire.body import Body


class Overrides(Body):
    """Set fields of a product by hand that is imported, null for empty, so that no import overwrites them."""

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
    handle: Handle | None = None
    seo_title: SeoTitle | None = None
    seo_description: SeoDescription | None = None
    own_rule: Markup | None = None


class ProductEdit(Overrides):
    """Set fields by hand, null for empty: they are locked, and no import overwrites them.

    A `description` is text, whose lines become paragraphs and which takes the place of the page's HTML; with
    `description_html` you set both, and what is not safe in a page is taken out. `breadcrumbs` are the way to the
    product, its category last. `weight_grams` is a number of grams, or a text with a unit, such as `1.5 lb`. `handle`,
    `seo_title` and `seo_description` are for shops, and made from the rest where they are null. Fields named in
    `unlock` are left to the product's page again: what it states is there at once, where it is kept, else from its next
    import on. `own_rule` prices the product instead of the ranges of your pricing rules, and `by_ranges` gives it back
    to those. `images` are those of the product that are to stay, by their addresses, in the order and with the words
    (`alt`) that you give; with `add` the address may be that of a picture which the product does not have, and a retry
    from `pictures` makes the copy. Of `variants`, named by their options, only the values that you set stay; the page
    goes on saying the rest. `options`, and their `values`, get other names by `rename`; a value with `remove` goes with
    its variants, and `deletes_variants` has to say how many those are. A value that gets the name of another is merged
    with it: of variants that become the same, that of the other stays, and `deletes_variants` counts those that go as
    well. `option_order` names all options in the order that they are to have, as they are called before the edit.
    `external_id` is what you call the product elsewhere.
    """

    external_id: ExternalId | None = None
    images: Annotated[list[Placed], Field(min_length=1, max_length=MOST_PLACED)] = Field(default_factory=list[Placed])
    variants: Annotated[list[VariantEdit], Field(min_length=1, max_length=MOST_VARIANTS)] = Field(
        default_factory=list[VariantEdit]
    )
    options: Annotated[list[OptionEdit], Field(min_length=1, max_length=MOST_OPTIONS)] = Field(
        default_factory=list[OptionEdit]
    )
    option_order: Annotated[list[Label], Field(min_length=1, max_length=MOST_OPTIONS)] = Field(
        default_factory=list[Label]
    )
    deletes_variants: Annotated[int, Field(ge=0)] = 0
    unlock: list[Lockable] = Field(default_factory=list[Lockable])
    add_tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] = Field(default_factory=list[Tag])
    remove_tags: Annotated[list[Tag], Field(max_length=MOST_TAGS)] = Field(default_factory=list[Tag])
    by_ranges: bool = False

    def as_edit(self) -> Edit:
        """Map it."""
        return Edit(**{field: getattr(self, field) for field in self.model_fields_set})


class SightingOut(BaseModel):
    """Show what the shop asked and whether it had the product, from a moment on; null is not stated."""

    at: datetime
    price: Money | None
    availability: str | None


class HistoryOut(BaseModel):
    """List the changes of a product's price and stock, newest first."""

    history: list[SightingOut]


class ScheduleBody(Body):
    """Say how often all products are refreshed; null for never."""

    every_hours: Annotated[int, Field(ge=1, le=LONGEST_PERIOD_HOURS)] | None


class ScheduleOut(BaseModel):
    """Show how often all products are refreshed; null for never."""

    every_hours: int | None


class RefreshPolicyBody(Body):
    """Say what another import of a product may change, by groups of its fields, and what of a page that is gone.

    `always` takes what the page says over edits as well, `unless_edited` leaves what a person set, `never` leaves the
    group as it is. `rest` is all that is not named, the options and which variants there are among it. A product whose
    page is `gone` is kept as it was, marked as out of stock, or archived; it is never deleted.
    """

    prices: Renewal = Renewal.UNLESS_EDITED
    stock: Renewal = Renewal.UNLESS_EDITED
    texts: Renewal = Renewal.UNLESS_EDITED
    pictures: Renewal = Renewal.UNLESS_EDITED
    rest: Renewal = Renewal.UNLESS_EDITED
    gone: WhenGone = WhenGone.KEEP


class RefreshPolicyOut(BaseModel):
    """Show what another import of a product may change, and what becomes of one whose page is gone."""

    prices: Renewal
    stock: Renewal
    texts: Renewal
    pictures: Renewal
    rest: Renewal
    gone: WhenGone


class RetentionBody(Body):
    """Say for how many days pages, with what was read of them, and events are kept; null is for good."""

    pages_days: Annotated[int, Field(ge=1, le=LONGEST_KEPT_DAYS)] | None
    events_days: Annotated[int, Field(ge=1, le=LONGEST_KEPT_DAYS)] | None


class RetentionOut(BaseModel):
    """Show for how many days pages and events are kept; null is for good."""

    pages_days: int | None
    events_days: int | None
