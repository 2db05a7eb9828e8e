"""Batches, as the doors use them: hand in a list, look at it, cancel, retry, and get one's own rows back."""

import asyncio
import contextlib
import csv
import io
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from cartage.imports.batch_check import BatchStanding, ListCheck
from cartage.imports.batch_file import RESULT_COLUMNS, BatchFile
from cartage.imports.pausing import Pausing
from cartage.imports.progress import now
from cartage.imports.row_reading import ROWS_AT_ONCE, RowReading
from cartage.imports.service import Imports
from cartage.imports.spacing import registrable
from cartage.model.batch import Batch, BatchState, BatchTerms, Check, Retried, RowResult, RowState, RowStatus
from cartage.model.errors import InvalidInput, NotFound
from cartage.model.filtering import Term, Word
from cartage.model.ids import new_id
from cartage.model.lasting import lasting_codes
from cartage.model.merchant import UNSAID, Preferences
from cartage.model.pause import Pause, outermost
from cartage.model.wishes import Render, Wishes
from cartage.store import Store

MOST_ROWS = 100_000
USUAL_TERMS = BatchTerms()
RATE_OVER = timedelta(minutes=1)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Batches:
    """Take lists of addresses from merchants and say what became of each row."""

    store: Store
    imports: Imports
    most_rows: int = MOST_ROWS

    def by(self, asked_by: str) -> "Batches":
        """Give the same on behalf of a person or a token, who is named in what is handed in."""
        return replace(self, imports=self.imports.by(asked_by))

    async def check(self, merchant_id: str, file: BatchFile) -> Check:
        """Say what a list holds, without keeping any of it; raises as `submit` does."""
        reading = RowReading("", file, self.imports.rules, await self._preferences(merchant_id))
        told = ListCheck(file.used, file.handed_back)
        while rows := await asyncio.to_thread(reading.read):
            self._bound(reading)
            urls = [row.source_url for row in rows if row.state is RowState.WAITING]
            told.add(rows, await self.store.batches.known_urls(merchant_id, urls))
        if not reading.number:
            raise InvalidInput("The list has no rows.")
        return await self._with_spacings(told.result())

    async def _with_spacings(self, check: Check) -> Check:
        """Add the times between visits of those sites of a list that have one of their own."""
        own = {each.site: each.seconds for each in await self.store.turns.spacings()}
        sites = ((site, registrable(site)) for site, _ in check.by_site) if own else ()
        return check.model_copy(update={"spacings": {site: own[domain] for site, domain in sites if domain in own}})

    async def submit(self, merchant_id: str, file: BatchFile, name: str = "", terms: BatchTerms = USUAL_TERMS) -> Batch:
        """Keep a list's rows; feeding them to the engine goes on by itself from here.

        A row with a wrong address never holds the others back. Raises `InvalidInput` for a list that is
        empty, too long or broken, or for wishes that cannot be, and `DiskLow`.
        """
        self.imports.check_wishes(terms.wishes)
        self.imports.reserve.check()
        batch = Batch(
            id=new_id("bat"),
            merchant_id=merchant_id,
            name=name,
            columns=file.columns,
            delimiter=file.delimiter,
            used=file.used,
            **dict(terms),
            asked_by=self.imports.asked_by,
            created_at=now(),
        )
        await self.store.batches.add_batch(batch)
        try:
            await self._keep_rows(batch, file)
        except BaseException:
            await self.store.batches.discard_batch(batch.id)
            raise
        await self.store.batches.move_batch(batch.id, BatchState.READING, BatchState.FEEDING)
        return await self.batch(merchant_id, batch.id)

    async def batch(self, merchant_id: str, batch_id: str) -> Batch:
        """Get a batch; raises `NotFound` for another merchant's."""
        return await self.store.batches.batch(merchant_id, batch_id)

    async def batches(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Batch]:
        """List batches, newest first."""
        return await self.store.batches.batches(merchant_id, before=before, limit=limit)

    async def paused(self, batch: Batch) -> Sequence[tuple[Pause, int]]:
        """List the pauses that a batch's rows wait for, each with how many of them do."""
        pausing, found = Pausing(self.store), list[tuple[Pause, int]]()
        of_batch = Term(word=Word.BATCH, values=(batch.id,))
        for pause in await pausing.list(batch.merchant_id):
            begun = await pausing.waiting(batch.merchant_id, pause, (of_batch,))
            rows = begun + await self.store.batches.count_waiting(batch.id, pause.site)
            found += [(pause, rows)] if rows else []
        return found

    async def held(self, standing: BatchStanding) -> Sequence[Pause]:
        """List the pauses that all that is left of a batch waits for; none where something of it goes on."""
        if standing.over:
            return ()
        rows = {pause.site: (pause, number) for pause, number in await self.paused(standing.batch)}
        holding = [rows[each.site] for each in outermost(pause for pause, _ in rows.values())]
        waiting = sum(number for _, number in holding)
        return [pause for pause, _ in holding] if standing.left and waiting >= standing.left else ()

    async def counts(self, merchant_id: str, batch_id: str) -> Mapping[RowStatus, int]:
        """Count a batch's rows by how they fare."""
        batch = await self.batch(merchant_id, batch_id)
        return await self.store.batches.counts(batch.id)

    async def results(
        self, merchant_id: str, batch_id: str, *, status: RowStatus | None = None, after: int = 0, limit: int = 100
    ) -> Sequence[RowResult]:
        """List a batch's rows with what became of them, in their order."""
        batch = await self.batch(merchant_id, batch_id)
        return await self.store.batches.results(batch.id, status=status, after=after, limit=limit)

    async def cancel(self, merchant_id: str, batch_id: str) -> Batch:
        """Stop a batch: rows that wait never start, and its own imports under way are stopped."""
        batch = await self.batch(merchant_id, batch_id)
        if all(status.over for status in await self.store.batches.counts(batch.id)):
            return batch
        running = await self.store.batches.cancel_batch(batch.id)
        for row in running:
            await self.imports.cancel(merchant_id, row.product_id or "")
        await self.store.batches.cancel_rows(batch.id, [row.number for row in running])
        return await self.batch(merchant_id, batch_id)

    async def retry(self, merchant_id: str, batch_id: str, error: str = "", render: Render | None = None) -> Retried:
        """Let a batch's failed and cancelled rows run again, or only those that failed for a reason.

        What would fail again is left as it is, unless it is the reason that is named. `render` says when their pages
        are opened in a browser, None that it is as the batch says; raises `InvalidInput` where there is none.
        """
        batch = await self.batch(merchant_id, batch_id)
        if render:
            self.imports.check_wishes(Wishes(render=render))
        leaving = frozenset[str]() if error else lasting_codes(render)
        causes = (await self.store.batches.tally(batch.id)).causes
        rows = await self.store.batches.retry_batch(batch.id, error, render, leaving)
        return Retried(rows=rows, left=tuple(each for each in causes if each.code in leaving))

    async def standing(self, merchant_id: str, batch_id: str) -> BatchStanding:
        """Say where a batch stands, and closely what went wrong; raises `NotFound`."""
        return await self.standing_of(await self.batch(merchant_id, batch_id), closely=True)

    async def standing_of(self, batch: Batch, *, closely: bool = False) -> BatchStanding:
        """Say where a batch stands: its rows by status, how fast it goes, and what went wrong."""
        tally = await self.store.batches.tally(batch.id, closely=closely)
        window = min(RATE_OVER, max(now() - batch.created_at, timedelta(seconds=1)))
        ended = await self.store.batches.ended_since(batch.id, now() - window)
        return BatchStanding(batch, tally.counts, tally.causes, ended / window.total_seconds())

    async def result_file(
        self, batch: Batch, site_url: str, status: RowStatus | None = None, error: str = ""
    ) -> AsyncIterator[str]:
        """Give the merchant's own rows as CSV, in their order, each with what became of it; a piece at a time.

        With `status` only the rows that fare so, with `error` those that went wrong for this reason.
        """
        width, after = len(batch.columns), 0
        yield _written([(*batch.columns, *RESULT_COLUMNS)], batch.delimiter)
        while found := await self.store.batches.results(batch.id, status=status, after=after, limit=ROWS_AT_ONCE):
            after = found[-1].number
            wanted = (each for each in found if not error or (each.failure and each.failure.code == error))
            yield _written((_result_row(each, width, site_url) for each in wanted), batch.delimiter)

    async def _keep_rows(self, batch: Batch, file: BatchFile) -> None:
        reading = RowReading(batch.id, file, self.imports.rules, await self._preferences(batch.merchant_id))
        while rows := await asyncio.to_thread(reading.read):
            self._bound(reading)
            await self.store.batches.add_rows(rows)
        if not reading.number:
            raise InvalidInput("The list has no rows.")

    async def _preferences(self, merchant_id: str) -> Preferences:
        """Give what the merchant's own numbers mean; a store may be used without accounts."""
        with contextlib.suppress(NotFound):
            return await self.store.accounts.merchant(merchant_id)
        return UNSAID

    def _bound(self, reading: "RowReading") -> None:
        if reading.number > self.most_rows:
            raise InvalidInput(f"The list has more than {self.most_rows} rows; send it in parts.")


def _result_row(result: RowResult, width: int, site_url: str) -> tuple[str, ...]:
    padding = ("",) * (width - len(result.cells))
    failure = result.failure
    told = (
        result.status.value,
        failure.code if failure else "",
        _harmless(str(failure)) if failure else "",
        result.product_id or "",
        f"{site_url}/products/{result.product_id}" if result.product_id else "",
    )
    return (*result.cells, *padding, *told)


def _harmless(text: str) -> str:
    """Keep a spreadsheet from running a text that a site has a say in."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _written(rows: Sequence[tuple[str, ...]] | Iterator[tuple[str, ...]], delimiter: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()
