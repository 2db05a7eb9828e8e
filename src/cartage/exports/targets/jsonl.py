"""Cartage's own JSON Lines: each product whole, with its evidence, as `cartage restore` takes it back."""

from collections.abc import Iterator

from cartage.exports.article import Article
from cartage.exports.form import Texts
from cartage.exports.target import Target, Terms, Written
from cartage.model.catalogue import CatalogueProduct
from cartage.model.export import Finding

FILE = "products"
OWN = {"merchant_id"}


def record(product: CatalogueProduct) -> str:
    """Give a product as one line, without whose it is."""
    return product.model_dump_json(exclude=OWN)


def write(article: Article, terms: Terms) -> Written:
    """Write a product as it is kept: no rule is applied to it."""
    del terms
    return Written(texts={FILE: [record(article.product)]})


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
