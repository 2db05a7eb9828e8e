"""The state that a page carries for its scripts: found in every wrapping frameworks use."""

import html
import json
from typing import Any

import pytest

from cartage.extraction.document import parse
from cartage.extraction.payloads import devalued, unstreamed
from cartage.extraction.sources import embedded_json
from cartage.extraction.states import states_of
from tests.extraction.pages import NAME, URL, page, price_of, product_of

KETTLE: dict[str, Any] = {
    "id": 4711, "name": NAME, "sku": "CK-150", "price": "49.90", "currency": "EUR", "brand": "Wanderlite",
    "images": ["https://shop.example.com/img/kettle.jpg"], "inStock": True,
}  # fmt: skip
STATE = {"props": {"pageProps": {"product": KETTLE, "menu": [{"name": "Kettles", "id": 1}]}}}
TEXT = json.dumps(STATE)
LITERAL = (
    f"{{props: {{product: {{name: '{NAME}', sku: 'CK-150', price: '49.90', currency: \"EUR\", brand: 'Wanderlite', "
    "inStock: !0, stock: undefined, images: ['https://shop.example.com/img/kettle.jpg',], }, }, }"
)


def script(text: str, attributes: str = "") -> str:
    """Write a script element."""
    return f"<script {attributes}>{text}</script>"


def flight(text: str, cuts: int = 3) -> str:
    """Write a row of React's flight stream in several chunks."""
    row = f'1:I["static/chunks/app.js"]\n5:["$","div",null,{text}]\n'
    size = len(row) // cuts + 1
    chunks = [row[start : start + size] for start in range(0, len(row), size)]
    return "".join(script(f"self.__next_f.push([1,{json.dumps(chunk)}])") for chunk in chunks)


def devalue(value: Any, start: int = 0) -> list[Any]:
    """Write a value as devalue does: a flat list whose numbers point into it."""
    flat: list[Any] = []

    def put(entry: Any) -> int:
        place = len(flat)
        flat.append(None)
        if isinstance(entry, dict):
            flat[place] = {key: put(inner) for key, inner in entry.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        elif isinstance(entry, list):
            flat[place] = [put(inner) for inner in entry]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        else:
            flat[place] = entry
        return place + start

    put(value)
    return flat


WRAPPINGS = {
    "Next.js pages router": script(TEXT, 'id="__NEXT_DATA__" type="application/json"'),
    "Next.js app router": flight(TEXT),
    "Next.js app router in one chunk": flight(TEXT, 1),
    "Nuxt 3": script(json.dumps(devalue(STATE)), 'id="__NUXT_DATA__" type="application/json"'),
    "Nuxt 3 with a reactive root": script(
        json.dumps([["ShallowReactive", 1], *devalue({"root": STATE}, 1)]), 'id="__NUXT_DATA__" type="application/json"'
    ),
    "assigned JSON": script(f"window.__INITIAL_STATE__ = {TEXT};"),
    "assigned without spaces": script(f"window.__PRELOADED_STATE__={TEXT}"),
    "assigned to a key": script(f'window["__STATE__"] = {TEXT};'),
    "a variable": script(f"var productData = {TEXT}; init();"),
    "a constant after other code": script(f"(function(){{var a=1;}})(); const product = {TEXT};"),
    "an object literal": script(f"window.__DATA__ = {LITERAL};"),
    "parsed JSON": script(f"window.__STATE__ = JSON.parse({json.dumps(TEXT)});"),
    "parsed JSON in single quotes": script(f"window.__STATE__ = JSON.parse('{TEXT}');"),
    "a call": script(f"initProduct({TEXT});"),
    "pushed": script(f"(window.state = window.state || []).push({TEXT});"),
    "a JSON block": script(TEXT, 'type="application/json" data-product-json'),
    "a Magento block": script(TEXT, 'type="text/x-magento-init"'),
    "a data attribute": f'<div data-product="{html.escape(TEXT)}"></div>',
    "an Inertia page": f'<div id="app" data-page="{html.escape(TEXT)}"></div>',
    "Remix": script(f"window.__remixContext = {TEXT};"),
    "within a CDATA comment": script(f"//<![CDATA[\nvar data = {TEXT};\n//]]>"),
    "React props": f'<div data-props="{html.escape(TEXT)}"></div>',
}


@pytest.mark.parametrize("markup", WRAPPINGS.values(), ids=WRAPPINGS)
def test_every_wrapping_gives_the_product(markup: str) -> None:
    """Wherever the state stands, the object named like the page is read."""
    product = product_of(page(body=markup))

    assert price_of(product) == "49.90 EUR"
    assert (product.sku, product.brand) == ("CK-150", "Wanderlite")


def test_a_tag_managers_item_gives_the_product() -> None:
    """A `view_item` event of GA4 states name, number, price and currency."""
    event = {"event": "view_item", "ecommerce": {"currency": "EUR", "value": 49.9, "items": [
        {"item_name": NAME, "item_id": "CK-150", "price": 49.9, "item_brand": "Wanderlite"}]}}  # fmt: skip

    product = product_of(page(body=script(f"dataLayer.push({json.dumps(event)});")))

    assert price_of(product) == "49.90 EUR"
    assert product.brand == "Wanderlite"


def test_attributes_of_one_element_give_the_product() -> None:
    """An element may carry the facts in attributes of its own."""
    facts = {"product-name": NAME, "product-price": "49.90", "product-sku": "CK-150", "currency": "EUR"}
    element = "".join(f' data-{key}="{value}"' for key, value in facts.items())

    product = product_of(page(body=f"<div{element}></div>"))

    assert price_of(product) == "49.90 EUR"
    assert product.sku == "CK-150"


def test_another_products_object_is_not_read() -> None:
    """An object named like something else is not the page's."""
    state = {"recommended": [{"name": "Tin Cup", "sku": "TC-1", "price": "9.90", "currency": "EUR"}]}

    document = parse(page(body=script(f"window.__STATE__ = {json.dumps(state)};")), URL)

    assert embedded_json.read(document) == []


def test_devalue_follows_its_pointers() -> None:
    """Numbers point into the list; wrappers like Ref and Reactive give what they hold."""
    assert devalued([{"a": 1, "b": 2}, "x", [3, 4], "y", 5]) == {"a": "x", "b": ["y", 5]}
    assert devalued([["ShallowReactive", 1], {"a": 2}, ["Ref", 3], "x"]) == {"a": "x"}


def test_devalue_survives_circles_and_nonsense() -> None:
    """Circles end, and pointers out of the list give nothing."""
    circle = devalued([{"self": 0, "out": 99, "minus": -1}])

    assert circle["self"] is circle
    assert (circle["out"], circle["minus"]) == (None, None)
    assert devalued([]) is None


@pytest.mark.parametrize(
    "text",
    [
        "a = {" * 20_000 + "price", "product = [" * 20_000 + "price", f"x = {{price: '{NAME}" + "\\" * 100_000,
        "JSON.parse('" + "\\'" * 100_000 + "price", "price(" * 50_000, "var a = {price: " + "[" * 50_000,
        'self.__next_f.push([1,"' + "\\\\" * 100_000 + "price",
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
@pytest.mark.timeout(120)
def test_a_hostile_script_ends_quickly(text: str) -> None:
    """No script makes the search for state slow."""
    document = parse(page(body=script(text + " product price sku")), URL)

    list(states_of(document, []))


def test_a_streamed_list_is_rebuilt() -> None:
    """In turbo-stream's list keys point at entries too, negative numbers are nothing, and repeats are one object."""
    flat: list[object] = [{"_1": 2, "_6": 2}, "product", {"_3": 4, "_5": -5}, "title", "Kettle", "gone", "again"]

    rebuilt = unstreamed(flat)

    assert rebuilt == {"product": {"title": "Kettle", "gone": None}, "again": {"title": "Kettle", "gone": None}}
    assert rebuilt["product"] is rebuilt["again"]


def test_a_list_that_points_at_itself_ends() -> None:
    """A cycle is kept as a cycle, and does not run for ever."""
    rebuilt = unstreamed([{"_1": 0}, "self"])

    assert rebuilt["self"] is rebuilt
