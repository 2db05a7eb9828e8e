"""Magento's configurable products: the `jsonConfig` that its swatches and selects are drawn from.

Source: Magento 2's Swatches and ConfigurableProduct modules; a page carries it in a `text/x-magento-init` block.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from cartage.extraction.claims import Claim, PriceKind, PriceText, Statement, VariantText
from cartage.extraction.document import LONGEST_RAW, Document
from cartage.extraction.json_text import parse_json
from cartage.extraction.sources.things import as_dict, as_list
from cartage.extraction.states import assigned
from cartage.model.evidence import Source
from cartage.model.product import Availability, Image, Option

BLOCK, FORM = "text/x-magento-init", "product_addtocart_form"
GALLERY = re.compile(
    r"(?:mage/gallery/gallery\"\s*:\s*\{[^\[]*(?:\[[^\]]*\][^\[]*)?\"data\"|\"initialImages\")\s*:\s*(?=\[)"
)
HANDED = re.compile(r"initConfigurable\w*\(\s*[\"\x27][\w-]+[\"\x27]\s*,\s*(?=\{)")
DECODER = json.JSONDecoder(strict=False)
MOST_VARIANTS = 500

Config = dict[str, Any]


def read(document: Document) -> list[Statement]:
    """Read the page's configurable product, its gallery and its SKU; empty elsewhere."""
    form = document.form(FORM)
    configured = document.once(_configured)
    if configured is None and form is None:
        return []
    statement = Statement(Source.PLATFORM, configured[1] if configured else f"#{FORM}", main=True)
    if configured:
        _take_options(statement, configured[0])
        _take_variants(statement, configured[0])
    if form is not None and (sku := form.attributes.get("data-product-sku")):
        statement.sku.append(Claim(sku, Source.PLATFORM, f"#{FORM}", sku[:LONGEST_RAW]))
    _take_gallery(statement, document)
    return [statement]


def _configured(document: Document) -> tuple[Config, str] | None:
    for script in document.scripts:
        if "optionPrices" in script.text:
            for state in [parse_json(script.text)] if script.type == BLOCK else _handed(script.text):
                for config in _configs(state, 0):
                    return config, script.where
    return None


def _handed(text: str) -> Iterator[Any]:
    """Yield what a Hyvä page's script hands to its component, after the product's number or alone."""
    for match in HANDED.finditer(text):
        try:
            yield DECODER.raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            continue
    yield from assigned(text)


def _take_gallery(statement: Statement, document: Document) -> None:
    """Read the gallery's list of pictures, which Luma and Hyvä write alike, the main one first."""
    for script in document.scripts:
        mark = GALLERY.search(script.text)
        if mark is None:
            continue
        try:
            listed, _ = DECODER.raw_decode(script.text, mark.end())
        except (ValueError, RecursionError):
            continue
        pictures = [entry for item in as_list(listed) if (entry := as_dict(item)) and entry.get("full")]
        for picture in sorted(pictures, key=lambda entry: entry.get("isMain") is not True):
            address = str(picture["full"])
            alt = str(picture.get("caption") or "") or None
            image = Image(url=address, alt=alt)
            statement.images.append(Claim(image, Source.PLATFORM, script.where, address[:LONGEST_RAW]))
        return


def _configs(value: Any, depth: int) -> Iterator[Config]:
    data = as_dict(value)
    if data is None or depth > 6:
        return
    if "attributes" in data and "optionPrices" in data:
        yield data
    for inner in data.values():
        yield from _configs(inner, depth + 1)


def _attributes(config: Config) -> dict[str, tuple[str, dict[str, str]]]:
    """Map each attribute's id to its label and its options' labels by id."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for key, value in (as_dict(config.get("attributes")) or {}).items():
        attribute = as_dict(value) or {}
        options = [entry for item in as_list(attribute.get("options") or []) if (entry := as_dict(item))]
        labels = {str(option.get("id")): str(option.get("label") or "") for option in options}
        found[key] = str(attribute.get("label") or attribute.get("code") or key), labels
    return found


def _take_options(statement: Statement, config: Config) -> None:
    options = tuple(
        Option(name=label, values=tuple(filter(None, values.values())))
        for label, values in _attributes(config).values()
    )
    if options:
        raw = ", ".join(option.name for option in options)
        statement.options.append(Claim(options, Source.PLATFORM, f"{statement.where}/attributes", raw))


def _take_variants(statement: Statement, config: Config) -> None:
    attributes, prices = _attributes(config), as_dict(config.get("optionPrices")) or {}
    salable = as_dict(config.get("salable"))
    found: list[VariantText] = []
    for number, chosen in list((as_dict(config.get("index")) or {}).items())[:MOST_VARIANTS]:
        axes = as_dict(chosen) or {}
        pairs = [
            (attributes[key][0], attributes[key][1].get(str(value), ""))
            for key, value in axes.items()
            if key in attributes
        ]
        amounts = as_dict(prices.get(number)) or {}
        found.append(
            VariantText(
                id=number,
                sku=_text(_of(config, "sku", number) or _of(config, "skus", number)),
                options=tuple(pair for pair in pairs if pair[1]),
                price=_price(amounts, "finalPrice", PriceKind.NOW),
                regular_price=_price(amounts, "oldPrice", PriceKind.REGULAR),
                availability=_stock(salable, axes, number),
                image=_image(_of(config, "images", number)),
            )
        )
    if found:
        where = f"{statement.where}/index"
        statement.variants.append(Claim(tuple(found), Source.PLATFORM, where, f"{len(found)} variants"))


def _of(config: Config, key: str, number: str) -> Any:
    return (as_dict(config.get(key)) or {}).get(number)


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and str(value).strip() else None


def _price(amounts: dict[str, Any], key: str, kind: PriceKind) -> PriceText | None:
    amount = (as_dict(amounts.get(key)) or {}).get("amount")
    return PriceText(str(amount), None, kind) if isinstance(amount, int | float | str) else None


def _stock(salable: dict[str, Any] | None, axes: dict[str, Any], number: str) -> Availability | None:
    """Read Magento 2.4's `salable` map: attribute, option, then the numbers of the variants that can be bought."""
    if salable is None:
        return None
    for key, value in axes.items():
        numbers = (as_dict(salable.get(key)) or {}).get(str(value))
        if numbers is not None and number not in {str(entry) for entry in as_list(numbers)}:
            return Availability.OUT_OF_STOCK
    return Availability.IN_STOCK


def _image(value: Any) -> str | None:
    pictures = [entry for item in as_list(value or []) if (entry := as_dict(item))]
    main = next((picture for picture in pictures if picture.get("isMain")), pictures[0] if pictures else {})
    return _text(main.get("full") or main.get("img"))
