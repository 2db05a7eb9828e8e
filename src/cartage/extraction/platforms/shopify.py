"""Shopify's product documents: `/products/{handle}.json`, `.js` and `/cart.js`.

Source: shopify.dev, Ajax API reference (product, cart). `.json` has decimal texts, currencies and barcodes but no
stock; `.js` has stock and hundredths in the currency that `/cart.js` names. They complete each other by variant id.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.platforms.detection import platform_of
from cartage.extraction.sources.things import as_dict, as_list
from cartage.extraction.sources.visible_options import options_of_page
from cartage.extraction.sources.visible_seen import seen
from cartage.extraction.states import states_of
from cartage.model.evidence import Source
from cartage.model.product import Availability, Image, Option

NO_OPTION = {"Default Title", "Title"}
HANDLE = re.compile(r"/products/([^/]+)/?$")
CURRENCY = re.compile(rb"Shopify\.currency\s*=\s*\{\s*\"active\"\s*:\s*\"([A-Z]{3})\"")
DEEPEST, MOST_AXES = 6, 3


def read(documents: dict[str, Any], url: str) -> Statement:
    """Read the documents into a statement; the address may choose a variant (`?variant=`)."""
    product, ajax = as_dict(documents.get("product")) or {}, as_dict(documents.get("product_js")) or {}
    currency = _text((as_dict(documents.get("cart")) or {}).get("currency"))
    statement = Statement(Source.PLATFORM, "/product", main=True)
    _say(statement.name, "/product/title", product.get("title") or ajax.get("title"))
    _say(statement.brand, "/product/vendor", product.get("vendor") or ajax.get("vendor"))
    html = product.get("body_html") or ajax.get("description")
    _say(statement.description, "/product/body_html", html)
    _say(statement.description_html, "/product/body_html", html)
    _take_images(statement, product, ajax)
    _take_options(statement, product if product.get("options") else ajax)
    variants = _variants(product, ajax, currency)
    if variants:
        where = "/product/variants"
        statement.variants.append(Claim(tuple(variants), Source.PLATFORM, where, f"{len(variants)} variants"))
        named = _named(variants, url)
        _take_chosen(statement, named or _first_buyable(variants), variants)
        _take_stock(statement, [named] if named else variants)
    return statement


def read_page(document: Document) -> list[Statement]:
    """Read the product object that a shop's theme writes into its page, in the shape of `.js`; empty elsewhere."""
    if (platform_of(document) or ("", ""))[0] != "shopify":
        return []
    handle = HANDLE.search(urlsplit(document.url).path)
    for state, where in states_of(document, ["variants"]):
        for data in _products(state, 0):
            if handle is None or data.get("handle") == unquote(handle[1]):
                return [_stated(data, document, where)]
    return _listed(document)


def _listed(document: Document) -> list[Statement]:
    """Read a list of variants that stands in the page without its product, as newer themes write it."""
    for state, where in states_of(document, ["option1"]):
        variants = [variant for variant in _dicts(state) if "option1" in variant and "price" in variant]
        if variants:
            data = {"variants": variants, "options": _axes(document, variants)}
            return [_stated(data, document, where)]
    return []


def _stated(data: dict[str, Any], document: Document, where: str) -> Statement:
    """Read what stands in a page as if the shop's API had given it."""
    product, cart = _as_document(data), {"currency": _currency(document)}
    statement = read({"product": product, "product_js": data, "cart": cart}, document.url)
    statement.where = where
    return statement


def _axes(document: Document, variants: list[dict[str, Any]]) -> list[str]:
    """Name each axis after the choice on the page that offers its values."""
    page = seen(document)
    shown = [option for claim in options_of_page(page.layout, page.anchors) for option in claim.value]
    names: list[str] = []
    for number in range(1, MOST_AXES + 1):
        values = {str(variant[key]) for variant in variants if variant.get(key := f"option{number}")}
        if values:
            name = next((option.name for option in shown if values <= set(option.values)), f"Option {number}")
            names.append(name)
    return names


def _products(state: Any, depth: int) -> Iterator[dict[str, Any]]:
    data = as_dict(state)
    if data is not None and isinstance(data.get("variants"), list) and isinstance(data.get("title"), str):
        yield data
    elif depth < DEEPEST and isinstance(state, dict | list):
        for inner in as_list(state) if data is None else data.values():
            yield from _products(inner, depth + 1)


def _as_document(data: dict[str, Any]) -> dict[str, Any]:
    """Give a theme's object the shape of `.json`, whose prices it does not have."""
    names = [
        option if isinstance(option, str) else _text((as_dict(option) or {}).get("name"))
        for option in as_list(data.get("options") or [])
    ]
    variants = [
        {key: value for key, value in variant.items() if key not in ("price", "compare_at_price")}
        for variant in _dicts(data.get("variants"))
    ]
    options = [
        {
            "name": name,
            "values": list(
                dict.fromkeys(variant.get(f"option{number}") for variant in variants if variant.get(f"option{number}"))
            ),
        }
        for number, name in enumerate(names, 1)
    ]
    return {
        "title": data.get("title"),
        "vendor": data.get("vendor"),
        "body_html": data.get("description"),
        "options": options,
        "variants": variants,
    }


def _currency(document: Document) -> str | None:
    active = CURRENCY.search(document.html)
    return active[1].decode() if active else None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip() else None


def _say(claims: list[Claim[str]], where: str, value: Any) -> None:
    if text := _text(value):
        claims.append(Claim(text, Source.PLATFORM, where, text[:LONGEST_RAW]))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for item in as_list(value) if (entry := as_dict(item))]


def _take_images(statement: Statement, product: dict[str, Any], ajax: dict[str, Any]) -> None:
    for number, image in enumerate(_dicts(product.get("images"))):
        if src := _text(image.get("src")):
            sizes = {key: value for key in ("width", "height") if isinstance(value := image.get(key), int)}
            picture = Image(url=src, alt=_text(image.get("alt")), **sizes)
            statement.images.append(Claim(picture, Source.PLATFORM, f"/product/images/{number}", src))
    if not statement.images:
        for number, entry in enumerate(as_list(ajax.get("images") or [])):
            if src := _text(entry):
                statement.images.append(Claim(Image(url=src), Source.PLATFORM, f"/product_js/images/{number}", src))


def _take_options(statement: Statement, product: dict[str, Any]) -> None:
    options: list[Option] = []
    for option in _dicts(product.get("options")):
        name, values = _text(option.get("name")), as_list(option.get("values") or [])
        if name and name not in NO_OPTION:
            options.append(Option(name=name, values=tuple(text for value in values if (text := _text(value)))))
    if options:
        raw = ", ".join(option.name for option in options)
        statement.options.append(Claim(tuple(options), Source.PLATFORM, "/product/options", raw))


def _variants(product: dict[str, Any], ajax: dict[str, Any], currency: str | None) -> list[VariantText]:
    options = product.get("options") or ajax.get("options")
    names = [_text(option.get("name")) or "" for option in _dicts(options)]
    stock = {str(variant.get("id")): variant for variant in _dicts(ajax.get("variants"))}
    pictures = {str(image.get("id")): _text(image.get("src")) for image in _dicts(product.get("images"))}
    return [
        _variant(variant, stock.get(str(variant.get("id")), {}), names, currency, pictures)
        for variant in _dicts(product.get("variants")) or [_without_prices(each) for each in stock.values()]
    ]


def _without_prices(variant: dict[str, Any]) -> dict[str, Any]:
    """Give a variant of `.js` without its hundredths, which are no decimal texts."""
    return {key: value for key, value in variant.items() if not key.startswith(("price", "compare_at_price"))}


def _variant(
    variant: dict[str, Any],
    ajax: dict[str, Any],
    names: list[str],
    currency: str | None,
    pictures: dict[str, str | None],
) -> VariantText:
    values = [_text(variant.get(f"option{number}")) for number in (1, 2, 3)]
    available = ajax.get("available", variant.get("available"))
    return VariantText(
        id=_text(variant.get("id")),
        sku=_text(variant.get("sku")),
        gtin=_text(variant.get("barcode")),
        options=tuple(
            (name, value) for name, value in zip(names, values, strict=False) if value and name not in NO_OPTION
        ),
        price=_price(variant, ajax, "price", currency),
        regular_price=_price(variant, ajax, "compare_at_price", currency),
        availability=_availability(available),
        image=pictures.get(str(variant.get("image_id")))
        or _text((as_dict(ajax.get("featured_image")) or {}).get("src")),
        weight_grams=_grams(variant.get("grams")) or _grams(ajax.get("weight")),
    )


def _grams(value: Any) -> Decimal | None:
    """Read a weight, which both documents count in grams; shops that do not weigh leave it at 0."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _price(variant: dict[str, Any], ajax: dict[str, Any], key: str, currency: str | None) -> PriceText | None:
    kind = PriceKind.NOW if key == "price" else PriceKind.REGULAR
    cents = ajax.get(key)
    if isinstance(cents, int) and currency:
        return PriceText(str(cents), currency, kind, minor_units=True)
    text = _text(variant.get(key))
    stated = _text(variant.get(f"{key}_currency")) or currency
    return PriceText(text, stated, kind) if text and re.search("[1-9]", text) else None


def _availability(available: Any) -> Availability | None:
    if not isinstance(available, bool):
        return None
    return Availability.IN_STOCK if available else Availability.OUT_OF_STOCK


def _named(variants: list[VariantText], url: str) -> VariantText | None:
    wanted = parse_qs(urlsplit(url).query).get("variant", [""])[0]
    return next((variant for variant in variants if variant.id == wanted), None)


def _first_buyable(variants: list[VariantText]) -> VariantText:
    buyable = (variant for variant in variants if variant.availability is Availability.IN_STOCK)
    return next(buyable, variants[0])


def _take_chosen(statement: Statement, chosen: VariantText, variants: list[VariantText]) -> None:
    where = f"/product/variants/{variants.index(chosen)}"
    for price, claims, key in (
        (chosen.price, statement.price, "price"),
        (chosen.regular_price, statement.regular_price, "compare_at_price"),
    ):
        if price:
            claims.append(Claim(price, Source.PLATFORM, f"{where}/{key}", price.text))
            statement.currency.append(
                Claim(price.currency or "", Source.PLATFORM, f"{where}/{key}", price.currency or "")
            )
    _say(statement.sku, f"{where}/sku", chosen.sku)
    _say(statement.gtin, f"{where}/barcode", chosen.gtin)


def _take_stock(statement: Statement, variants: list[VariantText]) -> None:
    known = [variant.availability for variant in variants if variant.availability]
    if known:
        stock = Availability.IN_STOCK if Availability.IN_STOCK in known else Availability.OUT_OF_STOCK
        statement.availability.append(
            Claim(stock, Source.PLATFORM, "/product_js/available", f"{known.count(stock)} variants")
        )
