"""Exports: files for shops and feeds, and what an importer would stumble over."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cartage.client.call import Call, once, path
from cartage.client.synchronous.connection import Connection
from cartage.model.export import ExportState
from cartage.wire.exports import ExportOut, ExportPage, NewExport, PreviewOut, TargetList, TargetOut

OVER = frozenset(state.value for state in ExportState if state.over)


@dataclass(frozen=True, slots=True)
class Exports:
    """Write products for a target."""

    connection: Connection

    def targets(self) -> Sequence[TargetOut]:
        """List the targets, with your settings of each."""
        return (self.connection.get(TargetList, Call("GET", "/v1/export-targets"))).targets

    def set_target(self, target: str, settings: Mapping[str, Any]) -> TargetOut:
        """Set what you want of a target's files; what is not given goes back to what it was at first."""
        return self.connection.get(TargetOut, Call("PUT", path("/v1/export-targets/{}", target), body=settings))

    def create(
        self,
        target: str,
        wanted: str = "",
        *,
        check_only: bool = False,
        split_mb: int | None = None,
        excel_safe: bool = False,
        key: str = "",
    ) -> ExportOut:
        """Write the products that a filter picks for a target, or only look for what is wrong with them."""
        body = NewExport(target=target, filter=wanted, check_only=check_only, split_mb=split_mb, excel_safe=excel_safe)
        return self.connection.get(ExportOut, Call("POST", "/v1/exports", body=body, headers=once(key)))

    def get(self, export_id: str) -> ExportOut:
        """Get an export: how far it is, and then what was found, grouped by code."""
        return self.connection.get(ExportOut, Call("GET", path("/v1/exports/{}", export_id)))

    def list(self, *, page_size: int = 50) -> Generator[ExportOut]:
        """Give every export, newest first."""
        for page in self.connection.pages(ExportPage, Call("GET", "/v1/exports", {"limit": page_size})):
            yield from page.exports

    def wait(self, export_id: str, timeout: float | None = None) -> ExportOut:
        """Wait for an export's end; raises `NotOverYet` after `timeout` seconds, and it goes on."""
        call = Call("GET", path("/v1/exports/{}", export_id))
        return self.connection.until_over(ExportOut, call, OVER, timeout)

    def download(self, export_id: str) -> Generator[bytes]:
        """Give an export's file piece by piece; a zip where there are several."""
        return self.connection.pieces(Call("GET", path("/v1/exports/{}/download", export_id)))

    def preview(self, product_id: str, target: str) -> PreviewOut:
        """Show one product exactly as it would be written for a target, and what is wrong with it."""
        call = Call("GET", path("/v1/products/{}/exports/{}", product_id, target))
        return self.connection.get(PreviewOut, call)
