"""What the doors call for exports: settings of targets, previews, exports to be made, and their files."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from cartage.exports.known import TARGETS, target_named, wanted_target
from cartage.exports.making import Making
from cartage.exports.packing import zipped
from cartage.exports.preview import Preview, preview_of
from cartage.exports.target import Target, Terms
from cartage.model.catalogue import CatalogueProduct
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.export import Export, LinkTemplateMissing, TargetSettings
from cartage.model.filtering import parse_filter
from cartage.model.ids import new_id
from cartage.model.pricing import PricingRules
from cartage.store import Store

AT_ONCE = 200
ZIP = "application/zip"


@dataclass(frozen=True, slots=True)
class Download:
    """Hold a file to be sent: its name, type and content in pieces; its size where that is known."""

    name: str
    media_type: str
    pieces: AsyncIterator[bytes]
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Exports:
    """Export merchants' products; shops fetch uploaded pictures at `site`, and nowhere if it is empty."""

    store: Store
    site: str = ""

    async def settings(self, merchant_id: str, target: str) -> TargetSettings:
        """Get what a merchant set for a target; raises `NotFound` for an unknown one."""
        known = target_named(target)
        return (await self.store.selling.target_settings(merchant_id)).get(known.name, TargetSettings())

    async def set_settings(self, merchant_id: str, target: str, settings: TargetSettings) -> TargetSettings:
        """Write what a merchant sets for a target; raises `InvalidInput` for settings that it does not use."""
        check_used(target_named(target), settings.model_fields_set)
        await self.store.selling.set_target_settings(merchant_id, target, settings)
        return settings

    async def terms(self, merchant_id: str, target: Target, given: Mapping[str, str] | None = None) -> Terms:
        """Get what a merchant wants of a target's files, with some settings `given` as text for this time.

        Raises `InvalidInput` where one of them is not usable.
        """
        rules, settings = await self.store.selling.pricing(merchant_id), await self.settings(merchant_id, target.name)
        wanted = changed_settings(target, settings, given) if given else settings
        return Terms(wanted, rules or PricingRules(), self.site)

    async def submit(
        self,
        merchant_id: str,
        target: str,
        wanted: str = "",
        *,
        check_only: bool = False,
        split_mb: int | None = None,
        excel_safe: bool = False,
    ) -> Export:
        """Accept an export of the products that a filter picks: its files are made soon, and kept for a week.

        Raises `TargetUnknown`, `FilterInvalid`, and `LinkTemplateMissing` where it cannot be without.
        """
        known = wanted_target(target)
        total = await self.count(merchant_id, wanted)
        if not check_only:
            require_link(known, await self.terms(merchant_id, known))
        export = Export(
            id=new_id("exp"),
            merchant_id=merchant_id,
            target=target,
            filter=wanted,
            total=total,
            check_only=check_only,
            split_mb=split_mb,
            excel_safe=excel_safe,
            created_at=datetime.now(UTC),
        )
        await self.store.selling.add_export(export)
        return export

    async def export(self, merchant_id: str, export_id: str) -> Export:
        """Get an export; raises `NotFound` for another merchant's."""
        return await self.store.selling.export(merchant_id, export_id)

    async def exports(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[Export]:
        """List exports, newest first."""
        return await self.store.selling.exports(merchant_id, before=before, limit=limit)

    async def previews(self, merchant_id: str, product_id: str) -> list[Preview]:
        """Show a product as each target has it."""
        product = await self.store.catalogue.product(merchant_id, product_id)
        return [preview_of(product, each, await self.terms(merchant_id, each)) for each in TARGETS.values()]

    async def preview(self, merchant_id: str, product_id: str, target: str) -> Preview:
        """Show a product as one target has it."""
        product, known = await self.store.catalogue.product(merchant_id, product_id), target_named(target)
        return preview_of(product, known, await self.terms(merchant_id, known))

    async def run(self, making: Making, merchant_id: str, wanted: str) -> AsyncIterator[int]:
        """Put the products that a filter picks through a making, and tell after each page how many there were."""
        async for page in self.products(merchant_id, wanted):
            await asyncio.to_thread(making.add, page)
            yield making.done

    async def products(self, merchant_id: str, wanted: str = "") -> AsyncIterator[Sequence[CatalogueProduct]]:
        """Give the products that a filter picks, newest first and page by page; raises `FilterInvalid`."""
        picked, before = parse_filter(wanted, datetime.now(UTC)), ""
        while page := await self.store.listing.products(merchant_id, picked, before=before, limit=AT_ONCE):
            yield page
            before = page[-1].id

    async def count(self, merchant_id: str, wanted: str = "") -> int:
        """Count the products that a filter picks; raises `FilterInvalid`."""
        return await self.store.listing.count_products(merchant_id, parse_filter(wanted, datetime.now(UTC)))

    async def download(self, merchant_id: str, export_id: str) -> Download:
        """Get an export's file, or all of them in a zip; raises `Conflict` where there are none (any more)."""
        export = await self.export(merchant_id, export_id)
        if not export.parts:
            raise Conflict(f"{export_id} has no files: it is {export.state.value}.")
        if not export.files_kept:
            raise Conflict(f"The files of {export_id} are no longer kept.")
        if len(export.parts) == 1:
            (part,) = export.parts
            name = f"{export.target}-{part.name}"
            return Download(name, part.media_type, self.pieces(export_id, 0), part.size)
        parts = [(part.name, self.pieces(export_id, place)) for place, part in enumerate(export.parts)]
        return Download(f"{export.target}.zip", ZIP, zipped(parts, export.finished_at or export.created_at))

    async def pieces(self, export_id: str, part: int) -> AsyncIterator[bytes]:
        """Give the content of one of an export's files, piece by piece."""
        number = 0
        while (piece := await self.store.selling.piece(export_id, part, number)) is not None:
            yield piece
            number += 1


def check_used(target: Target, names: Iterable[str]) -> None:
    """Hold settings to those that a target uses; raises `InvalidInput`."""
    foreign = sorted(set(names) - set(target.settings))
    if foreign:
        known = f"it has {', '.join(target.settings)}" if target.settings else "it has none"
        raise InvalidInput(f"{target.title} has no setting {foreign[0]}; {known}.", f"/{foreign[0]}")


def changed_settings(target: Target, kept: TargetSettings, given: Mapping[str, str]) -> TargetSettings:
    """Give settings with some of them written as text; lists have commas between their entries.

    Raises `InvalidInput`, which names the setting.
    """
    check_used(target, given)
    changes: dict[str, Any] = {name: value.strip() or None for name, value in given.items()}
    if tags := changes.get("tags"):
        changes["tags"] = [tag.strip() for tag in tags.split(",") if tag.strip()]
    told = {name: value for name, value in kept.model_dump().items() if name not in changes}
    try:
        return TargetSettings.model_validate(
            told | {name: value for name, value in changes.items() if value is not None}
        )
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "link_template"
        raise InvalidInput(f"The setting {name} is not usable: {first['msg']}.", f"/{name}") from error


def require_link(target: Target, terms: Terms) -> None:
    """Hold a target that lists pages of the shop to its link template; raises `LinkTemplateMissing`."""
    if target.needs_link and not terms.settings.link_template:
        raise LinkTemplateMissing(f"{target.title} needs the address of each product in your own shop.")
