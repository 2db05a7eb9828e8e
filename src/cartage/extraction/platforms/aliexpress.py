"""AliExpress's product pages, whose facts stand in `runParams`, each kind in a module of its own.

Source: the page's `window.runParams`; its modules are named `titleModule` or, later, `productInfoComponent` and alike.
"""

from typing import Any

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.sources.schema_org import rating_of
from cartage.extraction.sources.things import as_dict, as_list
from cartage.extraction.sources.visible_facts import take_code
from cartage.extraction.states import assigned
from cartage.model.evidence import Source
from cartage.model.product import Availability, Image, Option

MARK = "runParams"
MOST_VARIANTS = 500

Data = dict[str, Any]


def read(document: Document) -> list[Statement]:
    """Read the modules of the page's product; empty elsewhere."""
    for script in document.scripts:
        if MARK not in script.text:
            continue
        for state in assigned(script.text):
            data = as_dict((as_dict(state) or {}).get("data")) or as_dict(state) or {}
            if text := _of(data, "titleModule", "productInfoComponent").get("subject"):
                statement = Statement(Source.PLATFORM, f"{script.where}/data", main=True)
                statement.name.append(_claim(statement, str(text), "titleModule/subject"))
                _take(statement, data)
                return [statement]
    return []


def _of(data: Data, *names: str) -> Data:
    return next((found for name in names if (found := as_dict(data.get(name)))), Data())


def _dicts(value: Any) -> list[Data]:
    return [entry for item in as_list(value or []) if (entry := as_dict(item))]


def _claim(statement: Statement, text: str, place: str) -> Claim[str]:
    return Claim(text, Source.PLATFORM, f"{statement.where}/{place}", text[:LONGEST_RAW])


def _take(statement: Statement, data: Data) -> None:
    common = _of(data, "commonModule", "productInfoComponent")
    if identity := common.get("productId") or common.get("id"):
        statement.sku.append(_claim(statement, str(identity), "commonModule/productId"))
    _take_prices(statement, _of(data, "priceModule", "priceComponent"))
    _take_stock(statement, _of(data, "quantityModule", "inventoryComponent"))
    _take_images(statement, _of(data, "imageModule", "imageComponent"))
    _take_choices(statement, _of(data, "skuModule", "skuComponent"))
    _take_words(statement, data)


def _take_prices(statement: Statement, prices: Data) -> None:
    reduced = _price(prices.get("minActivityAmount"), PriceKind.NOW)
    for key, kind, claims in (
        ("minActivityAmount" if reduced else "minAmount", PriceKind.NOW, statement.price),
        ("minAmount" if reduced else "", PriceKind.REGULAR, statement.regular_price),
    ):
        if price := _price(prices.get(key), kind):
            claims.append(Claim(price, Source.PLATFORM, f"{statement.where}/priceModule/{key}", price.text))


def _price(value: Any, kind: PriceKind) -> PriceText | None:
    money = as_dict(value) or {}
    amount = money.get("value")
    return PriceText(str(amount), str(money.get("currency") or "") or None, kind) if amount else None


def _take_stock(statement: Statement, stock: Data) -> None:
    count = stock.get("totalAvailQuantity")
    if isinstance(count, int):
        value = _stock(count)
        where = f"{statement.where}/quantityModule/totalAvailQuantity"
        statement.availability.append(Claim(value, Source.PLATFORM, where, str(count)))


def _stock(count: int) -> Availability:
    return Availability.IN_STOCK if count > 0 else Availability.OUT_OF_STOCK


def _take_images(statement: Statement, images: Data) -> None:
    for address in as_list(images.get("imagePathList") or []):
        if isinstance(address, str):
            where = f"{statement.where}/imageModule/imagePathList"
            statement.images.append(Claim(Image(url=address), Source.PLATFORM, where, address[:LONGEST_RAW]))


def _take_choices(statement: Statement, module: Data) -> None:
    axes = _dicts(module.get("productSKUPropertyList"))
    values = {
        str(value.get("propertyValueId")): (str(axis.get("skuPropertyName")), _label(value))
        for axis in axes
        for value in _dicts(axis.get("skuPropertyValues"))
    }
    options = tuple(
        Option(name=str(axis.get("skuPropertyName")), values=tuple(map(_label, _dicts(axis.get("skuPropertyValues")))))
        for axis in axes
    )
    variants = tuple(_variant(item, values) for item in _dicts(module.get("skuPriceList"))[:MOST_VARIANTS])
    where = f"{statement.where}/skuModule"
    if options and variants:
        raw = ", ".join(option.name for option in options)
        statement.options.append(Claim(options, Source.PLATFORM, where, raw))
        statement.variants.append(Claim(variants, Source.PLATFORM, where, f"{len(variants)} variants"))


def _label(value: Data) -> str:
    return str(value.get("propertyValueDisplayName") or value.get("propertyValueName") or "")


def _variant(item: Data, values: dict[str, tuple[str, str]]) -> VariantText:
    offer = as_dict(item.get("skuVal")) or {}
    reduced = _price(offer.get("skuActivityAmount"), PriceKind.NOW)
    count = offer.get("availQuantity")
    chosen = str(item.get("skuPropIds") or "").split(",")
    return VariantText(
        id=str(item.get("skuIdStr") or item.get("skuId") or "") or None,
        sku=str(item.get("skuIdStr") or item.get("skuId") or "") or None,
        options=tuple(values[place] for place in chosen if place in values),
        price=reduced or _price(offer.get("skuAmount"), PriceKind.NOW),
        regular_price=_price(offer.get("skuAmount"), PriceKind.REGULAR) if reduced else None,
        availability=_stock(count) if isinstance(count, int) else None,
    )


def _take_words(statement: Statement, data: Data) -> None:
    facts = [
        (str(fact.get("attrName")), str(fact.get("attrValue")))
        for fact in _dicts(_of(data, "specsModule", "productPropComponent").get("props"))
        if fact.get("attrName") and fact.get("attrValue")
    ]
    where = f"{statement.where}/specsModule"
    for label, value in facts:
        take_code(statement, label, value, where)
    if facts:
        raw = ", ".join(label for label, _ in facts)[:LONGEST_RAW]
        statement.attributes.append(Claim(tuple(facts), Source.PLATFORM, where, raw))
    _take_rating(statement, _of(_of(data, "titleModule", "feedbackComponent"), "feedbackRating"))
    steps = _dicts(_of(data, "crossLinkModule", "breadcrumbComponent").get("breadCrumbPathList"))
    if trail := tuple(str(step.get("name")) for step in steps if step.get("name")):
        place = f"{statement.where}/crossLinkModule"
        statement.breadcrumbs.append(Claim(trail, Source.PLATFORM, place, " > ".join(trail)[:LONGEST_RAW], 2.0))


def _take_rating(statement: Statement, given: Data) -> None:
    value, count = str(given.get("averageStar") or ""), str(given.get("totalValidNum") or "")
    if rating := rating_of(value, "5", [count] if count else []):
        statement.rating.append(Claim(rating, Source.PLATFORM, f"{statement.where}/titleModule/feedbackRating", value))
