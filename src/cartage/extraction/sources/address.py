"""The page's address: the shop's own id of the product, where the address ends in one."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from cartage.extraction.claims import Claim, Statement
from cartage.extraction.document import Document
from cartage.model.evidence import Source

LAST_ID = re.compile(r"(?:^|[-_/.~])([A-Za-z]{0,4}\d{5,14}[A-Za-z]?)(?:[-_.](?:html?|aspx?|php|prd|ip|jsp|do))?/?$")
KEYS = ("sku", "pid", "productid", "product_id", "itemid", "item_id", "id", "prodid", "goods_id", "skuid")
CODE = re.compile(r"[A-Za-z]{0,4}\d{4,14}[A-Za-z]?")


def read(document: Document) -> list[Statement]:
    """Read the id at the end of the address's path, or in its query, as the likeliest SKU where no source states one."""
    parts = urlsplit(document.url)
    query = {key.lower(): values[0] for key, values in parse_qs(parts.query).items()}
    match = LAST_ID.search(unquote(parts.path))
    found = match[1] if match else next((query[key] for key in KEYS if CODE.fullmatch(query.get(key, ""))), None)
    statement = Statement(Source.ADDRESS, "", main=True)
    if found:
        found = found.removeprefix("p") if found[1:].isdigit() else found
        statement.sku.append(Claim(found, Source.ADDRESS, "", document.url[:300]))
    return [statement]
