"""The platform behind a page, told by its host or by marks that its pages carry."""

import re
from urllib.parse import urlsplit

from cartage.extraction.document import Document

HOSTS = {
    "amazon": re.compile(r"(?:^|\.)amazon\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})$"),
    "ebay": re.compile(r"(?:^|\.)ebay\.(?:com?(?:\.[a-z]{2})?|[a-z]{2})$"),
    "etsy": re.compile(r"(?:^|\.)etsy\.com$"),
    "aliexpress": re.compile(r"(?:^|\.)aliexpress\.(?:com|us|ru)$"),
    "walmart": re.compile(r"(?:^|\.)walmart\.c(?:om|a)$"),
}
# Platforms load their own files early; a whole page of a megabyte is not searched a dozen times.
MARKED_BYTES = 40_000
MARKS = (
    ("shopify", ("Shopify.theme", "Shopify.shop", "cdn.shopify.com/s/files", "/cdn/shop/")),
    ("woocommerce", ("/plugins/woocommerce/", "woocommerce-product-gallery", "single-product woocommerce", "woocommerce-page")),
    ("magento", ("text/x-magento-init", "data-mage-init", "Mage.Cookies", "/skin/frontend/", "/frontend/Hyva/", "window.hyva")),
    ("bigcommerce", ("BCData", ".bigcommerce.com/s-")),
    ("prestashop", ("var prestashop =", "prestashop.com", "/modules/ps_")),
    ("squarespace", ("Static.SQUARESPACE_CONTEXT", "static1.squarespace.com")),
    ("wix", ("wix-warmup-data", "static.wixstatic.com")),
    ("salla", ("cdn.salla.sa", "salla.sa/themes", "cdn.salla.network")),
    ("shopware", ("/bundles/storefront/", "is-ctl-product", "is--ctl-detail")),
    ("salesforce", ("demandware.static", "demandware.store")),
    ("opencart", ("route=product/product", "catalog/view/theme")),
    ("ecwid", ("app.ecwid.com/script.js", "ec-store__product-page")),
    ("lightspeed", ("cdn.webshopapp.com",)),
    ("shoptet", ("cdn.myshoptet.com",)),
    ("jtl", ("/templates/NOVA/", "jtl-nav-wrapper")),
)  # fmt: skip


def platform_of(document: Document) -> tuple[str, str] | None:
    """Name the platform and the mark that tells it, or None."""
    return document.once(_platform_of)


def _platform_of(document: Document) -> tuple[str, str] | None:
    head = document.html[:MARKED_BYTES]
    host = urlsplit(document.url).hostname or ""
    for name, pattern in HOSTS.items():
        if pattern.search(host):
            return name, host
    for name, marks in MARKS:
        mark = next((mark for mark in marks if mark.encode() in head), None)
        if mark:
            return name, mark
    return None
