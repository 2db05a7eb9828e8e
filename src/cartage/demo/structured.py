"""What a demo page tells machines in its own markup: JSON-LD in several shapes."""

import json
from decimal import Decimal
from typing import Any

from cartage.demo.goods import Form, Good, Markup

SCHEMA = "https://schema.org"
Document = dict[str, Any]


def json_ld(good: Good, origin: str) -> str:
    """Write the page's JSON-LD; empty where the storefront has none."""
    match good.markup:
        case Markup.JSON_LD:
            return _written({"@context": SCHEMA, **_product(good, origin)})
        case Markup.GRAPH:
            return _written({"@context": SCHEMA, "@graph": _graph(good, origin)})
        case Markup.GROUP:
            return _written({"@context": SCHEMA, **_group(good, origin)})
        case _:
            return ""


def _written(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1).replace("</", "<\\/")


def _product(good: Good, origin: str) -> Document:
    product: Document = {
        "@type": "Product",
        "name": good.name,
        "image": [_image(name, origin) for name in good.pictures],
        "description": " ".join(good.description),
        "sku": good.sku,
        "brand": {"@type": "Brand", "name": good.brand},
        "offers": _offer(good, origin),
    }
    if good.gtin:
        product["gtin13"] = good.gtin
    if good.rating:
        value, count = good.rating
        product["aggregateRating"] = {"@type": "AggregateRating", "ratingValue": value, "reviewCount": count}
    return product


def _offer(good: Good, origin: str) -> Document:
    offer: Document = {
        "@type": "Offer",
        "url": origin + good.path,
        "price": str(good.price.amount),
        "priceCurrency": good.price.currency,
        "availability": _stock(in_stock=good.in_stock),
        "itemCondition": f"{SCHEMA}/NewCondition",
    }
    if good.price.was:
        offer["priceSpecification"] = [
            _specification(good.price.amount, good.price.currency),
            {**_specification(good.price.was, good.price.currency), "priceType": f"{SCHEMA}/ListPrice"},
        ]
    return offer


def _specification(amount: Decimal, currency: str) -> Document:
    return {"@type": "UnitPriceSpecification", "price": str(amount), "priceCurrency": currency}


def _graph(good: Good, origin: str) -> list[Document]:
    url = origin + good.path
    product = _product(good, origin)
    product |= {"@id": f"{url}#product", "mainEntityOfPage": {"@id": url}}
    product["image"] = [
        {"@type": "ImageObject", "url": image, "width": 800, "height": 800} for image in product["image"]
    ]
    crumbs = [good.store.words.home, *good.crumbs, good.name]
    items = [{"@type": "ListItem", "position": place, "name": name} for place, name in enumerate(crumbs, 1)]
    return [
        {"@type": "WebSite", "@id": f"{origin}/#website", "url": f"{origin}/", "name": good.store.name},
        {"@type": "Organization", "@id": f"{origin}/#organization", "name": good.store.name},
        {"@type": ["WebPage", "ItemPage"], "@id": url, "url": url, "name": f"{good.name} - {good.store.name}"},
        {"@type": "BreadcrumbList", "@id": f"{url}#breadcrumb", "itemListElement": items},
        product,
    ]


def _group(good: Good, origin: str) -> Document:
    return {
        "@type": "ProductGroup",
        "name": good.name,
        "description": " ".join(good.description),
        "image": [_image(name, origin) for name in good.pictures],
        "url": origin + good.path,
        "brand": {"@type": "Brand", "name": good.brand},
        "productGroupID": good.sku,
        "variesBy": [f"{SCHEMA}/color", f"{SCHEMA}/size"],
        "hasVariant": [_variant(good, form, origin) for form in good.forms],
    }


def _variant(good: Good, form: Form, origin: str) -> Document:
    colour, size = form.options
    return {
        "@type": "Product",
        "name": f"{good.name} - {colour}, {size}",
        "sku": form.sku,
        "color": colour,
        "size": size,
        "image": _image(form.picture, origin),
        "offers": {
            "@type": "Offer",
            "price": str(form.amount),
            "priceCurrency": good.price.currency,
            "availability": _stock(in_stock=form.in_stock),
            "url": f"{origin}{good.path}?sku={form.sku}",
        },
    }


def _image(name: str, origin: str) -> str:
    return f"{origin}/images/{name}.png"


def _stock(*, in_stock: bool) -> str:
    return f"{SCHEMA}/{'InStock' if in_stock else 'OutOfStock'}"
