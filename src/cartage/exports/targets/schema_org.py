"""JSON-LD in schema.org's words, as Google's product snippets read it: a group with variants, or one product.

Source: developers.google.com/search, Product variant structured data.
"""

import json
from collections.abc import Iterator
from typing import Any

from cartage.exports.amounts import amount_text, number_text
from cartage.exports.article import Article, Offer
from cartage.exports.details import detail_of
from cartage.exports.form import Texts
from cartage.exports.links import offer_link, product_link
from cartage.exports.lint import check_article, check_link, check_stock, found
from cartage.exports.target import Target, Terms, Written
from cartage.model.export import Finding
from cartage.model.product import Condition

FILE = "products"
ROOT = "https://schema.org/"
CONDITIONS = {"new": Condition.NEW, "refurbished": Condition.REFURBISHED, "used": Condition.USED}
VARYING = ("color", "size", "material")


def write(article: Article, terms: Terms) -> Written:
    """Write one document."""
    return Written(texts={FILE: [json.dumps(document(article, terms), ensure_ascii=False, indent=1)]})


def document(article: Article, terms: Terms) -> dict[str, Any]:
    """Give a product as JSON-LD."""
    if not article.options:
        offer = article.offers[0]
        body = {
            "@type": "Product",
            **_shared(article, terms),
            **_codes(article, offer),
            "weight": _weight(offer),
            "offers": _asked(article, offer, terms),
        }
    else:
        body = {
            "@type": "ProductGroup",
            **_shared(article, terms),
            "hasVariant": [_variant(article, offer, terms) for offer in article.offers],
        }
    return {"@context": ROOT, **_filled(body)}


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Look at a product as its page's markup."""
    del written
    yield from check_article(article, terms.rules)
    yield from check_stock(article)
    if terms.settings.link_template:
        yield from check_link(article, product_link(terms.settings.link_template, article.handle, article.id), "url")
    else:
        yield found("link_missing", article, "url", "There is no link template.")
    if article.condition is None and not terms.settings.condition:
        yield found("condition_missing", article, "itemCondition", "Nobody says.")


def _shared(article: Article, terms: Terms) -> dict[str, Any]:
    group = {
        "productGroupID": article.group,
        "variesBy": [f"{ROOT}{detail}" for detail in _varying(article)],
    }
    return {
        "name": article.title,
        "description": article.text,
        "url": product_link(terms.settings.link_template, article.handle, article.id),
        "brand": {"@type": "Brand", "name": article.brand} if article.brand else None,
        **(group if article.options else {}),
        "image": [image.url for image in article.images],
        "material": "" if "material" in _varying(article) else article.details.get("material", ""),
    }


def _variant(article: Article, offer: Offer, terms: Terms) -> dict[str, Any]:
    told = {detail_of(name): value for name, value in offer.options}
    return _filled(
        {
            "@type": "Product",
            "name": article.title_of(offer),
            **_codes(article, offer),
            **{detail: told[detail] for detail in VARYING if detail in told},
            "image": offer.image,
            "weight": _weight(offer),
            "offers": _asked(article, offer, terms),
        }
    )


def _codes(article: Article, offer: Offer) -> dict[str, Any]:
    gtin = {f"gtin{len(offer.gtin)}": offer.gtin} if offer.gtin else {}
    return {"sku": offer.sku, **gtin, "mpn": article.facts.mpn or ""}


def _weight(offer: Offer) -> dict[str, Any] | None:
    grams = offer.weight_grams
    return {"@type": "QuantitativeValue", "value": number_text(grams), "unitCode": "GRM"} if grams else None


def _asked(article: Article, offer: Offer, terms: Terms) -> dict[str, Any] | None:
    condition = article.condition or CONDITIONS.get(terms.settings.condition)
    if offer.price is None:
        return None
    return _filled(
        {
            "@type": "Offer",
            "url": offer_link(terms.settings.link_template, article.handle, offer.key, article.id),
            "price": amount_text(offer.price),
            "priceCurrency": offer.price.currency,
            "availability": f"{ROOT}{offer.availability.value}" if offer.availability else "",
            "itemCondition": f"{ROOT}{condition.value}" if condition else "",
        }
    )


def _varying(article: Article) -> list[str]:
    return [detail for option in article.options if (detail := detail_of(option.name)) in VARYING]


def _filled(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value}


TARGET = Target(
    name="schema-org",
    title="schema.org JSON-LD",
    about="markup for product pages of your own",
    files=(Texts(FILE, "jsonld", "application/ld+json; charset=utf-8", lambda _: "[\n", ",\n", "\n]\n"),),
    settings=("link_template", "condition"),
    write=write,
    check=check,
    one_currency=False,
)
