"""An article: a product as it is to be sold, which every target writes in its own way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cartage.exports.details import details_of
from cartage.exports.links import picture_url
from cartage.exports.naming import Roll, handle_of, tail_of
from cartage.exports.wording import as_html, summary_of
from cartage.extraction.grams import weight_among
from cartage.model.catalogue import CatalogueProduct
from cartage.model.enhancement import FACT_OF, TextField
from cartage.model.picture import is_own
from cartage.model.pricing import PricingRules, SellingPrice
from cartage.model.product import Availability, Condition, Image, Money, Option, Product, Variant
from cartage.model.stated import by_person
from cartage.model.weight import WEIGHT
from cartage.pricing.products import ProductPrices, prices_of

SOLD_OUT = {Availability.OUT_OF_STOCK, Availability.DISCONTINUED}
TO_COME = {Availability.PRE_ORDER, Availability.BACK_ORDER}


@dataclass(frozen=True, slots=True)
class Offer:
    """Hold one thing that can be bought; `key` is its SKU, or a code made for it where there is none.

    `place` is where it stands among the product's variants, from 0; None where the product itself is bought.
    """

    key: str
    sku: str
    gtin: str
    options: tuple[tuple[str, str], ...]
    selling: SellingPrice
    availability: Availability | None
    image: str
    weight_grams: Decimal | None
    place: int | None

    @property
    def price(self) -> Money | None:
        """Give what is asked."""
        return self.selling.price

    @property
    def sold_out(self) -> bool:
        """Tell whether it is known that nobody can buy it now."""
        return self.availability in SOLD_OUT

    @property
    def to_come(self) -> bool:
        """Tell whether it is sold before it is there."""
        return self.availability in TO_COME

    @property
    def values(self) -> tuple[str, ...]:
        """Give the values of its options, in the product's order."""
        return tuple(value for _, value in self.options)


@dataclass(frozen=True, slots=True)
class Article:
    """Hold a product with everything that targets write; `repeated` lists codes that an earlier one has.

    `group` is the code that its variants share. `by_model` names the texts that a language model wrote.
    """

    product: CatalogueProduct
    facts: Product
    prices: ProductPrices
    handle: str
    named: bool
    group: str
    title: str
    text: str
    html: str
    seo_title: str
    seo_description: str
    images: tuple[Image, ...]
    options: tuple[Option, ...]
    offers: tuple[Offer, ...]
    details: Mapping[str, str]
    repeated: tuple[str, ...]
    by_model: frozenset[str]

    @property
    def id(self) -> str:
        """Give the product's id."""
        return self.product.id

    @property
    def brand(self) -> str:
        """Name the brand; empty where it is not known."""
        return self.facts.brand or ""

    @property
    def category(self) -> str:
        """Name the last step of the way to it; empty where there is none."""
        return self.facts.breadcrumbs[-1] if self.facts.breadcrumbs else ""

    @property
    def condition(self) -> Condition | None:
        """Give its condition, if it is known."""
        return self.facts.condition

    @property
    def lock_unused(self) -> bool:
        """Tell whether a price set by hand sells nothing."""
        return self.prices.lock_unused

    def tags_with(self, always: Sequence[str]) -> list[str]:
        """List the product's own tags behind those that all products get, each once whatever its case."""
        known: dict[str, str] = {}
        for tag in (*always, *self.product.tags):
            known.setdefault(tag.casefold(), tag)
        return list(known.values())

    def title_of(self, offer: Offer) -> str:
        """Name one of its offers in full."""
        return f"{self.title} - {', '.join(offer.values)}" if offer.values else self.title

    def pictures_of(self, offer: Offer) -> list[str]:
        """List the addresses of its pictures, those of the offer first."""
        return list(dict.fromkeys([*([offer.image] if offer.image else []), *(each.url for each in self.images)]))


def article_of(product: CatalogueProduct, rules: PricingRules, roll: Roll, site: str = "") -> Article:
    """Make a product ready to be written; the roll keeps handles and codes apart within a file.

    Uploaded pictures have their addresses at `site`; without one they are left out.
    """
    facts = product.facts or Product()
    named = product.presentation.handle or handle_of(_first_name(product) or "")
    handle = roll.handle(named or handle_of(facts.sku or "") or f"product-{tail_of(product.id)}", product.id)
    prices = prices_of(product, rules)
    details = details_of(facts.attributes)
    options = facts.options or _options_of(facts.variants)
    addresses = _addresses(product, site)
    offers = tuple(_offers(product, facts, prices, options, addresses))
    title, text = _text(product, TextField.TITLE), _text(product, TextField.DESCRIPTION)
    by_model = written_by_model(product)
    return Article(
        product=product,
        facts=facts,
        prices=prices,
        handle=handle,
        named=bool(named),
        group=_group(facts, handle),
        title=title,
        text=text,
        html=(None if "description" in by_model else facts.description_html) or as_html(text),
        seo_title=_text(product, TextField.SEO_TITLE) or title,
        seo_description=_text(product, TextField.SEO_DESCRIPTION) or summary_of(text),
        images=tuple(
            each.model_copy(update={"url": url}) for each in facts.images if (url := _address(each.url, addresses))
        ),
        options=options,
        offers=offers,
        details=details,
        repeated=tuple(each.sku for each in offers if each.sku and not roll.take_code(each.sku)),
        by_model=by_model,
    )


def written_by_model(product: CatalogueProduct) -> frozenset[str]:
    """Name the facts whose text to publish a language model wrote and a person accepted."""
    texts = ((fact, product.text(field)) for field, fact in FACT_OF.items())
    return frozenset(fact for fact, text in texts if text and text.by_model)


def _first_name(product: CatalogueProduct) -> str | None:
    """Give the name that the page states: a shop that has the product knows it by the handle made of that one."""
    stated = product.stated.facts.name if product.stated else None
    return stated or (product.facts.name if product.facts else None)


def _addresses(product: CatalogueProduct, site: str) -> dict[str, str]:
    """Give the addresses at which uploaded pictures are fetched, by their names."""
    shown = {picture.url: picture.public_path for picture in product.pictures}
    return {name: f"{site}{path}" for name, path in shown.items() if site and path}


def _address(url: str, addresses: Mapping[str, str]) -> str:
    return addresses.get(url, "") if is_own(url) else picture_url(url)


def _text(product: CatalogueProduct, field: TextField) -> str:
    found = product.text(field)
    return found.text if found else ""


def _group(facts: Product, handle: str) -> str:
    own = facts.sku or ""
    shared = own and facts.variants and all(each.sku != own for each in facts.variants)
    return own if shared else handle


def _options_of(variants: tuple[Variant, ...]) -> tuple[Option, ...]:
    names = dict.fromkeys(name for variant in variants for name in variant.options)
    return tuple(Option(name=name, values=_values(variants, name)) for name in names)


def _values(variants: tuple[Variant, ...], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.options[name] for each in variants if name in each.options))


def _offers(
    product: CatalogueProduct,
    facts: Product,
    prices: ProductPrices,
    options: tuple[Option, ...],
    addresses: Mapping[str, str],
) -> Iterator[Offer]:
    weight = _weight(product, facts)
    own = Variant(sku=facts.sku, gtin=facts.gtin, availability=facts.availability)
    sold_out = facts.availability if facts.availability in SOLD_OUT else None
    held = facts.availability if "availability" in product.locked else sold_out
    for number, (variant, selling) in enumerate(zip(facts.variants or (own,), prices.sold(), strict=True), 1):
        yield Offer(
            key=variant.sku or f"{tail_of(product.id)}-{number}",
            sku=variant.sku or "",
            gtin=variant.gtin or "",
            options=tuple((each.name, variant.options.get(each.name, "")) for each in options)
            if facts.variants
            else (),
            selling=selling,
            availability=_stock(product, number - 1, variant, held),
            image=_address(variant.image or "", addresses),
            weight_grams=_weight_of(product, number - 1, variant, weight),
            place=number - 1 if facts.variants else None,
        )


def _weight(product: CatalogueProduct, facts: Product) -> Decimal | None:
    """Give a product's weight; of one that an earlier version read, what its details state."""
    return facts.weight_grams or (None if WEIGHT in product.locked else weight_among(facts.attributes))


def _weight_of(product: CatalogueProduct, place: int, variant: Variant, whole: Decimal | None) -> Decimal | None:
    """Give a variant's weight: what a person set of it, else of the product, else what the page states."""
    if by_person(product.evidence.get(f"/variants/{place}/{WEIGHT}", ())):
        return variant.weight_grams
    held = whole if WEIGHT in product.locked else None
    return held or variant.weight_grams or whole


def _stock(product: CatalogueProduct, place: int, variant: Variant, held: Availability | None) -> Availability | None:
    """Give a variant's stock: a product that a person marked sold out is so in each variant that nobody set."""
    apart = by_person(product.evidence.get(f"/variants/{place}/availability", ()))
    if held in SOLD_OUT and "availability" in product.locked and not apart:
        return held
    return variant.availability or held
