"""Variants in normal form."""

from cartage.extraction.claims import VariantText
from cartage.extraction.fields import Context
from cartage.extraction.identifiers import gtin_of, sku_of
from cartage.extraction.images import image_url
from cartage.extraction.prices import money_of
from cartage.extraction.text import clean
from cartage.model.product import Variant


def variant_of(text: VariantText, context: Context) -> Variant:
    """Normalise a variant; what cannot be read is left out."""
    price = money_of(text.price, context.market) if text.price else None
    regular = money_of(text.regular_price, context.market) if text.regular_price else None
    dearer = price and regular and regular.currency == price.currency and regular.amount > price.amount
    return Variant(
        sku=sku_of(text.sku) if text.sku else None,
        gtin=gtin_of(text.gtin) if text.gtin else None,
        options={clean(name): clean(value) for name, value in text.options if clean(name) and clean(value)},
        price=price,
        regular_price=regular if dearer else None,
        availability=text.availability,
        image=image_url(text.image, context.base_url) if text.image else None,
        weight_grams=text.weight_grams if text.weight_grams and text.weight_grams > 0 else None,
    )
