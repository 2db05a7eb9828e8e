"""Addresses: of pictures as lists can hold them, and of the product in the merchant's own shop."""

import re
from urllib.parse import quote, urlsplit

UNSAFE = str.maketrans({sign: quote(sign) for sign in ',| "\t\n\r'})
PLACES = re.compile(r"\{(handle|sku|id)\}")
OF_VARIANT = re.compile(r"[^&?]*\{sku\}[^&]*")


def picture_url(url: str) -> str:
    """Give a picture's address in ASCII, without a sign that parts a list of addresses."""
    plain = url.translate(UNSAFE)
    return plain if plain.isascii() else quote(plain, safe="%/:=&?~#+!$;'@()*[]")


def offer_link(template: str, handle: str, sku: str, product_id: str) -> str:
    """Fill a template in for one variant; empty where there is no template."""
    return _filled(template, handle, sku, product_id)


def product_link(template: str, handle: str, product_id: str) -> str:
    """Fill a template in for the whole product, without the part of the query that chooses a variant."""
    address, mark, query = template.partition("?")
    kept = [part for part in query.split("&") if part and not OF_VARIANT.fullmatch(part)]
    return _filled(address + (mark + "&".join(kept) if kept else ""), handle, "", product_id)


def host_of(url: str) -> str:
    """Name an address's host, without `www.`; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _filled(template: str, handle: str, sku: str, product_id: str) -> str:
    values = {"handle": handle, "sku": sku, "id": product_id}
    return PLACES.sub(lambda place: quote(values[place[1]], safe=""), template)
