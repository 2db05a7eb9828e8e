"""A WooCommerce shop's Store API, and the variations that its pages carry."""

from decimal import Decimal
from html import escape
from typing import Any

from cartage.demo.goods import Form, Good

Document = dict[str, Any]


def store_product(good: Good, origin: str) -> Document:
    """Give a variable product as `/wp-json/wc/store/v1/products?slug=...` lists it."""
    amounts = [form.amount for form in good.forms]
    return {
        **_common(good, origin),
        "id": good.number,
        "name": escape(good.name),
        "slug": good.slug,
        "parent": 0,
        "type": "variable",
        "variation": "",
        "permalink": origin + good.path,
        "sku": good.sku,
        "short_description": f"<p>{escape(good.description[0])}</p>",
        "description": "".join(f"<p>{escape(text)}</p>\n" for text in good.description),
        "on_sale": False,
        "prices": _prices(good, min(amounts), (min(amounts), max(amounts))),
        "images": [_image(good, name, origin) for name in good.pictures],
        "categories": [{"id": place, "name": name} for place, name in enumerate(good.crumbs, 21)],
        "brands": [{"id": 5, "name": escape(good.brand), "slug": "span-grain"}],
        "attributes": [_attribute(good, axis) for axis in range(len(good.axes))],
        "variations": [
            {"id": variation_id(good, place), "attributes": _chosen(good, form)}
            for place, form in enumerate(good.forms, 1)
        ],
        "has_options": True,
        "is_purchasable": True,
        "is_in_stock": any(form.in_stock for form in good.forms),
    }


def store_variations(good: Good, origin: str) -> list[Document]:
    """Give a product's variations as `?type=variation&parent=<id>` lists them."""
    return [_variation(good, form, place, origin) for place, form in enumerate(good.forms, 1)]


def page_variations(good: Good, origin: str) -> list[Document]:
    """Give the variations that the page's form carries in `data-product_variations`."""
    return [
        {
            "attributes": {f"attribute_{good.axes[axis].lower()}": value for axis, value in enumerate(form.options)},
            "availability_html": _stock_html(form),
            "display_price": float(form.amount),
            "display_regular_price": float(form.was or form.amount),
            "image": {"src": f"{origin}/images/{form.picture}.png", "alt": good.name},
            "is_in_stock": form.in_stock,
            "is_purchasable": True,
            "price_html": f'<span class="price">{shown(form.amount)}</span>',
            "sku": form.sku,
            "variation_id": variation_id(good, place),
            "variation_is_active": True,
            "variation_is_visible": True,
        }
        for place, form in enumerate(good.forms, 1)
    ]


def shown(amount: Decimal) -> str:
    """Write an amount as the shop shows it, in its own markup."""
    text = f"{amount:.2f}".replace(".", ",")
    return (
        f'<span class="woocommerce-Price-amount amount"><bdi>{text}&nbsp;'
        '<span class="woocommerce-Price-currencySymbol">&euro;</span></bdi></span>'
    )


def variation_id(good: Good, place: int) -> int:
    """Give the number of a variation, counted from 1."""
    return good.number * 10 + place


def _common(good: Good, origin: str) -> Document:
    return {
        "price_html": shown(good.price.amount),
        "average_rating": "0",
        "review_count": 0,
        "tags": [],
        "grouped_products": [],
        "is_on_backorder": False,
        "low_stock_remaining": None,
        "stock_availability": {"text": "", "class": "in-stock"},
        "sold_individually": False,
        "add_to_cart": {"text": "Select options", "url": origin + good.path, "minimum": 1, "maximum": 9999},
        "extensions": {},
    }


def _prices(good: Good, amount: Decimal, span: tuple[Decimal, Decimal] | None) -> Document:
    low, high = span or (amount, amount)
    return {
        "price": _minor(amount),
        "regular_price": _minor(amount),
        "sale_price": _minor(amount),
        "price_range": {"min_amount": _minor(low), "max_amount": _minor(high)} if low != high else None,
        "currency_code": good.price.currency,
        "currency_symbol": "€",
        "currency_minor_unit": 2,
        "currency_decimal_separator": ",",
        "currency_thousand_separator": ".",
        "currency_prefix": "",
        "currency_suffix": " €",
    }


def _variation(good: Good, form: Form, place: int, origin: str) -> Document:
    chosen = ", ".join(f"{good.axes[axis]}: {value}" for axis, value in enumerate(form.options))
    return {
        **_common(good, origin),
        "id": variation_id(good, place),
        "name": escape(good.name),
        "slug": f"{good.slug}-{place}",
        "parent": good.number,
        "type": "variation",
        "variation": chosen,
        "permalink": f"{origin}{good.path}?attribute_{good.axes[0].lower()}={form.options[0]}",
        "sku": form.sku,
        "short_description": "",
        "description": "",
        "on_sale": False,
        "prices": _prices(good, form.amount, None),
        "images": [_image(good, form.picture, origin)],
        "categories": [],
        "brands": [],
        "attributes": [],
        "variations": [],
        "has_options": False,
        "is_purchasable": True,
        "is_in_stock": form.in_stock,
    }


def _attribute(good: Good, axis: int) -> Document:
    terms = [
        {"id": place, "name": value, "slug": value.lower().replace(" ", "-"), "default": place == 1}
        for place, value in enumerate(good.values(axis), 1)
    ]
    return {"id": 0, "name": good.axes[axis], "taxonomy": None, "has_variations": True, "terms": terms}


def _chosen(good: Good, form: Form) -> list[Document]:
    return [{"name": good.axes[axis], "value": value} for axis, value in enumerate(form.options)]


def _image(good: Good, name: str, origin: str) -> Document:
    source = f"{origin}/images/{name}.png"
    number = sum(name.encode())
    return {"id": number, "src": source, "thumbnail": source, "srcset": "", "sizes": "", "name": name, "alt": good.name}


def _minor(amount: Decimal) -> str:
    return str(int(amount * 100))


def _stock_html(form: Form) -> str:
    return "" if form.in_stock else '<p class="stock out-of-stock">Out of stock</p>'
