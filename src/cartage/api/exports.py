"""Exports over HTTP: targets and their settings, exports with what was found, and their files."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from cartage.api.paging import Paging
from cartage.exports.known import TARGETS, target_named
from cartage.exports.preview import Preview
from cartage.exports.service import Exports
from cartage.exports.target import Target
from cartage.model.export import TargetSettings
from cartage.wire.exports import ExportOut, ExportPage, NewExport, PreviewOut, SheetOut, TargetList, TargetOut


def add_exports(router: APIRouter, exports: Exports, merchant: Any) -> None:
    """Add targets, exports and previews."""
    _add_targets(router, exports, merchant)
    _add_exports(router, exports, merchant)


def _add_targets(router: APIRouter, exports: Exports, merchant: Any) -> None:
    @router.get("/v1/export-targets", tags=["exports"])
    async def list_targets(*, merchant_id: str = merchant) -> TargetList:
        """List the targets, with your settings of each.

        The `name` is what exports and feeds take as `target`; `settings` are those that the target heeds.
        """
        kept: Mapping[str, TargetSettings] = await exports.store.selling.target_settings(merchant_id)
        return TargetList(
            targets=[shown_target(each, kept.get(each.name, TargetSettings())) for each in TARGETS.values()]
        )

    @router.put("/v1/export-targets/{target}", tags=["exports"])
    async def set_target(target: str, body: TargetSettings, *, merchant_id: str = merchant) -> TargetOut:
        """Set what you want of a target's files; settings that are not given go back to what they were at first.

        Answers with the target and its settings, which every export holds to from now on. A setting that is not usable
        is refused (422) by name.
        """
        return shown_target(target_named(target), await exports.set_settings(merchant_id, target, body))

    @router.get("/v1/products/{product_id}/exports/{target}", tags=["exports"])
    async def preview_product(product_id: str, target: str, *, merchant_id: str = merchant) -> PreviewOut:
        """Show one product exactly as it would be written for a target, and what is wrong with it.

        Nothing is kept. The findings are those of an export of this product alone.
        """
        return shown_preview(await exports.preview(merchant_id, product_id, target))


def _add_exports(router: APIRouter, exports: Exports, merchant: Any) -> None:
    @router.post("/v1/exports", status_code=202, tags=["exports"])
    async def submit_export(body: NewExport, response: Response, *, merchant_id: str = merchant) -> ExportOut:
        """Write the products that a filter picks for a target; the files are kept for a week.

        With `check_only` no file is written, only what an importer would stumble over is told. A target that needs
        a link template for the products in your shop is refused (`link_template_missing`) until its settings have one.
        """
        export = await exports.submit(
            merchant_id,
            body.target,
            body.filter,
            check_only=body.check_only,
            split_mb=body.split_mb,
            excel_safe=body.excel_safe,
        )
        response.headers["Location"] = f"/v1/exports/{export.id}"
        return ExportOut.of(export)

    @router.get("/v1/exports", tags=["exports"])
    async def list_exports(paging: Annotated[Paging, Depends()], *, merchant_id: str = merchant) -> ExportPage:
        """List exports, newest first.

        Each says how far it is; the report of one that ended stands with it.
        """
        found = await exports.exports(merchant_id, before=paging.after, limit=paging.limit + 1)
        shown, following = paging.cut(found, lambda each: each.id)
        return ExportPage(exports=[ExportOut.of(each) for each in shown], next=following)

    @router.get("/v1/exports/{export_id}", tags=["exports"])
    async def get_export(export_id: str, *, merchant_id: str = merchant) -> ExportOut:
        """Get an export: how far it is, and then what was found, grouped by code.

        `report` is null until it is over; then `links.download` leads to its file, while there is one.
        """
        return ExportOut.of(await exports.export(merchant_id, export_id))

    @router.get("/v1/exports/{export_id}/download", tags=["exports"], response_class=StreamingResponse)
    async def download_export(export_id: str, *, merchant_id: str = merchant) -> StreamingResponse:
        """Get an export's file; a zip where there are several.

        409 while it is being made, and where its files are no longer kept.
        """
        return await sent(exports, merchant_id, export_id)


def shown_target(target: Target, settings: TargetSettings) -> TargetOut:
    """Show a target with its settings."""
    told = settings.model_dump(mode="json")
    return TargetOut(
        name=target.name,
        title=target.title,
        about=target.about,
        files=[f"{form.name}.{form.suffix}" for form in target.files],
        needs_link_template=target.needs_link,
        settings={name: told[name] for name in target.settings},
    )


def shown_preview(preview: Preview) -> PreviewOut:
    """Show a preview."""
    files = [
        SheetOut(name=each.name, columns=list(each.columns), rows=[list(row) for row in each.rows], text=each.text)
        for each in preview.sheets
    ]
    return PreviewOut(target=preview.target.name, files=files, findings=list(preview.findings))


async def sent(exports: Exports, merchant_id: str, export_id: str) -> StreamingResponse:
    """Answer with an export's file as it is read."""
    file = await exports.download(merchant_id, export_id)
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"'}
    if file.size is not None:
        headers["Content-Length"] = str(file.size)
    return StreamingResponse(file.pieces, media_type=file.media_type, headers=headers)
