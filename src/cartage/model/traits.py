"""What of a product lists look through: each trait made from the product by one rule, wherever it is kept."""

from urllib.parse import urlsplit

from cartage.model.catalogue import CatalogueProduct
from cartage.model.filtering import MISSABLE, Pictured, Review
from cartage.model.product import Product, Value

ESSENTIAL = ("name", "price", "images")


class Traits(Value):
    """Hold what a product is filtered, searched and sorted by; texts are folded but for the brand's own.

    `amount` is the price's number, whatever its currency; `lacks` names the facts that are empty, `pictured` what is
    amiss with its pictures.
    """

    searched: str
    site: str
    name_key: str
    brand: str = ""
    brand_key: str = ""
    amount: float | None = None
    error: str = ""
    lacks: tuple[str, ...] = ()
    review: str = ""
    pictured: str = ""
    tag_keys: tuple[str, ...] = ()


def traits_of(product: CatalogueProduct) -> Traits:
    """Make a product's traits."""
    facts = product.facts or Product()
    site = host_of(product.source_url)
    texts = (product.source_url, facts.name, facts.brand, facts.sku)
    return Traits(
        searched="\n".join(text for text in texts if text).casefold(),
        site=site,
        name_key=(facts.name or site).casefold(),
        brand=facts.brand or "",
        brand_key=(facts.brand or "").casefold(),
        amount=float(facts.price.amount) if facts.price else None,
        error=product.failure.code if product.failure else "",
        lacks=_lacks(product),
        review=_review(product),
        pictured=_pictured(product),
        tag_keys=tuple(tag.casefold() for tag in product.tags),
    )


def host_of(url: str) -> str:
    """Name an address's host, without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")[:255]


def needs_review(product: CatalogueProduct) -> bool:
    """Tell whether a person should look: a draft, a page that was thin, or no name, price or picture to sell it by."""
    essential = any(not getattr(product.facts, name, None) for name in ESSENTIAL)
    return essential or bool(product.missing or product.unverified)


def _lacks(product: CatalogueProduct) -> tuple[str, ...]:
    if product.facts is None:
        return ()
    empty = [name for name in MISSABLE if not _known(product.facts, name)]
    return tuple(dict.fromkeys([*empty, *product.missing]))


def _known(facts: Product, name: str) -> bool:
    """Tell whether something is known; the weight is where that of every variant is, too."""
    if name != "weight":
        return bool(getattr(facts, name))
    weights = [each.weight_grams for each in facts.variants]
    return bool(facts.weight_grams or (weights and all(weights)))


def _pictured(product: CatalogueProduct) -> str:
    if product.facts is None:
        return ""
    if not product.facts.images:
        return Pictured.NONE.value
    return Pictured.FAILED.value if any(each.problem for each in product.pictures) else ""


def _review(product: CatalogueProduct) -> str:
    if product.facts is None:
        return ""
    return (Review.NEEDED if needs_review(product) else Review.READY).value
