"""How one product would be written for a target: the exact rows or text, and what is wrong with it."""

from dataclasses import dataclass

from cartage.exports.article import article_of
from cartage.exports.form import Table, Texts
from cartage.exports.naming import Roll
from cartage.exports.target import Target, Terms, Written
from cartage.model.catalogue import CatalogueProduct
from cartage.model.export import Finding, Severity


@dataclass(frozen=True, slots=True)
class Sheet:
    """Show one file: a table's columns and cells, without the columns that are empty here; or its text."""

    name: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    hidden: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Show one product as a target has it."""

    target: Target
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """Count the errors."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Count the warnings."""
        return len(self.findings) - self.errors


def preview_of(product: CatalogueProduct, target: Target, terms: Terms) -> Preview:
    """Write one product by itself."""
    article = article_of(product, terms.rules, Roll(), terms.site)
    written = target.write(article, terms)
    sheets = tuple(_sheet(form, written, terms) for form in target.files)
    return Preview(target, sheets, tuple(target.check(article, terms, written)))


def _sheet(form: Table | Texts, written: Written, terms: Terms) -> Sheet:
    name = f"{form.name}.{form.suffix}"
    if isinstance(form, Texts):
        return Sheet(name, text="\n".join(written.texts.get(form.name, ())))
    rows = written.of(form.name)
    used = {column for row in rows for column, value in row.items() if value}
    columns = form.columns(terms.settings, used)
    shown = tuple(column for column in columns if column in used)
    cells = tuple(tuple(row.get(column, "") for column in shown) for row in rows)
    return Sheet(name, shown, cells, len(columns) - len(shown))
