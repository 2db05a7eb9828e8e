"""What carries bulk actions out: a few products at a time, one process at each action, on after any crash."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ulid import ULID

from cartage.imports.bulk import filter_of, imports_of
from cartage.imports.progress import now
from cartage.imports.rounds import going_on
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.imports.wishes import changed_wishes
from cartage.model.bulk import Act, Brief, BulkAction, BulkState, Hindrance, hindrance, with_left
from cartage.model.edit import Edit
from cartage.model.errors import CartageError, Conflict, Internal, InvalidInput, NotFound
from cartage.model.filtering import parse_filter
from cartage.model.pause import paused_sites
from cartage.store import Store

HELD_FOR = timedelta(seconds=60)
PAUSE = timedelta(seconds=1)
LOOK_SECONDS = 0.5
TROUBLE_SECONDS = 2.0
AT_ONCE = 200

logger = logging.getLogger("cartage.imports")


class LeaseLost(Exception):
    """Another process has this action, or somebody stopped it."""


@dataclass(slots=True)
class Actor:
    """Carry bulk actions out; at most `window` imports of each are under way, behind those that people wait for."""

    store: Store
    imports: Imports
    window: int = 16
    name: str = field(default_factory=lambda: str(ULID()))

    async def watch(self) -> None:
        """Carry out what waits, until cancelled."""
        while True:
            rest = TROUBLE_SECONDS
            with going_on(logger, "The actor"):
                rest = 0 if await self.act() else LOOK_SECONDS
            await asyncio.sleep(rest)

    async def act(self) -> bool:
        """Do a stretch of the action that is due the longest; give False when none is."""
        moment = now()
        action = await self.store.bulk.lease_action(self.name, moment, moment + HELD_FOR)
        if action is None:
            return False
        try:
            further = await self._further(action)
            pause = PAUSE if further.after == action.after and not further.state.over else timedelta()
            await self.store.bulk.note_action(further, self.name, now() + pause)
        except LeaseLost:
            logger.info("bulk action left", extra={"action_id": action.id})
        except CartageError:
            raise
        except Exception:
            logger.exception("bulk action %s broke", action.id)
            failure = Internal("The bulk action could not go on.").failure()
            broken = {"state": BulkState.FAILED, "failure": failure, "finished_at": now()}
            await self.store.bulk.note_action(action.model_copy(update=broken), self.name, now())
        return True

    async def _further(self, action: BulkAction) -> BulkAction:
        free, paused = AT_ONCE, ()
        if action.act.imports:
            paused = paused_sites(await self.store.pauses.pauses(action.merchant_id))
            waits = self.imports.reserve.low or paused is None
            free = 0 if waits else self.window - await self.store.bulk.under_way(action.id)
        if free <= 0:
            return action
        wanted = filter_of(action.act, parse_filter(action.filter, action.at))
        briefs = await self.store.bulk.briefs(action.merchant_id, wanted, action.at, after=action.after, limit=AT_ONCE)
        if not briefs:
            return await self._ended(action)
        if action.act.imports or action.act in {Act.CANCEL, Act.EDIT}:
            return await self._one_by_one(action, briefs, free, paused or ())
        return await self._together(action, briefs)

    async def _one_by_one(
        self, action: BulkAction, briefs: Sequence[Brief], free: int, paused: Collection[str]
    ) -> BulkAction:
        """Act on products in turn, each noted at once: what was begun is not begun again after a crash."""
        for brief in briefs:
            reason, told, acts = hindrance(action.act, brief, paused), "", False
            if reason is None or brief.action_id == action.id:
                acts = brief.action_id != action.id
                reason, told = await self._one(action, brief.id) if acts else (None, "")
            left = with_left(action.left, reason, brief.id, told)
            counted = {"after": brief.id, "left": left, "done": action.done + (reason is None)}
            action = action.model_copy(update=counted)
            if acts and not await self.store.bulk.note_action(action, self.name, now() + HELD_FOR):
                raise LeaseLost
            free -= acts and reason is None
            if free <= 0:
                break
        return action

    async def _one(self, action: BulkAction, product_id: str) -> tuple[Hindrance | None, str]:
        try:
            match action.act:
                case Act.CANCEL:
                    await self.imports.cancel(action.merchant_id, product_id)
                case Act.EDIT:
                    await Upkeep(self.store).edit(action.merchant_id, product_id, action.edit or Edit())
                case _:
                    await self._import(action, product_id)
        except (Conflict, InvalidInput, NotFound) as error:
            return Hindrance.REFUSED, error.detail
        return None, ""

    async def _import(self, action: BulkAction, product_id: str) -> None:
        changed = {"render": action.render} if action.render else {}
        wishes = await changed_wishes(self.store, action.merchant_id, product_id, changed)
        step = "extract" if action.from_step == "extract" else "fetch"
        await self.imports.by(action.asked_by).retry(
            action.merchant_id, product_id, from_step=step, action_id=action.id, wishes=wishes
        )

    async def _together(self, action: BulkAction, briefs: Sequence[Brief]) -> BulkAction:
        reasons = {brief.id: hindrance(action.act, brief) for brief in briefs}
        possible = [product_id for product_id, reason in reasons.items() if reason is None]
        left = action.left
        for product_id, reason in reasons.items():
            left = with_left(left, reason, product_id)
        bulk, merchant_id = self.store.bulk, action.merchant_id
        if action.act is Act.DELETE:
            done = await bulk.delete(merchant_id, possible)
        else:
            archived_at = action.at if action.act is Act.ARCHIVE else None
            done = await bulk.archive(merchant_id, possible, archived_at, action.id)
        for product_id in possible[done:] if action.act is Act.DELETE else ():
            left = with_left(left, Hindrance.UNDER_WAY, product_id)
        done = done if action.act is Act.DELETE else len(possible)
        return action.model_copy(update={"after": briefs[-1].id, "left": left, "done": action.done + done})

    async def _ended(self, action: BulkAction) -> BulkAction:
        """End an action; imports that a crash left uncounted are counted once more."""
        ended: dict[str, object] = {"state": BulkState.DONE, "finished_at": now()}
        if action.act.imports:
            begun = await self.store.listing.count_imports(action.merchant_id, imports_of(action))
            ended["done"] = max(action.done, begun)
        logger.info("bulk action ended", extra={"action_id": action.id})
        return action.model_copy(update=ended)
