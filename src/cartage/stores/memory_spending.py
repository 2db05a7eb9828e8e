"""Spending in memory."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from cartage.model.language import Usage
from cartage.model.spending import Caps, CostLine, HostRecord, PaidAttempt, dollars, settlement

Key = tuple[str, str, int]


class MemorySpending:
    """Keep paid attempts and host records in memory."""

    def __init__(self) -> None:
        self._paid: dict[Key, PaidAttempt] = {}
        self._records: dict[tuple[str, str], HostRecord] = {}

    async def reserve(self, attempt: PaidAttempt, caps: Caps, day: datetime) -> str | None:
        """Write an attempt that is about to be made, unless a cap is reached."""
        key = (attempt.import_id, attempt.provider, attempt.number)
        if key in self._paid:
            return None
        today = [each for each in self._paid.values() if each.at >= day]
        spent = {
            "per_import": [each for each in self._paid.values() if each.import_id == attempt.import_id],
            "per_batch": [
                each for each in self._paid.values() if attempt.batch_id and each.batch_id == attempt.batch_id
            ],
            "per_merchant_and_day": [each for each in today if each.merchant_id == attempt.merchant_id],
            "per_day": today,
        }
        for name, cap in caps.model_dump().items():
            if cap is not None and sum(each.counted for each in spent[name]) >= cap:
                return name
        self._paid[key] = attempt
        return None

    async def settle(
        self, import_id: str, provider: str, number: int, cost: int | None, usage: Usage | None = None
    ) -> None:
        """Write what an attempt cost, once, and what a language model used up."""
        known = self._paid.get((import_id, provider, number))
        if known and not known.settled:
            self._paid[import_id, provider, number] = known.model_copy(update=settlement(cost, usage))

    async def costs(self, merchant_id: str, since: datetime, by: str, *, batch_id: str = "") -> Sequence[CostLine]:
        """Sum a merchant's paid attempts under one of the names."""
        found: defaultdict[str, list[PaidAttempt]] = defaultdict(list)
        for each in self._paid.values():
            counted = each.model is not None or by != "model"
            wanted = batch_id in {"", each.batch_id}
            if each.merchant_id == merchant_id and each.at >= since and counted and wanted:
                found[_name(each, by)].append(each)
        return [_line(name, attempts) for name, attempts in sorted(found.items())]

    async def note_host(self, record: HostRecord) -> None:
        """Add one try to what is known of a host."""
        known = self._records.get(
            (record.host, record.provider), HostRecord(host=record.host, provider=record.provider)
        )
        added = {name: getattr(known, name) + getattr(record, name) for name in COUNTED}
        self._records[record.host, record.provider] = known.model_copy(update=added)

    async def host_records(self, host: str) -> Sequence[HostRecord]:
        """List what is known of a host."""
        return [record for record in self._records.values() if record.host == host]


def _name(attempt: PaidAttempt, by: str) -> str:
    named = {
        "provider": attempt.provider,
        "site": attempt.host,
        "batch": attempt.batch_id,
        "model": attempt.model,
        "import": attempt.import_id,
    }
    return f"{attempt.at.astimezone(UTC):%Y-%m-%d}" if by == "day" else named[by] or ""


def _line(name: str, attempts: Sequence[PaidAttempt]) -> CostLine:
    foreseen = [each.estimated for each in attempts if each.estimated is not None]
    return CostLine(
        name=name,
        attempts=len(attempts),
        unknown=sum(each.cost is None for each in attempts),
        known_cost=dollars(sum(each.cost or 0 for each in attempts)),
        estimated=dollars(sum(foreseen)) if len(foreseen) == len(attempts) else None,
        price_table=max((each.price_table for each in attempts if each.price_table), default=None),
        **{name: sum(getattr(each, name) or 0 for each in attempts) for name in SUMMED},
    )


SUMMED = ("tokens_in", "tokens_out", "tokens_cached", "duration_ms")
COUNTED = ("tries", "successes", "total_ms", "total_cost")
