"""One making of an export: products in, one by one; files and a report of what is wrong with them out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cartage.exports.article import Article, article_of
from cartage.exports.book import Book
from cartage.exports.lint import found
from cartage.exports.naming import Roll
from cartage.exports.tally import Tally
from cartage.exports.target import Target, Terms, Written
from cartage.model.catalogue import CatalogueProduct
from cartage.model.export import MEGABYTE, ExportPart, ExportReport, Finding, Severity


@dataclass(slots=True)
class Making:
    """Make an export; without a book it is only checked, and `sound_only` leaves products with errors out."""

    target: Target
    terms: Terms
    book: Book | None = None
    sound_only: bool = False
    _roll: Roll = field(default_factory=Roll)
    _tally: Tally = field(default_factory=Tally)
    _currency: str = ""
    _first_priced: str = ""

    @property
    def done(self) -> int:
        """Count the products that were looked at."""
        return self._tally.products + self._tally.skipped + self._tally.left_out

    def add(self, products: Iterable[CatalogueProduct]) -> None:
        """Write and check products; one that no page was read for yet is skipped, and counted."""
        for product in products:
            if product.facts is None:
                self._tally.skipped += 1
                continue
            article = article_of(product, self.terms.rules, self._roll, self.terms.site)
            written = self.target.write(article, self.terms)
            findings = list(self._findings(article, written))
            for finding in findings:
                self._tally.note(finding)
            if self.sound_only and any(each.severity is Severity.ERROR for each in findings):
                self._tally.left_out += 1
                continue
            self._tally.products += 1
            rows = self.book.add(written) if self.book else _counted(written)
            self._tally.rows += rows

    def finish(self) -> tuple[ExportReport, tuple[ExportPart, ...]]:
        """Close the files, and give the report and the files' names."""
        parts = tuple(self.book.close()) if self.book else ()
        for part in parts:
            if self.target.largest_mb and part.size > self.target.largest_mb * MEGABYTE:
                told = f"{part.name} has {part.size / MEGABYTE:.1f} MB."
                self._tally.note(found("file_over_15mb", None, part.name, told))
        return self._tally.report(), parts

    def _findings(self, article: Article, written: Written) -> Iterator[Finding]:
        yield from self.target.check(article, self.terms, written)
        if self.target.one_currency:
            yield from self._check_currency(article)

    def _check_currency(self, article: Article) -> Iterator[Finding]:
        for currency in dict.fromkeys(offer.price.currency for offer in article.offers if offer.price):
            if not self._currency:
                self._currency, self._first_priced = currency, article.title
            if currency != self._currency:
                told = (
                    f"“{article.title}” is priced in {currency}, the ones before it, such as “{self._first_priced}”,"
                    f" in {self._currency}."
                )
                yield found("currency_mixed", article, "price", told)


def _counted(written: Written) -> int:
    names = written.rows.keys() | written.texts.keys()
    return sum(len(written.texts.get(name) or written.rows.get(name, ())) for name in names)
