"""What is told of a list: what it holds before it starts, and how it fares once it runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from cartage.model.batch import (
    Batch,
    BatchRow,
    BatchState,
    BatchTerms,
    Cause,
    Check,
    OnDuplicate,
    RowState,
    RowStatus,
)
from cartage.model.product import Money
from cartage.model.spending import DOLLAR, dollars
from cartage.model.traits import host_of

BAD_SHOWN = 20
USUAL_SECONDS = 1.5  # what an import of a page takes by plain reading
FASTER, SLOWER = 0.8, 1.6  # how far a running batch strays from its rate
AT_WORST = 3.0  # how much longer a list takes where pages are slow or tried again


@dataclass(frozen=True, slots=True)
class Pace:
    """Say how fast lists may go: imports at the same time, and the pause between two visits to a site."""

    places: int = 8
    spacing_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """Say how many US dollars imports may cost, each and all of a list; nothing is paid where nothing is `paid`."""

    each: Decimal | None = None
    together: Decimal | None = None
    paid: bool = False

    def within(self, each: Decimal | None, together: Decimal | None) -> "Bounds":
        """Give the bounds of a list that has lower ones of its own."""
        return replace(self, each=_least(self.each, each), together=_least(self.together, together))

    def most_of(self, imports: int) -> Money | None:
        """Give what so many imports cost at most before they ask; None where no budget bounds it."""
        if not self.paid:
            return Money(amount=Decimal(0), currency=DOLLAR)
        amount = _least(None if self.each is None else self.each * imports, self.together)
        return None if amount is None else Money(amount=amount, currency=DOLLAR)


@dataclass(frozen=True, slots=True)
class Outlook:
    """Foretell of a list how long it takes and what it costs, by how fast lists may go and what they may spend."""

    pace: Pace = field(default_factory=Pace)
    bounds: Bounds = field(default_factory=Bounds)

    def seconds(self, check: Check) -> tuple[float, float]:
        """Estimate how long a list takes, at best and at worst."""
        return expected_seconds(check, self.pace)

    def most_cost(self, check: Check, terms: BatchTerms) -> Money | None:
        """Give what a list costs at most under its own terms before it asks; None where nothing bounds it."""
        together = None if terms.max_cost is None else dollars(terms.max_cost).amount
        imports = check.new + (check.again if terms.on_duplicate is OnDuplicate.SKIP else check.known)
        return self.bounds.within(terms.wishes.max_cost_usd, together).most_of(imports)


def _least(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return min((each for each in (one, other) if each is not None), default=None)


@dataclass(slots=True)
class ListCheck:
    """Count the rows of a list as they are read; `used` and `handed_back` name its columns."""

    used: Mapping[str, str] = field(default_factory=dict[str, str])
    handed_back: tuple[str, ...] = ()
    _states: Counter[RowState] = field(default_factory=Counter[RowState])
    _sites: Counter[str] = field(default_factory=Counter[str])
    _known: int = 0
    _again: int = 0
    _bad: list[BatchRow] = field(default_factory=list[BatchRow])

    def add(self, rows: Sequence[BatchRow], known: set[str]) -> None:
        """Count rows, of which some addresses are known already."""
        for row in rows:
            self._states[row.state] += 1
            if row.state is RowState.INVALID and len(self._bad) < BAD_SHOWN:
                self._bad.append(row)
            if row.state is RowState.WAITING and row.source_url in known:
                self._known += 1
                self._again += row.again
            elif row.state is RowState.WAITING:
                self._sites[host_of(row.source_url)] += 1

    def result(self) -> Check:
        """Give the counts."""
        return Check(
            rows=self._states.total(),
            new=self._sites.total(),
            known=self._known,
            again=self._again,
            duplicates=self._states[RowState.DUPLICATE],
            skipped=self._states[RowState.SKIPPED],
            invalid=self._states[RowState.INVALID],
            by_site=tuple(sorted(self._sites.items(), key=lambda each: (-each[1], each[0]))),
            bad=tuple(self._bad),
            used=dict(self.used),
            handed_back=self.handed_back,
        )


def expected_seconds(check: Check, pace: Pace) -> tuple[float, float]:
    """Estimate how long a list takes: its slowest site sets the pace, or the places do."""
    if not check.new:
        return 0.0, 0.0
    alone = max(rows * (USUAL_SECONDS + check.spacings.get(site, pace.spacing_seconds)) for site, rows in check.by_site)
    at_best = max(alone, check.new * USUAL_SECONDS / pace.places)
    return at_best, at_best * AT_WORST


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """Hold where a batch stands; `per_second` is how many of its imports ended lately."""

    batch: Batch
    counts: Mapping[RowStatus, int]
    causes: tuple[Cause, ...]
    per_second: float

    @property
    def total(self) -> int:
        """Count all rows."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Count the rows that something still happens to."""
        return sum(number for status, number in self.counts.items() if not status.over)

    @property
    def over(self) -> bool:
        """Tell whether nothing more happens by itself."""
        return not self.left and self.batch.state is not BatchState.READING

    @property
    def seconds_left(self) -> tuple[float, float] | None:
        """Estimate how long the rest takes; None while nothing ended lately."""
        if not self.left or not self.per_second:
            return None
        usual = self.left / self.per_second
        return usual * FASTER, usual * SLOWER
