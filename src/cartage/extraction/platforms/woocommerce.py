"""WooCommerce's product document from its Store API, `/wp-json/wc/store/v1/products`.

Source: developer.woocommerce.com, Store API, Products. Prices are whole numbers of the currency's minor unit, which
the document itself states.
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from selectolax.lexbor import LexborNode

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.document import LONGEST_RAW, Document, css_path
from cartage.extraction.json_text import parse_json
from cartage.extraction.sources.things import as_dict, as_list
from cartage.extraction.text import clean
from cartage.model.evidence import Source
from cartage.model.product import Availability, Image, Option, Rating
from cartage.model.weight import grams_of

MOST_DIGITS = 4
MOST_PLACES = 18
BEST = 5
CARRIED = "data-product_variations"


def read(documents: dict[str, Any], url: str) -> Statement:
    """Read the document and its variations into a statement."""
    del url
    product = as_dict(documents.get("product")) or {}
    statement = Statement(Source.PLATFORM, "/product", main=True)
    _say(statement.name, "/product/name", product.get("name"))
    _say(statement.sku, "/product/sku", product.get("sku"))
    html = product.get("description") or product.get("short_description")
    _say(statement.description, "/product/description", html)
    _say(statement.description_html, "/product/description", html)
    for number, brand in enumerate(_dicts(product.get("brands"))[:1]):
        _say(statement.brand, f"/product/brands/{number}/name", brand.get("name"))
    _take_prices(statement, product)
    if stock := _stock(product):
        statement.availability.append(
            Claim(stock, Source.PLATFORM, "/product/is_in_stock", str(product["is_in_stock"]))
        )
    _take_images(statement, product)
    _take_rating(statement, product)
    _take_categories(statement, product)
    if grams := _grams(product.get("formatted_weight")):
        claim = Claim(grams, Source.PLATFORM, "/product/formatted_weight", str(product["formatted_weight"]))
        statement.weight_grams.append(claim)
    _take_attributes(statement, product)
    _take_variations(statement, product, _dicts(documents.get("variations")))
    return statement


def read_page(document: Document) -> list[Statement]:
    """Read the variations that a product page's own form carries; empty elsewhere and when there are too many."""
    if CARRIED.encode() not in document.html:
        return []
    form = document.tree.css_first(f"form.variations_form[{CARRIED}]")
    entries = _dicts(parse_json(form.attributes.get(CARRIED) or "") or []) if form else []
    if form is None or not entries:
        return []
    selects = form.css("select[name^=attribute_]")
    names = {f"attribute_{_axis(select)}": _label(document, select) for select in selects}
    labels = {f"attribute_{_axis(select)}": _terms_of(select) for select in selects}
    statement = Statement(Source.PLATFORM, css_path(form), main=True)
    found = tuple(_form_variant(entry, names, labels) for entry in entries)
    where = f"{statement.where}/{CARRIED}"
    statement.variants.append(Claim(found, Source.PLATFORM, where, f"{len(found)} variations"))
    axes = dict.fromkeys(name for variant in found for name, _ in variant.options)
    options = tuple(
        Option(
            name=axis,
            values=tuple(dict.fromkeys(value for variant in found for name, value in variant.options if name == axis)),
        )
        for axis in axes
    )
    if options:
        statement.options.append(Claim(options, Source.PLATFORM, where, ", ".join(axes)))
    return [statement]


def _axis(select: LexborNode) -> str:
    return (select.attributes.get("name") or "").removeprefix("attribute_")


def _terms_of(select: LexborNode) -> dict[str, str]:
    """Map the slugs of a select's terms to what a shopper reads."""
    return {option.attributes.get("value") or "": clean(option.text()) for option in select.css("option")}


def _label(document: Document, select: LexborNode) -> str:
    identity = select.attributes.get("id") or ""
    label = document.tree.css_first(f'label[for="{identity}"]') if re.fullmatch(r"[\w-]+", identity) else None
    return clean(label.text()) if label else _axis(select).removeprefix("pa_").capitalize()


def _form_variant(entry: dict[str, Any], names: dict[str, str], labels: dict[str, dict[str, str]]) -> VariantText:
    chosen = as_dict(entry.get("attributes")) or {}
    pairs = [
        (
            names.get(key, key.removeprefix("attribute_").removeprefix("pa_").capitalize()),
            labels.get(key, {}).get(str(value)) or _text(value),
        )
        for key, value in chosen.items()
    ]
    prices = [entry.get(key) for key in ("display_price", "display_regular_price")]
    now, regular = (PriceText(str(price)) if isinstance(price, int | float) else None for price in prices)
    in_stock = entry.get("is_in_stock")
    stock = (Availability.IN_STOCK if in_stock else Availability.OUT_OF_STOCK) if isinstance(in_stock, bool) else None
    picture = as_dict(entry.get("image")) or {}
    return VariantText(
        id=_text(entry.get("variation_id")),
        sku=_text(entry.get("sku")),
        gtin=_text(entry.get("global_unique_id")),
        options=tuple((name, value) for name, value in pairs if value),
        price=now,
        regular_price=regular,
        availability=stock,
        image=_text(picture.get("full_src") or picture.get("url")),
        weight_grams=_grams(entry.get("weight_html")),
    )


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip() else None


def _grams(value: Any) -> Decimal | None:
    """Read a weight as WooCommerce writes it, with its unit and without parting thousands."""
    return grams_of(clean(_text(value) or ""), exact=True)


def _say(claims: list[Claim[str]], where: str, value: Any) -> None:
    if text := _text(value):
        claims.append(Claim(text, Source.PLATFORM, where, text[:LONGEST_RAW]))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for item in as_list(value) if (entry := as_dict(item))]


def _amount(prices: dict[str, Any], text: str | None) -> str | None:
    unit = prices.get("currency_minor_unit")
    digits = unit if isinstance(unit, int) and 0 <= unit <= MOST_DIGITS else 2
    number = _number(text or "")
    return str(number.scaleb(-digits)) if number is not None and len(number.as_tuple().digits) < MOST_PLACES else None


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < MOST_PLACES else None


def _price(product: dict[str, Any], key: str) -> PriceText | None:
    prices = as_dict(product.get("prices")) or {}
    bounds = as_dict(prices.get("price_range")) or {}
    lowest = _text(bounds.get("min_amount")) if key == "price" else None
    amount = _amount(prices, lowest or _text(prices.get(key)))
    kind = PriceKind.FROM if lowest else PriceKind.NOW
    return PriceText(amount, _text(prices.get("currency_code")), kind) if amount and Decimal(amount) > 0 else None


def _take_prices(statement: Statement, product: dict[str, Any]) -> None:
    for key, claims in (("price", statement.price), ("regular_price", statement.regular_price)):
        if price := _price(product, key):
            claims.append(Claim(price, Source.PLATFORM, f"/product/prices/{key}", price.text))
    code = _text((as_dict(product.get("prices")) or {}).get("currency_code"))
    _say(statement.currency, "/product/prices/currency_code", code)


def _stock(product: dict[str, Any]) -> Availability | None:
    in_stock = product.get("is_in_stock")
    if not isinstance(in_stock, bool):
        return None
    if product.get("is_on_backorder") is True:
        return Availability.BACK_ORDER
    return Availability.IN_STOCK if in_stock else Availability.OUT_OF_STOCK


def _take_images(statement: Statement, product: dict[str, Any]) -> None:
    for number, image in enumerate(_dicts(product.get("images"))):
        if src := _text(image.get("src")):
            picture = Image(url=src, alt=_text(image.get("alt")))
            statement.images.append(Claim(picture, Source.PLATFORM, f"/product/images/{number}", src))


def _take_rating(statement: Statement, product: dict[str, Any]) -> None:
    count, average = product.get("review_count"), _text(product.get("average_rating"))
    if isinstance(count, int) and count > 0 and average:
        value = _number(average)
        if value is None or not 0 < value <= BEST:
            return
        rating = Rating(value=value, count=count)
        statement.rating.append(Claim(rating, Source.PLATFORM, "/product/average_rating", average))


def _take_categories(statement: Statement, product: dict[str, Any]) -> None:
    names = tuple(name for category in _dicts(product.get("categories")) if (name := _text(category.get("name"))))
    if len(names) == 1:
        statement.breadcrumbs.append(Claim(names, Source.PLATFORM, "/product/categories", names[0]))


def _terms(attribute: dict[str, Any]) -> dict[str, str]:
    terms = _dicts(attribute.get("terms"))
    return {_text(term.get("slug")) or "": clean(_text(term.get("name")) or "") for term in terms}


def _take_attributes(statement: Statement, product: dict[str, Any]) -> None:
    pairs: list[tuple[str, str]] = []
    options: list[Option] = []
    for attribute in _dicts(product.get("attributes")):
        name, values = _text(attribute.get("name")), tuple(_terms(attribute).values())
        if name and values:
            pairs.append((name, ", ".join(values)))
            if attribute.get("has_variations") is True:
                options.append(Option(name=clean(name), values=values))
    where = "/product/attributes"
    if pairs:
        statement.attributes.append(Claim(tuple(pairs), Source.PLATFORM, where, ", ".join(name for name, _ in pairs)))
    if options:
        raw = ", ".join(option.name for option in options)
        statement.options.append(Claim(tuple(options), Source.PLATFORM, where, raw))


def _take_variations(statement: Statement, product: dict[str, Any], variations: list[dict[str, Any]]) -> None:
    names = {_text(attribute.get("name")): _terms(attribute) for attribute in _dicts(product.get("attributes"))}
    stated = {_text(entry.get("id")): entry for entry in _dicts(product.get("variations"))}
    details = {_text(entry.get("id")): entry for entry in variations}
    found = tuple(_variant(identity, entry, details.get(identity, {}), names) for identity, entry in stated.items())
    if found:
        where = "/variations" if variations else "/product/variations"
        statement.variants.append(Claim(found, Source.PLATFORM, where, f"{len(found)} variations"))


def _variant(
    identity: str | None, entry: dict[str, Any], detail: dict[str, Any], names: dict[str | None, dict[str, str]]
) -> VariantText:
    pairs: list[tuple[str, str]] = []
    for attribute in _dicts(entry.get("attributes")):
        name, value = _text(attribute.get("name")), _text(attribute.get("value"))
        if name and value:
            pairs.append((name, names.get(name, {}).get(value, value)))
    images = _dicts(detail.get("images"))
    return VariantText(
        id=identity,
        sku=_text(detail.get("sku")),
        options=tuple(pairs),
        price=_price(detail, "price"),
        regular_price=_price(detail, "regular_price"),
        availability=_stock(detail),
        image=_text(images[0].get("src")) if images else None,
        weight_grams=_grams(detail.get("formatted_weight")),
    )
