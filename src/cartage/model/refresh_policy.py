"""What a refresh may change of a product, by groups of its fields, and what becomes of one whose page is gone."""

from collections.abc import Mapping
from enum import StrEnum

from cartage.model.product import Product, Value


class FieldGroup(StrEnum):
    """Name fields that are decided on together; variants have a part in most of them."""

    PRICES = "prices"
    STOCK = "stock"
    TEXTS = "texts"
    PICTURES = "pictures"
    REST = "rest"


class Renewal(StrEnum):
    """Name when another import takes what the page says: over edits as well, but for them, or not any more."""

    ALWAYS = "always"
    UNLESS_EDITED = "unless_edited"
    NEVER = "never"


class WhenGone(StrEnum):
    """Name what becomes of a product whose page is gone; it is never deleted."""

    KEEP = "keep"
    OUT_OF_STOCK = "out_of_stock"
    ARCHIVE = "archive"


_NAMED: Mapping[FieldGroup, tuple[str, ...]] = {
    FieldGroup.PRICES: ("price", "regular_price"),
    FieldGroup.STOCK: ("availability",),
    FieldGroup.TEXTS: ("name", "brand", "description", "description_html"),
    FieldGroup.PICTURES: ("images",),
}
_ELSEWHERE = {field for fields in _NAMED.values() for field in fields}
FIELDS: Mapping[FieldGroup, tuple[str, ...]] = {
    **_NAMED,
    FieldGroup.REST: tuple(field for field in Product.model_fields if field not in _ELSEWHERE),
}
VARIANT_FIELDS: Mapping[str, FieldGroup] = {
    "price": FieldGroup.PRICES,
    "regular_price": FieldGroup.PRICES,
    "availability": FieldGroup.STOCK,
    "image": FieldGroup.PICTURES,
    "sku": FieldGroup.REST,
    "gtin": FieldGroup.REST,
    "weight_grams": FieldGroup.REST,
}


class RefreshPolicy(Value):
    """Say what another import of a product may change, and what becomes of one whose page is gone."""

    prices: Renewal = Renewal.UNLESS_EDITED
    stock: Renewal = Renewal.UNLESS_EDITED
    texts: Renewal = Renewal.UNLESS_EDITED
    pictures: Renewal = Renewal.UNLESS_EDITED
    rest: Renewal = Renewal.UNLESS_EDITED
    gone: WhenGone = WhenGone.KEEP

    def of(self, group: FieldGroup) -> Renewal:
        """Give what is said of a group."""
        return Renewal(getattr(self, group.value))

    def fields(self, renewal: Renewal) -> frozenset[str]:
        """Name the fields of the groups of which this is said."""
        return frozenset(field for group, fields in FIELDS.items() if self.of(group) is renewal for field in fields)

    def variant_fields(self, renewal: Renewal) -> frozenset[str]:
        """Name the fields of single variants of which this is said."""
        return frozenset(field for field, group in VARIANT_FIELDS.items() if self.of(group) is renewal)


AS_EVER = RefreshPolicy()
