"""Exports: files of products for a shop, what a merchant set for each target, and what is wrong with them."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cartage.model.errors import InvalidInput
from cartage.model.failure import Failure, Refused
from cartage.model.product import Value

Text = Annotated[str, Field(max_length=500)]
MEGABYTE = 1_000_000


class TargetSettings(Value):
    """Hold what a merchant set for one target; a target uses those settings that mean something to it."""

    link_template: Annotated[
        Text,
        Field(description="Address of a product in your shop, such as `https://shop.example/products/{handle}`."),
    ] = ""
    status: Annotated[
        Literal["draft", "active"], Field(description="Whether products arrive as drafts or are on sale at once.")
    ] = "draft"
    weight_unit: Annotated[
        Literal["g", "kg", "lb", "oz"] | None, Field(description="Unit of weight that your shop is set to.")
    ] = None
    category: Annotated[Text, Field(description="Category of all products, as the target itself writes it.")] = ""
    tags: Annotated[tuple[Text, ...], Field(max_length=50, description="Tags that every product gets.")] = ()
    google_category: Annotated[Text, Field(description="Google's own category, as its number or its path.")] = ""
    gender: Annotated[
        Literal["", "male", "female", "unisex"], Field(description="For whom, where the product does not tell.")
    ] = ""
    age_group: Annotated[
        Literal["", "newborn", "infant", "toddler", "kids", "adult"],
        Field(description="For which age, where the product does not tell."),
    ] = ""
    condition: Annotated[
        Literal["", "new", "refurbished", "used"], Field(description="Condition, where the product does not tell.")
    ] = ""
    google_columns: Annotated[
        bool, Field(description="Write Shopify's 14 columns for Google Shopping and colour as well.")
    ] = False
    sales_channel: Annotated[Text, Field(description="Id of the sales channel in Medusa.")] = ""
    shipping_profile: Annotated[Text, Field(description="Id of the shipping profile in Medusa.")] = ""
    tax_percent: Annotated[
        Decimal | None, Field(ge=0, lt=100, description="Tax in your prices, in percent; 0 where there is none.")
    ] = None

    @model_validator(mode="after")
    def _link_to_a_shop(self) -> Self:
        template = self.link_template
        if template and not (template.startswith(("https://", "http://")) and "{handle}" in template):
            raise ValueError("the link template begins with https:// and has {handle} in it")
        return self


class Severity(StrEnum):
    """Name how bad a finding is: an error spoils the import into the shop, a warning the result."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Value):
    """Say what is wrong with one field of one product for one target, and how to mend it.

    `product_id` is empty for what is wrong with the file. `variant` is the place, from 0, of the variant that it is
    about, or of the first of several; None where it is about the product.
    """

    severity: Severity
    code: str
    product_id: str = ""
    variant: int | None = None
    field: str = ""
    message: str
    fix: str


class FindingGroup(Value):
    """Gather the findings of one code: how many there are, in how many products, and the first of them."""

    severity: Severity
    code: str
    count: int
    products: int
    fix: str
    first: tuple[Finding, ...]


class ExportReport(Value):
    """Tell what an export holds and what was found; errors come first, then what there is most of.

    `skipped` had no page read for them yet, and `left_out` had errors where only products without were wanted.
    """

    products: int = 0
    rows: int = 0
    skipped: int = 0
    left_out: int = 0
    errors: int = 0
    warnings: int = 0
    groups: tuple[FindingGroup, ...] = ()


class ExportPart(Value):
    """Name one file of an export."""

    name: str
    media_type: str
    size: int


class ExportState(StrEnum):
    """Name where an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Tell whether nothing more happens to it."""
        return self in {ExportState.READY, ExportState.FAILED}


class Export(Value):
    """Keep one making of files: asked for, and what became of it.

    `filter` picks the products, of which there were `total` when it was asked for; `done` counts those that were
    looked at. `split_mb` is where a file is cut, 0 nowhere and None where the target wants it. `files_kept` tells
    whether the files can still be had. One of a feed names it, and has the feed's own settings of the target;
    `sound_only` leaves out products with errors.
    """

    id: str
    merchant_id: str
    target: str
    filter: str = ""
    check_only: bool = False
    split_mb: Annotated[int, Field(ge=0, le=1000)] | None = None
    excel_safe: bool = False
    feed_id: str = ""
    settings: Mapping[str, str] = {}
    sound_only: bool = False
    state: ExportState = ExportState.WAITING
    total: int = 0
    done: int = 0
    report: ExportReport | None = None
    parts: tuple[ExportPart, ...] = ()
    files_kept: bool = True
    failure: Failure | None = None
    created_at: datetime
    finished_at: datetime | None = None

    @property
    def sound(self) -> bool:
        """Tell whether its files are there and without errors."""
        whole = self.report is not None and (self.sound_only or not self.report.errors)
        return self.state is ExportState.READY and whole


class TargetUnknown(InvalidInput):
    """Products are asked to be written for a target that does not exist."""

    code = "target_unknown"
    advice = "Choose one of those."


class LinkTemplateMissing(Refused):
    """Nobody has said where products are in the merchant's own shop, and the target cannot be without."""

    code = "link_template_missing"
    advice = "Set the link template in the target's settings, such as https://shop.example/products/{handle}."
