"""Batches over HTTP: a list in, its rows with what became of them out."""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Annotated, Any, BinaryIO, cast

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from cartage.api.callers import Asker
from cartage.api.paging import Paging
from cartage.imports.batch import Batches
from cartage.imports.batch_check import BatchStanding, Outlook
from cartage.imports.batch_file import Form, open_batch
from cartage.imports.given import Action
from cartage.model.batch import AtOnce, Batch, BatchState, BatchTerms, OnDuplicate, Retried, RowResult, RowStatus
from cartage.model.enhancement import LanguageTag
from cartage.model.pricing import Amount, Markup, Multiplier, Percent
from cartage.model.product import Money
from cartage.model.spending import DOLLAR, dollars, millionths
from cartage.model.wishes import MOST_TAGS, Dollars, Render, Tag, Wishes
from cartage.wire.batches import BatchCheck, BatchLine, BatchOut, BatchPage, RowOut, RowPage
from cartage.wire.catalogue import in_dollars
from cartage.wire.pauses import PausedOut

FORMS = {
    "application/json": Form.JSON,
    "application/jsonl": Form.JSON,
    "application/x-ndjson": Form.JSON,
    "text/csv": Form.CSV,
    "text/tab-separated-values": Form.CSV,
    "text/plain": Form.LINES,
}
LARGEST_LIST = 64 * 1024 * 1024
KEPT_IN_MEMORY = 1024 * 1024
ERRORS_SHOWN = 100
ITEMS: dict[str, Any] = {
    "type": "array",
    "items": {
        "anyOf": [
            {"type": "string", "description": "An address."},
            {
                "type": "object",
                "description": "An address, what it says of its product, and columns of any name to be handed back.",
                "properties": {
                    "url": {"type": "string"},
                    "external_id": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "action": {"enum": [each.value for each in Action]},
                    "overrides": {"$ref": "#/components/schemas/Overrides"},
                },
            },
        ]
    },
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"anyOf": [ITEMS, {"type": "object", "properties": {"items": ITEMS}, "required": ["items"]}]},
                "example": {
                    "items": [
                        "https://shop.example/p/mug",
                        {"url": "https://…", "external_id": "row-17", "tags": ["new"], "overrides": {"brand": "Ours"}},
                    ]
                },
            },
            "application/jsonl": {"example": '{"url": "https://shop.example/p/mug", "sku": "K-1"}\n'},
            "text/csv": {"example": "url,sku\nhttps://shop.example/p/mug,K-1\n"},
            "text/plain": {"example": "https://shop.example/p/mug\n"},
        },
    }
}


COLUMN = (
    "The column with the addresses, where it is not called url: `Link`. Given again, columns that say something of the "
    "products under another name, or that are to say nothing: `sku=Supplier SKU`, `price=`."
)
DRY: dict[int | str, dict[str, Any]] = {
    200: {"model": BatchCheck, "description": "What the list holds."},
    202: {"model": BatchOut},
}


def add_batches(
    router: APIRouter, lists: APIRouter, batches: Batches, merchant: Any, *, outlook: Outlook, site_url: str = ""
) -> None:
    """Add the routes under `/v1/batches`; the one on `lists` takes bodies up to `LARGEST_LIST`."""
    _add_intake(lists, batches, merchant, outlook)
    _add_lists(router, batches, merchant)
    _add_batch(router, batches, merchant)
    _add_rows(router, batches, merchant, site_url)


def _add_intake(lists: APIRouter, batches: Batches, merchant: Any, outlook: Outlook) -> None:
    @lists.post("/v1/batches", status_code=202, tags=["batches"], openapi_extra=BODY, responses=DRY)
    async def create_batch(
        request: Request,
        response: Response,
        column: Annotated[list[str] | None, Query(description=COLUMN)] = None,
        *,
        dry_run: Annotated[bool, Query(description="Only tell what the list holds; nothing is kept.")] = False,
        terms: Annotated[BatchTerms, Depends(_terms)],
        asked_by: Asker,
        merchant_id: str = merchant,
    ) -> Any:
        """Import every address of a list: JSON, JSON Lines, CSV with a head, or one address a line.

        Columns, or fields of items, with a known name say something of the products: `external_id`, `tags`, `action`
        (`import`, `refresh`, `skip`), what a `PATCH` of a product sets (`name`, `price`, `sku`, …), and `overrides`
        with all of that as an object. They are set by hand, so that no import overwrites them. A row that says
        something that cannot be comes back as invalid, with a `pointer` to it, and the others go on. All columns are
        handed back with the result.
        """
        form = FORMS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
        if form is None:
            raise HTTPException(415, f"Send one of {', '.join(FORMS)}.")
        with SpooledTemporaryFile(max_size=KEPT_IN_MEMORY) as spool:
            await _receive(request, cast("BinaryIO", spool))
            file = await asyncio.to_thread(open_batch, cast("BinaryIO", spool), form, *(column or ()))
            if dry_run:
                response.status_code = 200
                check = await batches.check(merchant_id, file)
                return BatchCheck.of(check, outlook.seconds(check), outlook.most_cost(check, terms))
            batch = await batches.by(asked_by).submit(merchant_id, file, terms=terms)
        response.headers["Location"] = f"/v1/batches/{batch.id}"
        return await _shown(batches, batch)


def _add_lists(router: APIRouter, batches: Batches, merchant: Any) -> None:
    @router.get("/v1/batches", tags=["batches"])
    async def list_batches(paging: Annotated[Paging, Depends()], *, merchant_id: str = merchant) -> BatchPage:
        """List batches, newest first.

        They are told in brief; each has a link to how it stands.
        """
        found = await batches.batches(merchant_id, before=paging.after, limit=paging.limit + 1)
        shown, following = paging.cut(found, lambda each: each.id)
        listed = [BatchLine(id=each.id, created_at=each.created_at, links=_links(each.id)) for each in shown]
        return BatchPage(batches=listed, next=following)


def _add_batch(router: APIRouter, batches: Batches, merchant: Any) -> None:
    @router.get("/v1/batches/{batch_id}", tags=["batches"])
    async def get_batch(batch_id: str, *, merchant_id: str = merchant) -> BatchOut:
        """Get a batch: its rows counted by status, and the first that went wrong.

        Its rows are listed one by one at `/rows`, and handed back as a file at `/result.csv`.
        """
        return await _shown(batches, await batches.batch(merchant_id, batch_id))

    @router.post("/v1/batches/{batch_id}/cancel", tags=["batches"])
    async def cancel_batch(batch_id: str, *, merchant_id: str = merchant) -> BatchOut:
        """Stop a batch; what it imported stays.

        Imports of it that are under way are cancelled, and rows that waited do not begin. They can be retried.
        """
        return await _shown(batches, await batches.cancel(merchant_id, batch_id))

    @router.post("/v1/batches/{batch_id}/retry", status_code=202, tags=["batches"])
    async def retry_batch(
        batch_id: str,
        error: Annotated[str, Query(description="Only rows that failed with this code.")] = "",
        render: Annotated[Render | None, Query(description="When to open their pages in a browser this time.")] = None,
        *,
        merchant_id: str = merchant,
    ) -> BatchOut:
        """Import the failed and cancelled rows of a batch again; `retried` counts them.

        What would fail again (the page is gone, is not about one product, asks for a login or shows a captcha) is left
        as it is, and counted in `left`, unless `error` names it; a captcha is tried again with `render=first`, too.
        """
        retried = await batches.retry(merchant_id, batch_id, error, render)
        return await _shown(batches, await batches.batch(merchant_id, batch_id), retried)


def _add_rows(router: APIRouter, batches: Batches, merchant: Any, site_url: str) -> None:
    @router.get("/v1/batches/{batch_id}/rows", tags=["batches"])
    async def list_batch_rows(
        batch_id: str,
        paging: Annotated[Paging, Depends()],
        status: Annotated[RowStatus | None, Query(description="Only rows that fare so.")] = None,
        *,
        merchant_id: str = merchant,
    ) -> RowPage:
        """List a batch's rows in their order, those of one status where asked.

        Each has the product that came of it, or the error.
        """
        after, limit = paging.number_after, paging.limit + 1
        found = await batches.results(merchant_id, batch_id, status=status, after=after, limit=limit)
        shown, following = paging.cut(found, lambda each: str(each.number))
        return RowPage(rows=[RowOut.of(each) for each in shown], next=following)

    @router.get("/v1/batches/{batch_id}/result.csv", tags=["batches"], response_class=StreamingResponse)
    async def download_batch_result(
        request: Request, batch_id: str, *, merchant_id: str = merchant
    ) -> StreamingResponse:
        """Get the list back as CSV: one row for each row in, with what became of it.

        Your own columns come first, in your order, then `import_status`, `error_code`, `error_message`, `product_id`
        and `product_url`. It can be had at any time.
        """
        batch = await batches.batch(merchant_id, batch_id)
        pieces = batches.result_file(batch, site_url or str(request.base_url).rstrip("/"))
        headers = {"Content-Disposition": f'attachment; filename="{batch_id}.csv"'}
        return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


def _own_rule(
    multiplier: Annotated[
        Multiplier | None,
        Query(description="New products cost so many times what they cost you, whatever your ranges."),
    ] = None,
    percent: Annotated[Percent | None, Query(description="So many percent are added to that.")] = None,
    fixed: Annotated[Amount | None, Query(description="So much is added to that.")] = None,
) -> Markup | None:
    return Markup.of(multiplier=multiplier, percent=percent, fixed=fixed)


def _terms(
    *,
    max_cost_usd: Annotated[Dollars | None, Query(description="US dollars that the list may spend.")] = None,
    at_once: Annotated[
        AtOnce | None, Query(description="How many of its imports are under way at once, at most.")
    ] = None,
    max_cost_each_usd: Annotated[
        Dollars | None, Query(description="US dollars that each of its imports may spend.")
    ] = None,
    on_duplicate: Annotated[
        OnDuplicate, Query(description="What happens to products that are there already.")
    ] = OnDuplicate.SKIP,
    enhance: Annotated[bool | None, Query(description="Enhance what is imported; null leaves it to settings.")] = None,
    render: Annotated[Render, Query(description="When to open pages in a browser.")] = Render.AUTO,
    language: Annotated[LanguageTag | None, Query(description="The language that sites are asked for.")] = None,
    tag: Annotated[list[Tag] | None, Query(max_length=MOST_TAGS, description="What new products are tagged.")] = None,
    own_rule: Annotated[Markup | None, Depends(_own_rule)],
) -> BatchTerms:
    bound = None if max_cost_usd is None else millionths(Money(amount=max_cost_usd, currency=DOLLAR))
    wishes = Wishes(
        render=render,
        language=language,
        tags=tuple(dict.fromkeys(tag or ())),
        own_rule=own_rule,
        max_cost_usd=max_cost_each_usd,
    )
    return BatchTerms(max_cost=bound, on_duplicate=on_duplicate, enhance=enhance, wishes=wishes, at_once=at_once)


async def _receive(request: Request, spool: BinaryIO) -> None:
    async for piece in request.stream():
        spool.write(piece)
    spool.seek(0)


async def _shown(batches: Batches, batch: Batch, retried: Retried | None = None) -> BatchOut:
    standing = await batches.standing_of(batch)
    counts = standing.counts
    errors: list[RowResult] = []
    for status in (RowStatus.INVALID, RowStatus.FAILED):
        left = ERRORS_SHOWN - len(errors)
        if left and counts.get(status):
            errors += await batches.results(batch.merchant_id, batch.id, status=status, limit=left)
    return BatchOut(
        id=batch.id,
        status=_status(batch, counts.keys()),
        max_cost=None if batch.max_cost is None else dollars(batch.max_cost),
        max_cost_each=in_dollars(batch.wishes.max_cost_usd),
        on_duplicate=batch.on_duplicate,
        at_once=batch.at_once,
        asked_by=batch.asked_by or None,
        enhance=batch.enhance,
        render=batch.wishes.render,
        language=batch.wishes.language,
        tags=list(batch.wishes.tags),
        own_rule=batch.wishes.own_rule,
        used=batch.used,
        total=standing.total,
        **going(standing),
        causes={each.code: each.rows for each in standing.causes},
        errors=[RowOut.of(each) for each in sorted(errors, key=lambda each: each.number)],
        retried=retried and retried.rows,
        left=retried and {each.code: each.rows for each in retried.left},
        paused=[PausedOut.of(each) for each in await batches.held(standing)],
        created_at=batch.created_at,
        links=_links(batch.id),
    )


def going(standing: BatchStanding) -> dict[str, Any]:
    """Give how many rows fare how, in the order of a row's life, and how fast that goes on."""
    return {
        "counts": {status.value: standing.counts[status] for status in RowStatus if status in standing.counts},
        "per_second": round(standing.per_second, 2),
        "seconds_left": standing.seconds_left,
    }


def _status(batch: Batch, present: Any) -> str:
    if batch.state in {BatchState.READING, BatchState.CANCELLED}:
        return batch.state.value
    return "done" if all(status.over for status in present) else "running"


def _links(batch_id: str) -> dict[str, str]:
    path = f"/v1/batches/{batch_id}"
    return {"self": path} | {name: f"{path}/{name}" for name in ("rows", "result.csv", "cancel", "retry")}
