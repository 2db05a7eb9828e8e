"""Pages of batches: where a list stands while it runs, what went wrong in it, and its rows back as a file."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cartage.imports.batch import Batches
from cartage.imports.batch_check import BatchStanding
from cartage.imports.listings import READ_AT_ONCE
from cartage.imports.pausing import Pausing
from cartage.model.batch import Batch, Cause, RowStatus
from cartage.model.lasting import WALLED, lasting_codes
from cartage.model.pause import Pause
from cartage.model.wishes import Render
from cartage.scraping.policy import MENDED_BY_BROWSER
from cartage.web.answers import go
from cartage.web.language import gettext
from cartage.web.live import Drawing, following
from cartage.web.rendering import fragment, page
from cartage.web.segments import segments_of
from cartage.web.session import Posted, Sessions, Visitor
from cartage.web.wishes import terms_told

LISTED, ROWS = 20, 50


def add_batches(router: APIRouter, batches: Batches, sessions: Sessions, site_url: str) -> None:
    """Add the batches and the page of each."""
    _add_list(router, batches, sessions)
    _add_page(router, batches, sessions)
    _add_actions(router, batches, sessions)
    _add_result(router, batches, sessions, site_url)


def _add_list(router: APIRouter, batches: Batches, sessions: Sessions) -> None:
    @router.get("/batches")
    async def list_batches(
        request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)], before: str = ""
    ) -> Response:
        found = await batches.batches(visitor.merchant_id, before=before, limit=LISTED + 1)
        told = [(each, await batches.counts(visitor.merchant_id, each.id)) for each in found[:LISTED]]
        drawn = [(each, segments_of(counts), sum(counts.values())) for each, counts in told]
        more = f"/batches?before={found[LISTED - 1].id}" if len(found) > LISTED else ""
        return page(request, "batches.html", batches=drawn, more=more)


def _add_page(router: APIRouter, batches: Batches, sessions: Sessions) -> None:
    async def standing(batch_id: str, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> BatchStanding:
        return await batches.standing(visitor.merchant_id, batch_id)

    @router.get("/batches/{batch_id}")
    async def show_batch(
        request: Request,
        standing: Annotated[BatchStanding, Depends(standing)],
        status: str = "",
        after: int = 0,
        retried: str = "",
        *,
        alone: str = "",
    ) -> Response:
        wanted, batch = _status_in(status), standing.batch
        rows = await batches.results(batch.merchant_id, batch.id, status=wanted, after=after, limit=ROWS + 1)
        shown = {"rows": rows[:ROWS], "more": len(rows) > ROWS, "status": wanted, "after": after}
        told = {"retried": retried if retried.isdecimal() else "", "alone": alone if alone.isdecimal() else ""}
        context = await _context(batches, standing) | shown
        return page(request, "batch.html", **context, terms=_terms_of(batch), **told)

    @router.get("/batches/{batch_id}/events", response_class=EventSourceResponse)
    async def events(
        request: Request, standing: Annotated[BatchStanding, Depends(standing)], status: str = ""
    ) -> AsyncIterator[ServerSentEvent]:
        batch = standing.batch

        async def look() -> Drawing:
            now = await batches.standing(batch.merchant_id, batch.id)
            context = await _context(batches, now) | {"status": _status_in(status)}
            parts = (fragment(request, name, **context) for name in ("batch_progress.html", "row_chips.html"))
            return Drawing("".join(parts), over=now.over)

        async for event in following(request, look, f"/batches/{batch.id}"):
            yield event


def _add_actions(router: APIRouter, batches: Batches, sessions: Sessions) -> None:
    @router.post("/batches/{batch_id}/cancel")
    async def cancel(batch_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        await batches.cancel(posted.merchant_id, batch_id)
        return go(f"/batches/{batch_id}")

    @router.post("/batches/{batch_id}/retry")
    async def retry(batch_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        render = Render.FIRST if posted.fields.get("render") == Render.FIRST else None
        retried = await batches.retry(posted.merchant_id, batch_id, posted.fields.get("error", ""), render)
        alone = sum(each.rows for each in retried.left)
        return go(f"/batches/{batch_id}?retried={retried.rows}" + (f"&alone={alone}" if alone else ""))


def _terms_of(batch: Batch) -> list[tuple[str, str]]:
    used = gettext(", ").join(batch.used.values())
    return [*terms_told(batch), *([(gettext("Columns used"), used)] if used else [])]


def _add_result(router: APIRouter, batches: Batches, sessions: Sessions, site_url: str) -> None:
    @router.get("/batches/{batch_id}/result.csv")
    async def result(
        request: Request,
        batch_id: str,
        visitor: Annotated[Visitor, Depends(sessions.visitor)],
        status: str = "",
        error: str = "",
    ) -> Response:
        batch = await batches.batch(visitor.merchant_id, batch_id)
        site = site_url or str(request.base_url).rstrip("/")
        pieces = batches.result_file(batch, site, _status_in(status), error)
        headers = {"Content-Disposition": f'attachment; filename="{batch_id}.csv"'}
        return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


def _status_in(written: str) -> RowStatus | None:
    return RowStatus(written) if written in set(RowStatus) else None


async def _context(batches: Batches, standing: BatchStanding) -> dict[str, Any]:
    """Give what the page and its live part show.

    `mended` names what a browser may mend, having opened not all rows; `lasting` what would fail again; `hopeful` is
    how many rows a retry of all may mend. `waits` lists the pauses that hold back what is tried again, by its cause, as
    far as no row waits for them already.
    """
    mended = {each.code for each in standing.causes if each.code in MENDED_BY_BROWSER and each.rendered < each.rows}
    shown = {"standing": standing, "batch": standing.batch, "segments": segments_of(standing.counts)}
    mended = mended if batches.imports.renders else set[str]()
    lasting = {each.code for each in standing.causes if each.code in lasting_codes(None) or not each.sites} - mended
    pauses = () if standing.over else await batches.paused(standing.batch)
    told = {pause.site for pause, _ in pauses}
    others = [
        pause for pause in await Pausing(batches.store).list(standing.batch.merchant_id) if pause.site not in told
    ]
    hopes = [each.rows for each in standing.causes if each.code not in lasting_codes(None) and each.sites]
    waits = {each.code: _stopping(others, each) for each in standing.causes}
    shown |= {"mended": mended, "lasting": lasting, "walled": WALLED, "hopes": hopes, "listings_at_once": READ_AT_ONCE}
    return shown | {"pauses": pauses, "waits": waits}


def _stopping(pauses: Sequence[Pause], cause: Cause) -> list[Pause]:
    """List the pauses for which rows would wait that are tried again."""
    return [pause for pause in pauses if any(pause.holds(site) for site, _ in cause.sites)]
