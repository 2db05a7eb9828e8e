"""What a merchant sells by, in a store: pricing rules, settings of targets, and exports with their files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.catalogue import Event
from cartage.model.export import Export, TargetSettings
from cartage.model.pricing import PricingRules


class Selling(Protocol):
    """Keep pricing rules, settings of targets, and exports.

    A method that names a `merchant_id` raises `NotFound` for another merchant's export, as for an unknown one.
    """

    async def pricing(self, merchant_id: str) -> PricingRules | None:
        """Get a merchant's pricing rules; None where none were set."""
        ...

    async def set_pricing(self, merchant_id: str, rules: PricingRules) -> None:
        """Write a merchant's pricing rules."""
        ...

    async def target_settings(self, merchant_id: str) -> Mapping[str, TargetSettings]:
        """Get what a merchant set, by target."""
        ...

    async def set_target_settings(self, merchant_id: str, target: str, settings: TargetSettings) -> None:
        """Write what a merchant sets for a target."""
        ...

    async def add_export(self, export: Export) -> None:
        """Write an export that waits to be made."""
        ...

    async def export(self, merchant_id: str, export_id: str) -> Export:
        """Get an export."""
        ...

    async def exports(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Export]:
        """List exports, newest first, with ids below `before` when it is given."""
        ...

    async def lease_export(self, maker: str, now: datetime, until: datetime) -> Export | None:
        """Take the oldest export of any merchant that is not over and that nobody holds, until a moment."""
        ...

    async def note_export(self, export: Export, maker: str, until: datetime) -> bool:
        """Write how far an export is, and hold it longer; give False, and write nothing, where another holds it."""
        ...

    async def end_export(self, export: Export, maker: str, event: Event) -> bool:
        """Write how an export ended, with the event; give False, and write nothing, where another holds it."""
        ...

    async def put_piece(self, export_id: str, part: int, number: int, content: bytes) -> None:
        """Write a piece of a part's file, over an earlier maker's."""
        ...

    async def piece(self, export_id: str, part: int, number: int) -> bytes | None:
        """Get a piece of a part's file, counted from 0; None behind the last."""
        ...

    async def clear_pieces(self, export_id: str) -> None:
        """Delete what an earlier maker wrote of an export's files."""
        ...

    async def drop_files(self, made_before: datetime) -> int:
        """Delete the files of exports that ended before a moment, and count those exports."""
        ...
