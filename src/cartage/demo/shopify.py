"""A Shopify shop's public documents about a product: `.json`, `.js` and the cart."""

from decimal import Decimal
from typing import Any

from cartage.demo.goods import Form, Good

Document = dict[str, Any]
AT = "2026-05-04T09:30:00-04:00"
SIDE = 800


def product_json(good: Good, origin: str) -> Document:
    """Give `/products/<handle>.json`: decimal strings, and no word on stock."""
    return {
        "product": {
            "id": good.number,
            "title": good.name,
            "body_html": body_html(good),
            "vendor": good.brand,
            "product_type": good.crumbs[0],
            "created_at": AT,
            "handle": good.slug,
            "updated_at": AT,
            "published_at": AT,
            "template_suffix": "",
            "published_scope": "global",
            "tags": "linen, summer",
            "variants": [_json_variant(good, form, place) for place, form in enumerate(good.forms, 1)],
            "options": [
                {
                    "id": good.number * 10 + place,
                    "product_id": good.number,
                    "name": name,
                    "position": place,
                    "values": good.values(place - 1),
                }
                for place, name in enumerate(good.axes, 1)
            ],
            "images": [_image(good, place, origin) for place in range(1, len(good.pictures) + 1)],
            "image": _image(good, 1, origin),
        }
    }


def product_js(good: Good) -> Document:
    """Give `/products/<handle>.js`: whole cents, and whether each variant is available."""
    amounts, before = (
        [_cents(form.amount) for form in good.forms],
        [_cents(form.was) for form in good.forms if form.was],
    )
    return {
        "id": good.number,
        "title": good.name,
        "handle": good.slug,
        "description": body_html(good),
        "published_at": AT,
        "created_at": AT,
        "vendor": good.brand,
        "type": good.crumbs[0],
        "tags": ["linen", "summer"],
        "price": min(amounts),
        "price_min": min(amounts),
        "price_max": max(amounts),
        "available": any(form.in_stock for form in good.forms),
        "price_varies": len(set(amounts)) > 1,
        "compare_at_price": min(before, default=None),
        "compare_at_price_min": min(before, default=0),
        "compare_at_price_max": max(before, default=0),
        "compare_at_price_varies": len(set(before)) > 1,
        "variants": [_js_variant(good, form, place) for place, form in enumerate(good.forms, 1)],
        "images": [_source(name) for name in good.pictures],
        "featured_image": _source(good.pictures[0]),
        "options": [
            {"name": name, "position": place, "values": good.values(place - 1)}
            for place, name in enumerate(good.axes, 1)
        ],
        "url": good.path,
        "media": [_medium(good, place) for place in range(1, len(good.pictures) + 1)],
        "requires_selling_plan": False,
        "selling_plan_groups": [],
    }


def cart_js(currency: str) -> Document:
    """Give `/cart.js` of an empty cart, which names the currency that prices are in."""
    return {
        "token": "demo",
        "note": "",
        "attributes": {},
        "original_total_price": 0,
        "total_price": 0,
        "total_discount": 0,
        "total_weight": 0.0,
        "item_count": 0,
        "items": [],
        "requires_shipping": False,
        "currency": currency,
        "items_subtotal_price": 0,
        "cart_level_discount_applications": [],
        "discount_codes": [],
    }


def body_html(good: Good) -> str:
    """Write the description as the merchant's editor left it."""
    items = "".join(f"<li>{name}: {value}</li>" for name, value in good.details)
    return "".join(f"<p>{text}</p>" for text in good.description) + f"<ul>{items}</ul>"


def variant_id(good: Good, place: int) -> int:
    """Give the number of a variant, counted from 1."""
    return good.number * 1000 + place


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def _options(form: Form) -> Document:
    filled = (*form.options, None, None, None)
    return {f"option{place}": filled[place - 1] for place in (1, 2, 3)}


def _json_variant(good: Good, form: Form, place: int) -> Document:
    return {
        "id": variant_id(good, place),
        "product_id": good.number,
        "title": " / ".join(form.options),
        "price": str(form.amount),
        "sku": form.sku,
        "position": place,
        "compare_at_price": str(form.was) if form.was else "",
        "fulfillment_service": "manual",
        "inventory_management": "shopify",
        **_options(form),
        "created_at": AT,
        "updated_at": AT,
        "taxable": True,
        "barcode": "",
        "grams": 240,
        "image_id": _picture_id(good, form),
        "weight": 0.24,
        "weight_unit": "kg",
        "requires_shipping": True,
        "price_currency": good.price.currency,
        "compare_at_price_currency": good.price.currency if form.was else "",
        "quantity_rule": {"min": 1, "max": None, "increment": 1},
        "quantity_price_breaks": [],
    }


def _js_variant(good: Good, form: Form, place: int) -> Document:
    return {
        "id": variant_id(good, place),
        "title": " / ".join(form.options),
        **_options(form),
        "sku": form.sku,
        "requires_shipping": True,
        "taxable": True,
        "featured_image": {"id": _picture_id(good, form), "src": _source(form.picture), "alt": None},
        "available": form.in_stock,
        "name": f"{good.name} - {' / '.join(form.options)}",
        "public_title": " / ".join(form.options),
        "options": list(form.options),
        "price": _cents(form.amount),
        "weight": 240,
        "compare_at_price": _cents(form.was) if form.was else None,
        "inventory_management": "shopify",
        "barcode": "",
        "quantity_rule": {"min": 1, "max": None, "increment": 1},
        "quantity_price_breaks": [],
        "requires_selling_plan": False,
        "selling_plan_allocations": [],
    }


def _picture_id(good: Good, form: Form) -> int:
    return good.number * 100 + good.pictures.index(form.picture) + 1


def _image(good: Good, place: int, origin: str) -> Document:
    wearing = [
        variant_id(good, number)
        for number, form in enumerate(good.forms, 1)
        if form.picture == good.pictures[place - 1]
    ]
    return {
        "id": good.number * 100 + place,
        "product_id": good.number,
        "position": place,
        "created_at": AT,
        "updated_at": AT,
        "alt": None,
        "width": SIDE,
        "height": SIDE,
        "src": origin + _source(good.pictures[place - 1]),
        "variant_ids": wearing,
    }


def _medium(good: Good, place: int) -> Document:
    source = _source(good.pictures[place - 1])
    preview = {"aspect_ratio": 1.0, "height": SIDE, "width": SIDE, "src": source}
    return {
        "alt": None,
        "id": good.number * 100 + place,
        "position": place,
        "preview_image": preview,
        "aspect_ratio": 1.0,
        "height": SIDE,
        "media_type": "image",
        "src": source,
        "width": SIDE,
    }


def _source(name: str) -> str:
    return f"/cdn/shop/files/{name}.png?v=1"
