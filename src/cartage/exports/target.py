"""What a target is: a kind of file for a shop, how articles are written in it, and what it refuses."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cartage.exports.article import Article
from cartage.exports.form import Row, Table, Texts
from cartage.model.export import Finding, TargetSettings
from cartage.model.pricing import PricingRules


@dataclass(frozen=True, slots=True)
class Terms:
    """Hold what a merchant wants of an export; uploaded pictures are fetched at `site`, and nowhere if it is empty."""

    settings: TargetSettings = field(default_factory=TargetSettings)
    rules: PricingRules = field(default_factory=PricingRules)
    site: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """Hold one article as a target writes it: the rows of each table, or the texts of each file, by its name."""

    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict[str, Sequence[Row]])
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])

    def of(self, name: str) -> Sequence[Row]:
        """Give the rows of a table."""
        return self.rows.get(name, ())


@dataclass(frozen=True, slots=True)
class Target:
    """Describe a target; `settings` names those that it uses, `split_mb` is where its files are cut unless told."""

    name: str
    title: str
    about: str
    files: tuple[Table | Texts, ...]
    settings: tuple[str, ...]
    write: Callable[[Article, Terms], Written]
    check: Callable[[Article, Terms, Written], Iterator[Finding]]
    needs_link: bool = False
    split_mb: int = 0
    largest_mb: int = 0
    one_currency: bool = True
