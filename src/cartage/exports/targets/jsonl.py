"""Cartage's own JSON Lines: each product whole, with its evidence, as `cartage restore` takes it back."""

import json
from collections.abc import Iterator
from typing import Any

from cartage.exports.article import Article
from cartage.exports.form import Texts
from cartage.exports.target import Target, Terms, Written
from cartage.model.catalogue import CatalogueProduct
from cartage.model.export import Finding

FILE = "products"
ADDRESS = "public_url"
OWN: Any = {"merchant_id": True, "pictures": {"__all__": {"token"}}}


def record(product: CatalogueProduct, site: str = "") -> str:
    """Give a product as one line, without whose it is; uploaded pictures with their addresses at `site`, if any."""
    line = product.model_dump_json(exclude=OWN)
    addresses = [site and picture.public_path and f"{site}{picture.public_path}" for picture in product.pictures]
    if not any(addresses):
        return line
    told = json.loads(line)
    told["pictures"] = [
        {**shown, ADDRESS: address} if address else shown
        for shown, address in zip(told["pictures"], addresses, strict=True)
    ]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def write(article: Article, terms: Terms) -> Written:
    """Write a product as it is kept: no rule is applied to it."""
    return Written(texts={FILE: [record(article.product, terms.site)]})


def check(article: Article, terms: Terms, written: Written) -> Iterator[Finding]:
    """Find nothing: what is kept is what is written."""
    del article, terms, written
    return iter(())


TARGET = Target(
    name="jsonl",
    title="Cartage JSON Lines",
    about="everything there is, with evidence; comes back with `cartage restore`",
    files=(Texts(FILE, "jsonl", "application/jsonl", between="\n", closing="\n"),),
    settings=(),
    write=write,
    check=check,
    one_currency=False,
)
