"""The pages in tests/cases/shops, written in the form of real platforms and shops, and what a shopper reads there."""

from pathlib import Path

from pydantic import Field, TypeAdapter

from cartage.extraction.scoring import Label
from cartage.model.product import Product, Variant

FOLDER = Path(__file__).parent.parent / "cases/shops"


class ShopPage(Label):
    """Label a page as `cartage bench` does, and add what its labels do not speak of.

    `pictures` counts the pictures, `says` stands in the description, `attributes` are among the product's, and
    `options` and `variants` are all of them; a variant is written as `line` writes it. None is not judged.
    """

    platform: str | None = None
    pictures: int | None = None
    says: str = ""
    attributes: dict[str, str] = Field(default_factory=dict)
    options: dict[str, tuple[str, ...]] | None = None
    variants: tuple[str, ...] | None = None

    def html(self) -> bytes:
        """Read the page."""
        return (FOLDER / self.file).read_bytes()


def shop_pages() -> list[ShopPage]:
    """Read the labels."""
    lines = (FOLDER / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    return [TypeAdapter(ShopPage).validate_json(line) for line in lines]


def line(variant: Variant) -> str:
    """Write a variant on one line: SKU, price, former price, stock, GTIN, options."""
    former = f"was {variant.regular_price}" if variant.regular_price else None
    options = (f"{name}={value}" for name, value in variant.options.items())
    return " ".join(
        filter(
            None, (variant.sku, str(variant.price or "-"), former, variant.availability or "-", variant.gtin, *options)
        )
    )


def more_of(page: ShopPage, product: Product) -> dict[str, object]:
    """List what a product has of those things that the page's label adds and asks for."""
    attributes = dict(product.attributes)
    found: dict[str, object] = {
        "platform": product.platform,
        "pictures": len(product.images),
        "attributes": {name: attributes.get(name) for name in page.attributes},
        "options": {option.name: option.values for option in product.options},
        "variants": tuple(map(line, product.variants)),
    }
    return {name: value for name, value in found.items() if getattr(page, name) is not None}
