"""What makes the exports that were asked for: one at a time in each process, anew where another process died."""

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta

from ulid import ULID

from cartage.exports.book import Book
from cartage.exports.known import target_named
from cartage.exports.making import Making
from cartage.exports.service import Exports
from cartage.imports.rounds import going_on
from cartage.model.catalogue import Event
from cartage.model.errors import CartageError, Internal
from cartage.model.export import Export, ExportReport, ExportState
from cartage.model.ids import new_id

LOOK_SECONDS = 0.5
HELD_FOR = timedelta(seconds=60)
TELL_SECONDS = 1.0
COMPLETED = "export/completed"
FILES_KEPT_FOR = timedelta(days=7)
TIDY_SECONDS = 3600.0

logger = logging.getLogger("cartage.exports")


class LeaseLost(Exception):
    """Another process makes this export now."""


class Maker:
    """Make exports."""

    def __init__(self, exports: Exports) -> None:
        self._exports = exports
        self._store = exports.store.selling
        self._name = str(ULID())

    async def watch(self) -> None:
        """Make what waits, and drop old files, until cancelled."""
        tidied = -TIDY_SECONDS
        while True:
            rest = TELL_SECONDS
            with going_on(logger, "Making exports"):
                if time.monotonic() - tidied > TIDY_SECONDS:
                    tidied = time.monotonic()
                    await self._store.drop_files(datetime.now(UTC) - FILES_KEPT_FOR)
                rest = 0 if await self.make_next() else LOOK_SECONDS
            await asyncio.sleep(rest)

    async def make_next(self) -> bool:
        """Make the oldest export that waits; give False when none does."""
        now = datetime.now(UTC)
        export = await self._store.lease_export(self._name, now, now + HELD_FOR)
        if export is None:
            return False
        logger.info("export begun", extra={"export_id": export.id})
        try:
            ended = await self._made(export)
        except LeaseLost:
            return True
        except CartageError as error:
            ended = export.model_copy(update={"state": ExportState.FAILED, "failure": error.failure()})
        except Exception:
            logger.exception("export %s broke", export.id)
            failure = Internal("The export could not be made.").failure()
            ended = export.model_copy(update={"state": ExportState.FAILED, "failure": failure})
        ended = ended.model_copy(update={"finished_at": datetime.now(UTC)})
        await self._store.end_export(ended, self._name, completed(ended))
        return True

    async def _made(self, export: Export) -> Export:
        target = target_named(export.target)
        terms = await self._exports.terms(export.merchant_id, target, export.settings)
        await self._store.clear_pieces(export.id)
        book = None
        if not export.check_only:
            book = Book(target, terms, split_mb=export.split_mb, excel_safe=export.excel_safe)
        try:
            making = Making(target, terms, book, sound_only=export.sound_only)
            await self._run(export, making)
            report, parts = await asyncio.to_thread(making.finish)
            if book:
                await self._keep(export, book)
        finally:
            if book:
                book.discard()
        ready = {"state": ExportState.READY, "done": making.done, "report": report, "parts": parts}
        return export.model_copy(update=ready)

    async def _run(self, export: Export, making: Making) -> None:
        told = time.monotonic()
        async for done in self._exports.run(making, export.merchant_id, export.filter):
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                await self._tell(export.model_copy(update={"done": done}))

    async def _keep(self, export: Export, book: Book) -> None:
        told = time.monotonic()
        for part, number, piece in book.pieces():
            await self._store.put_piece(export.id, part, number, piece)
            if time.monotonic() - told > TELL_SECONDS:
                told = time.monotonic()
                await self._tell(export)

    async def _tell(self, export: Export) -> None:
        if not await self._store.note_export(export, self._name, datetime.now(UTC) + HELD_FOR):
            raise LeaseLost


def completed(export: Export) -> Event:
    """Make the event of an export that is over, with what it came to."""
    report = export.report or ExportReport()
    counts = {name: getattr(report, name) for name in ("products", "errors", "warnings")}
    told = {"exportId": export.id, "target": export.target, "checkOnly": export.check_only, "state": export.state.value}
    return Event(
        id=new_id("evt"),
        name=COMPLETED,
        merchant_id=export.merchant_id,
        product_id="",
        import_id="",
        data=told
        | counts
        | ({"feedId": export.feed_id} if export.feed_id else {})
        | ({"error": str(export.failure)} if export.failure else {}),
        at=export.finished_at or datetime.now(UTC),
    )
