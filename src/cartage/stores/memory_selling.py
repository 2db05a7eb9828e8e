"""Pricing rules, settings of targets and exports, in memory."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cartage.model.catalogue import Event
from cartage.model.errors import NotFound
from cartage.model.export import Export, ExportState, TargetSettings
from cartage.model.feed import Feed
from cartage.model.pricing import PricingRules
from cartage.stores.memory_postbox import KeptEvents


class MemorySelling:
    """Keep pricing rules, settings of targets and exports in memory; `kept` and `feeds` are everybody's."""

    def __init__(self, events: KeptEvents) -> None:
        self._events = events
        self._pricing: dict[str, PricingRules] = {}
        self._settings: dict[str, dict[str, TargetSettings]] = {}
        self.kept: dict[str, Export] = {}
        self.feeds: dict[str, Feed] = {}
        self._held: dict[str, tuple[str, datetime]] = {}
        self._pieces: dict[tuple[str, int, int], bytes] = {}

    async def pricing(self, merchant_id: str) -> PricingRules | None:
        """Get a merchant's pricing rules."""
        return self._pricing.get(merchant_id)

    async def set_pricing(self, merchant_id: str, rules: PricingRules) -> None:
        """Write a merchant's pricing rules."""
        self._pricing[merchant_id] = rules

    async def target_settings(self, merchant_id: str) -> Mapping[str, TargetSettings]:
        """Get what a merchant set, by target."""
        return dict(self._settings.get(merchant_id, {}))

    async def set_target_settings(self, merchant_id: str, target: str, settings: TargetSettings) -> None:
        """Write what a merchant sets for a target."""
        self._settings.setdefault(merchant_id, {})[target] = settings

    async def add_export(self, export: Export) -> None:
        """Write an export that waits to be made."""
        self.kept[export.id] = export

    async def export(self, merchant_id: str, export_id: str) -> Export:
        """Get an export."""
        found = self.kept.get(export_id)
        if found is None or found.merchant_id != merchant_id:
            raise NotFound(f"There is no {export_id}.")
        return found

    async def exports(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Export]:
        """List exports, newest first."""
        own = [each for each in self.kept.values() if each.merchant_id == merchant_id and not each.feed_id]
        earlier = [each for each in own if not before or each.id < before]
        return sorted(earlier, key=lambda each: each.id, reverse=True)[:limit]

    async def lease_export(self, maker: str, now: datetime, until: datetime) -> Export | None:
        """Take the oldest export that is not over and that nobody holds."""
        for export_id in sorted(self.kept):
            _, held_until = self._held.get(export_id, ("", now))
            if not self.kept[export_id].state.over and held_until <= now:
                self._held[export_id] = (maker, until)
                running = self.kept[export_id].model_copy(update={"state": ExportState.RUNNING})
                self.kept[export_id] = running
                return running
        return None

    async def note_export(self, export: Export, maker: str, until: datetime) -> bool:
        """Write how far an export is and hold it longer."""
        if not self._holds(export.id, maker):
            return False
        self.kept[export.id] = export
        self._held[export.id] = (maker, until)
        return True

    async def end_export(self, export: Export, maker: str, event: Event) -> bool:
        """Write how an export ended."""
        if not self._holds(export.id, maker):
            return False
        self.kept[export.id] = export
        self._events.keep(event)
        del self._held[export.id]
        feed = self.feeds.get(export.feed_id)
        if feed and export.state is ExportState.READY and (export.sound or not feed.served_sound):
            served = {"served_id": export.id, "served_sound": export.sound}
            self.feeds[feed.id] = feed.model_copy(update=served)
        return True

    async def put_piece(self, export_id: str, part: int, number: int, content: bytes) -> None:
        """Write a piece of a part's file."""
        self._pieces[export_id, part, number] = content

    async def piece(self, export_id: str, part: int, number: int) -> bytes | None:
        """Get a piece of a part's file."""
        return self._pieces.get((export_id, part, number))

    async def clear_pieces(self, export_id: str) -> None:
        """Delete what was written of an export's files."""
        self._pieces = {key: content for key, content in self._pieces.items() if key[0] != export_id}

    async def drop_files(self, made_before: datetime) -> int:
        """Delete the files of exports that ended before a moment."""
        usual = [each for each in self.kept.values() if each.files_kept and not each.feed_id]
        old = [each for each in usual if each.finished_at and each.finished_at < made_before]
        for export in old:
            await self.drop_file(export)
        return len(old)

    async def drop_file(self, export: Export) -> None:
        """Delete an export's files."""
        await self.clear_pieces(export.id)
        self.kept[export.id] = export.model_copy(update={"files_kept": False})

    async def forget(self, export_id: str) -> None:
        """Delete an export with its files, whoever makes it."""
        await self.clear_pieces(export_id)
        self.kept.pop(export_id, None)
        self._held.pop(export_id, None)

    def _holds(self, export_id: str, maker: str) -> bool:
        return export_id in self._held and self._held[export_id][0] == maker
