"""Pages that take a list: paste it or upload it, look it over, start it."""

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from cartage.imports.batch import Batches
from cartage.imports.batch_check import Pace, expected_seconds
from cartage.imports.batch_file import Form, Hints, Numbered, Sheet, batch_file, open_sheet
from cartage.imports.columns import ADDRESS_COLUMNS
from cartage.imports.list_writing import as_csv
from cartage.model.batch import Batch, Check
from cartage.model.errors import InvalidInput
from cartage.web.answers import go
from cartage.web.copying import Copy, copies_of_lists
from cartage.web.installation import Installation
from cartage.web.language import language_of, speaking
from cartage.web.mapping import (
    MAPPED,
    SHOWN,
    cut_as_shown,
    faults_of,
    folded_of,
    mapping_in,
    mends_in,
    read_as,
    uses_in,
)
from cartage.web.reading import RowCount, add_reading
from cartage.web.rendering import page
from cartage.web.session import LARGEST_UPLOAD, Posted, Sessions, Visitor, only_looked
from cartage.web.wishes import ASKED, OptionsDesk, terms_of, wrong_of

RECENT, SAMPLES_SHOWN = 5, 3
LONGEST_NAME = 200
TEMPLATE = 'url,external_id,tags\r\nhttps://shop.example/products/linen-shirt,LS-1,"new, summer"\r\n'
LINES = {"form": Form.LINES.value}
OTHERWISE = "otherwise"  # whoever started a list reads first what they changed of it


@dataclass(frozen=True, slots=True)
class ListPages:
    """Take lists: what was handed in is kept as an artifact until it is started."""

    batches: Batches
    pace: Pace
    desk: OptionsDesk
    installation: Installation
    asks_model: bool = False
    count: RowCount = field(default_factory=RowCount)

    async def keep(self, merchant_id: str, content: bytes, media_type: str) -> str:
        """Keep what was handed in, and name it."""
        return await self.batches.store.artifacts.put(merchant_id, media_type, content)

    async def sheet(self, merchant_id: str, draft_id: str, hints: Hints) -> Sheet:
        """Read a kept list's head; raises `NotFound` or `InvalidInput`."""
        content = await self.batches.store.artifacts.get(merchant_id, draft_id)
        return await asyncio.to_thread(open_sheet, io.BytesIO(content), hints)

    async def start(self, posted: Posted, draft_id: str) -> Batch:
        """Begin to import a kept list as a form asks."""
        merchant_id, fields = posted.merchant_id, posted.fields
        sheet, terms = await self.sheet(merchant_id, draft_id, hints_of(fields)), terms_of(fields)
        with self.count.counting(posted.visitor, batch_file(sheet)) as file:
            return await self.batches.by(posted.asked_by).submit(merchant_id, file, name_of(fields), terms)

    async def checked(self, visitor: Visitor, sheet: Sheet) -> Check:
        """Say what a list holds; raises `InvalidInput`."""
        with self.count.counting(visitor, batch_file(sheet)) as file:
            return await self.batches.check(visitor.merchant_id, file)

    async def looked_over(self, visitor: Visitor, draft_id: str, hints: Hints) -> dict[str, Any]:
        """Tell how a kept list is read and what it holds, or why that is not known; raises `InvalidInput`."""
        sheet = await self.sheet(visitor.merchant_id, draft_id, hints)
        used = {place: use for use, place in sheet.uses.items()}
        told: dict[str, Any] = {"sheet": sheet, "read_as": read_as(sheet), "used": used, "folded": folded_of(sheet)}
        if sheet.address is None:
            return told
        try:
            check = await self.checked(visitor, sheet)
        except InvalidInput as error:
            return told | {"error": error.detail}  # how it is read may be what is wrong, and is there to be changed
        most = self.installation.most_of(check.new + check.known, asks_model=self.asks_model)
        seconds, faults = expected_seconds(check, self.pace), faults_of(sheet, check.bad)
        return told | {"check": check, "seconds": seconds, "most_cost": most, "faults": faults}

    async def mended(self, merchant_id: str, draft_id: str, fields: Mapping[str, str]) -> str:
        """Keep the list anew with the cells that a form mends, and name it; as it is where it mends none."""
        mends, sheet = mends_in(fields), await self.sheet(merchant_id, draft_id, hints_of(fields))
        if not mends or not cut_as_shown(sheet, fields):
            return draft_id
        rows, changed, width = list[Numbered](), False, len(sheet.columns)
        for number, (line, row) in enumerate(sheet.rows, 1):
            cells = [*row, *[""] * (width - len(row))]
            for place, value in mends.get(number, {}).items():
                changed = changed or cells[min(place, width - 1)] != value
                cells[min(place, width - 1)] = value
            rows.append((line, tuple(cells)))
        content = as_csv(sheet.columns, rows)
        return await self.keep(merchant_id, content, "text/csv; charset=utf-8") if changed else draft_id

    async def to_check(self, posted: Posted, draft_id: str) -> str | None:
        """Give the address of the check that a form asks for; None where it starts the list as it was shown."""
        fields, starts = posted.fields, posted.fields.get("action") == "start"
        mended = await self.mended(posted.merchant_id, draft_id, fields)
        sheet = await self.sheet(posted.merchant_id, draft_id, hints_of(fields))
        if starts and mended == draft_id and fields.get(SHOWN, read_as(sheet)) == read_as(sheet):
            return None
        written = ("form", "encoding", "delimiter") if mended == draft_id else ()
        kept = {name: fields.get(name, "") for name in ("place", *written, *ASKED)}
        told = {OTHERWISE: "1"} if starts else {}
        return check_path(mended, {"name": name_of(fields), **kept, **mapping_in(fields), **told})


def add_lists(router: APIRouter, lists: ListPages, sessions: Sessions) -> None:
    """Add the pages that take a list."""
    _add_paste(router, lists, sessions)
    _add_file(router, lists, sessions)
    _add_check(router, lists, sessions)
    add_reading(router, lists.count, sessions)


def hints_of(fields: Mapping[str, str]) -> Hints:
    """Read how a list is to be read from a form or an address."""
    place, form = fields.get("place", ""), fields.get("form", "")
    return Hints(
        form=Form(form) if form in set(Form) else None,
        place=int(place) if place.isdecimal() else None,
        encoding=fields.get("encoding", ""),
        delimiter=fields.get("delimiter", ""),
        uses=uses_in(fields),
        width=int(mapped) if (mapped := fields.get(MAPPED, "")).isdecimal() else None,
    )


def name_of(fields: Mapping[str, str]) -> str:
    """Read what a list is called."""
    return " ".join(fields.get("name", "").split())[:LONGEST_NAME]


def _add_paste(router: APIRouter, lists: ListPages, sessions: Sessions) -> None:
    async def shown(request: Request, merchant_id: str, status: int = 200, **context: Any) -> Response:
        recent = await lists.batches.batches(merchant_id, limit=RECENT)
        return page(request, "many.html", status, recent=recent, copied=_copies(request), **context)

    @router.get("/import/many")
    async def show_paste(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return await shown(request, visitor.merchant_id, addresses="", error="")

    @router.post("/import/many")
    async def paste(request: Request, posted: Annotated[Posted, Depends(sessions.pasted)]) -> Response:
        addresses = posted.fields.get("addresses", "")
        if not addresses.strip():
            return await shown(request, posted.merchant_id, 422, addresses="", error="Paste at least one address.")
        draft_id = await lists.keep(posted.merchant_id, addresses.encode("utf-8", "replace"), "text/plain")
        return go(check_path(draft_id, LINES))


def _add_file(router: APIRouter, lists: ListPages, sessions: Sessions) -> None:
    async def shown(
        request: Request, merchant_id: str, status: int = 200, error: str = "", *, too_large: bool = False
    ) -> Response:
        recent = await lists.batches.batches(merchant_id, limit=RECENT)
        told = {"error": error, "too_large": too_large, "bound": LARGEST_UPLOAD, "heads": ADDRESS_COLUMNS}
        return page(request, "file.html", status, recent=recent, copied=_copies(request), **told)

    @router.get("/import/file")
    async def show_file(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return await shown(request, visitor.merchant_id)

    @router.get("/import/template.csv")
    async def template(_: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        headers = {"Content-Disposition": 'attachment; filename="cartage-template.csv"'}
        return Response(TEMPLATE, media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/import/file")
    async def upload(request: Request, posted: Annotated[Posted, Depends(sessions.uploaded)]) -> Response:
        if posted.too_large:
            return await shown(request, posted.merchant_id, 413, too_large=True)
        if posted.upload is None or not posted.upload.content:
            return await shown(request, posted.merchant_id, 422, "Choose a file that is not empty.")
        draft_id = await lists.keep(posted.merchant_id, posted.upload.content, "application/octet-stream")
        try:
            await lists.sheet(posted.merchant_id, draft_id, Hints())
        except InvalidInput as error:
            return await shown(request, posted.merchant_id, 422, error.detail)
        return go(check_path(draft_id, {"name": name_of({"name": posted.upload.name})}))


def _add_check(router: APIRouter, lists: ListPages, sessions: Sessions) -> None:
    async def shown(
        request: Request,
        visitor: Visitor,
        draft_id: str,
        fields: Mapping[str, str],
        status: int = 200,
        *,
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        context: dict[str, Any] = {"sheet": None, "check": None, "error": ""}
        with speaking(language_of(request)):
            context["options"] = await lists.desk.options(visitor.merchant_id, fields, wrong)
        try:
            context |= await lists.looked_over(visitor, draft_id, hints_of(fields))
        except InvalidInput as error:
            context["error"] = error.detail
        status = 422 if context["error"] else status
        told = {"draft_id": draft_id, "name": name_of(fields), "form": fields.get("form", ""), "most": SAMPLES_SHOWN}
        return page(request, "check.html", status, read_otherwise=bool(fields.get(OTHERWISE)), **told, **context)

    @router.get("/import/check/{draft_id}")
    async def show_check(
        request: Request, draft_id: str, visitor: Annotated[Visitor, Depends(sessions.visitor)]
    ) -> Response:
        return await shown(request, visitor, draft_id, request.query_params)

    @router.post("/import/check/{draft_id}")
    async def start(request: Request, draft_id: str, posted: Annotated[Posted, Depends(sessions.posted)]) -> Response:
        fields = posted.fields
        try:
            if again := await lists.to_check(posted, draft_id):
                only_looked(request)
                return go(again)
            batch = await lists.start(posted, draft_id)
        except InvalidInput as error:
            return await shown(request, posted.visitor, draft_id, fields, 422, wrong=wrong_of(error))
        return go(f"/batches/{batch.id}")


def _copies(request: Request) -> list[Copy]:
    return copies_of_lists(str(request.base_url).rstrip("/"))


def check_path(draft_id: str, fields: Mapping[str, str]) -> str:
    """Give the address of the page that looks a kept list over."""
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"/import/check/{draft_id}" + (f"?{query}" if query else "")
