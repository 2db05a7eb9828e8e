"""Where each finding of the linter is mended: the place for each code, and the filter that picks its products."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cartage.model.export import FindingGroup
from cartage.model.filtering import Filter, Term, Word


class Ground(StrEnum):
    """Name what is opened to mend something: a form of the product's, the merchant's settings, or an act."""

    FIELD = "field"
    VARIANT = "variant"
    PICTURES = "pictures"
    TARGET = "target"
    PRICING = "pricing"
    REFRESH = "refresh"
    ARCHIVE = "archive"


@dataclass(frozen=True, slots=True)
class Place:
    """Say where something is mended: what is opened, and which field of it is meant.

    `cell` names the field of a variant's row instead, for findings that are about one.
    """

    ground: Ground
    field: str = ""
    cell: str = ""

    def of_variant(self) -> "Place":
        """Give the place where the same is mended of a variant; the same place where variants have none."""
        return Place(Ground.VARIANT, self.cell) if self.cell else self


def _field(name: str, cell: str = "") -> Place:
    return Place(Ground.FIELD, name, cell)


def _setting(name: str) -> Place:
    return Place(Ground.TARGET, name)


PRICE, SKU, GTIN = _field("amount", "amount"), _field("sku", "sku"), _field("gtin", "gtin")
STOCK, OPTIONS, LINK = _field("availability", "stock"), _field("options"), _setting("link_template")
PICTURES, RULES, REFRESH = Place(Ground.PICTURES), Place(Ground.PRICING, "rules"), Place(Ground.REFRESH)

PLACES: Mapping[str, tuple[Place, ...]] = {
    "title_missing": (_field("name"),),
    "title_too_long": (_field("name"),),
    "description_missing": (_field("description"),),
    "description_too_long": (_field("description"),),
    "brand_missing": (_field("brand"),),
    "handle_charset": (_field("handle"),),
    "page_gone": (Place(Ground.ARCHIVE),),
    "price_missing": (PRICE, RULES),
    "price_zero": (PRICE, RULES),
    "price_below_cost": (PRICE, RULES),
    "locked_price_unused": (PRICE, Place(Ground.VARIANT)),
    "compare_at_without_evidence": (REFRESH,),
    "compare_at_not_above_price": (_field("regular_amount"), RULES),
    "compare_at_from_rule": (Place(Ground.PRICING, "compare_at"),),
    "currency_mixed": (Place(Ground.PRICING, "currency"),),
    "sku_missing": (SKU,),
    "sku_duplicate": (SKU,),
    "sku_not_alphanumeric": (SKU,),
    "gtin_checksum": (GTIN,),
    "identifier_missing": (GTIN,),
    "option_value_missing": (REFRESH, OPTIONS),
    "variants_too_many": (OPTIONS,),
    "variant_option_duplicate": (REFRESH, OPTIONS),
    "availability_missing": (STOCK,),
    "condition_missing": (_field("condition"), _setting("condition")),
    "image_missing": (REFRESH, PICTURES),
    "image_not_public": (PICTURES,),
    "image_url_not_https": (PICTURES,),
    "image_url_too_long": (PICTURES,),
    "image_url_comma": (PICTURES,),
    "images_too_many": (PICTURES,),
    "image_too_small_google_2027": (PICTURES,),
    "link_template_missing": (LINK,),
    "link_missing": (LINK,),
    "link_off_domain": (LINK,),
    "apparel_detail_missing": (_setting("gender"),),
    "weight_missing": (_field("weight", "weight"),),
    "category_missing": (_setting("category"),),
    "tax_not_stated": (_setting("tax_percent"),),
    "separator_in_value": (OPTIONS, _field("name")),
}
ELSEWHERE = frozenset({
    "price_not_decimal", "options_too_many", "option_missing_on_update", "availability_date_missing",
    "stock_count_missing", "ai_text_in_plain_field", "csv_formula_prefix", "unknown_column",
    "file_over_15mb",
})  # fmt: skip
PICKED_BY: Mapping[str, Term] = {
    "title_missing": Term(word=Word.MISSING, values=("name",)),
    "description_missing": Term(word=Word.MISSING, values=("description",)),
    "brand_missing": Term(word=Word.MISSING, values=("brand",)),
    "weight_missing": Term(word=Word.MISSING, values=("weight",)),
    "image_missing": Term(word=Word.PICTURES, values=("none",)),
    "page_gone": Term(word=Word.ERROR, values=("not_found",)),
}


def places_of(code: str, variant: int | None = None) -> tuple[Place, ...]:
    """List where a finding is mended, the likeliest first; nothing where that is not in Cartage."""
    found = PLACES.get(code, ())
    return found if variant is None else tuple(each.of_variant() for each in found)


def concerned(group: FindingGroup, exported: Filter) -> Filter | None:
    """Give the filter that picks the products of a group; None where no filter can say it."""
    if term := PICKED_BY.get(group.code):
        return Filter(terms=(*exported.terms, term), at=exported.at)
    named = tuple(dict.fromkeys(each.product_id for each in group.first if each.product_id))
    return Filter(terms=(Term(word=Word.ID, values=named),)) if named and len(named) == group.products else None
