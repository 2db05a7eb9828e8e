"""Exports as they are told."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from cartage.model.export import Export, ExportPart, ExportReport, Finding
from cartage.model.failure import Failure
from cartage.model.filtering import LONGEST
from cartage.wire.body import Body


class NewExport(Body):
    """Ask for products to be written for a target, or only to be checked.

    `split_mb` cuts files between products; 0 never, null where the target wants it. `excel_safe` quotes cells that
    look like formulas, for a copy that people open: no shop imports that.
    """

    target: Annotated[str, Field(max_length=40, examples=["shopify"])]
    filter: Annotated[str, Field(max_length=LONGEST)] = ""
    check_only: bool = False
    split_mb: Annotated[int, Field(ge=0, le=1000)] | None = None
    excel_safe: bool = False


class ExportOut(BaseModel):
    """Show an export; `report` is null until it is over, and `done` counts products of `total` meanwhile."""

    id: str
    target: str
    filter: str
    check_only: bool
    status: str
    total: int
    done: int
    report: ExportReport | None
    files: list[ExportPart]
    files_kept: bool
    error: Failure | None
    created_at: datetime
    finished_at: datetime | None
    links: dict[str, str]

    @classmethod
    def of(cls, export: Export) -> "ExportOut":
        """Map an export."""
        path = f"/v1/exports/{export.id}"
        has_files = export.parts and export.files_kept
        return cls(
            id=export.id,
            target=export.target,
            filter=export.filter,
            check_only=export.check_only,
            status=export.state.value,
            total=export.total,
            done=export.done,
            report=export.report,
            files=list(export.parts),
            files_kept=export.files_kept,
            error=export.failure,
            created_at=export.created_at,
            finished_at=export.finished_at,
            links={"self": path} | ({"download": f"{path}/download"} if has_files else {}),
        )


class ExportPage(BaseModel):
    """List exports, newest first; `next` is the address of the following page, or null."""

    exports: list[ExportOut]
    next: str | None


class TargetOut(BaseModel):
    """Show a target: its files, and the settings that it uses with what they are set to."""

    name: str
    title: str
    about: str
    files: list[str]
    needs_link_template: bool
    settings: dict[str, Any]


class TargetList(BaseModel):
    """List the targets there are."""

    targets: list[TargetOut]


class SheetOut(BaseModel):
    """Show one file: a table's columns that are used, with their rows, or its text."""

    name: str
    columns: list[str]
    rows: list[list[str]]
    text: str


class PreviewOut(BaseModel):
    """Show one product as a target has it, and what was found."""

    target: str
    files: list[SheetOut]
    findings: list[Finding]
