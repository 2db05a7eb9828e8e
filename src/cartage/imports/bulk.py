"""What the doors call for bulk actions: what one would do, asking for it, stopping it and undoing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cartage.imports.edits import faults_in
from cartage.imports.progress import now
from cartage.model.bulk import Act, BulkAction, BulkState, Cause, Forecast, Left, hindrance, with_left
from cartage.model.catalogue import ImportState
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, InvalidInput
from cartage.model.filtering import Archived, Filter, Term, Word, parse_filter
from cartage.model.ids import new_id
from cartage.model.pause import paused_sites
from cartage.model.request_errors import raise_faults
from cartage.model.wishes import Render
from cartage.store import Store

AT_ONCE = 5000
FROM_STEPS = ("fetch", "extract")
ONE_BY_ONE = ("images", "variants", "sku", "gtin", "handle")


@dataclass(frozen=True, slots=True)
class Wish:
    """Say what is to be done to all products that a filter picks: an act, with what it needs.

    `edit` is for the act of that name, `from_step` for `retry` and `refresh`, and so is `render`: when pages are opened
    in a browser, None that it is as before.
    """

    act: Act
    filter: str = ""
    edit: Edit | None = None
    from_step: str = ""
    render: Render | None = None

    def check(self) -> None:
        """Raise `InvalidInput` for what does not go together."""
        if (self.act is Act.EDIT) != (self.edit is not None and not self.edit.empty):
            raise InvalidInput("An edit, and only it, says what is to change.", "/edit")
        if self.edit:
            raise_faults(faults_in(self.edit, "/edit"))
            if alone := next((name for name in ONE_BY_ONE if getattr(self.edit, name)), None):
                raise InvalidInput("This is set product by product, for no two share it.", f"/edit/{alone}")
        if self.from_step and not (self.act.imports and self.from_step in FROM_STEPS):
            raise InvalidInput(f"Only imports begin from a step, one of {', '.join(FROM_STEPS)}.", "/from_step")
        if self.render and not self.act.imports:
            raise InvalidInput("Only imports open pages in a browser.", "/render")


@dataclass(frozen=True, slots=True)
class BulkActions:
    """Act on all products of a merchant that a filter picks."""

    store: Store

    async def forecast(self, merchant_id: str, act: Act, written: str) -> Forecast:
        """Tell what an act would do now, product by product, to what a filter picks; raises `FilterInvalid`."""
        at = now()
        wanted = filter_of(act, parse_filter(written, at))
        told, after, errors = Forecast(act=act), "", Counter[str]()
        paused = paused_sites(await self.store.pauses.pauses(merchant_id)) or ()
        while briefs := await self.store.bulk.briefs(merchant_id, wanted, at, after=after, limit=AT_ONCE):
            after, left = briefs[-1].id, told.left
            reasons = [(brief.id, hindrance(act, brief, paused)) for brief in briefs]
            for product_id, reason in reasons:
                left = with_left(left, reason, product_id)
            possible = sum(reason is None for _, reason in reasons)
            errors.update(brief.error for brief in briefs if brief.error and hindrance(act, brief, paused) is None)
            counted = {"matching": told.matching + len(briefs), "possible": told.possible + possible, "left": left}
            told = told.model_copy(update=counted)
        causes = tuple(Cause(error=error, count=count) for error, count in errors.most_common())
        return told.model_copy(update={"causes": causes})

    async def names(self, merchant_id: str, left: Sequence[Left]) -> dict[str, str]:
        """Say by id what those are called that are named among `left` and still there."""
        named = tuple(product_id for each in left for product_id in each.first)
        if not named:
            return {}
        wanted = Filter(terms=(Term(word=Word.ID, values=named),)).having(Word.ARCHIVED, Archived.ANY)
        found = await self.store.listing.products(merchant_id, wanted, limit=len(named))
        return {product.id: product.called for product in found}

    async def submit(
        self,
        merchant_id: str,
        wish: Wish,
        *,
        expect_count: int | None = None,
        asked_by: str = "",
        undoes: str | None = None,
    ) -> BulkAction:
        """Accept an act: it is done soon, a few products at a time, and goes on after any crash.

        Raises `FilterInvalid`, `InvalidInput`, and `Conflict` where not exactly as many products match as are expected.
        """
        wish.check()
        at = now()
        wanted = filter_of(wish.act, parse_filter(wish.filter, at))
        total = await self.store.listing.count_products(merchant_id, wanted)
        if expect_count is not None and expect_count != total:
            raise Conflict(f"{total} products match, not {expect_count}: nothing was done.")
        action = BulkAction(
            id=new_id("blk"),
            merchant_id=merchant_id,
            act=wish.act,
            filter=wish.filter,
            edit=wish.edit,
            from_step=wish.from_step,
            render=wish.render,
            asked_by=asked_by,
            undoes=undoes,
            total=total,
            at=at,
        )
        await self.store.bulk.add_action(action)
        return action

    async def action(self, merchant_id: str, action_id: str) -> BulkAction:
        """Get a bulk action; raises `NotFound` for another merchant's."""
        return await self.store.bulk.action(merchant_id, action_id)

    async def actions(self, merchant_id: str, *, before: str = "", limit: int = 50) -> Sequence[BulkAction]:
        """List bulk actions, newest first."""
        return await self.store.bulk.actions(merchant_id, before=before, limit=limit)

    async def stop(self, merchant_id: str, action_id: str) -> BulkAction:
        """Do nothing more of an action; what it did stays."""
        return await self.store.bulk.stop_action(merchant_id, action_id, now())

    async def undo(self, merchant_id: str, action_id: str, *, asked_by: str = "") -> BulkAction:
        """Restore what an action archived, or cancel the imports that it began; raises `Conflict` for any other."""
        action = await self.stop(merchant_id, action_id)
        if not undoable(action):
            raise Conflict(f"{action_id} cannot be undone.")
        act = Act.RESTORE if action.act is Act.ARCHIVE else Act.CANCEL
        wanted = f"action:{action_id} archived:{Archived.YES if act is Act.RESTORE else Archived.ANY}"
        wanted += "" if act is Act.RESTORE else " status:importing"
        return await self.submit(merchant_id, Wish(act, wanted), asked_by=asked_by, undoes=action_id)

    async def imports(self, action: BulkAction) -> dict[ImportState, int]:
        """Count the imports that an action began by how they stand; nothing for acts that begin none."""
        if not action.act.imports:
            return {}
        begun, count = imports_of(action), self.store.listing.count_imports
        counted = {
            state: await count(action.merchant_id, begun.having(Word.STATUS, state.value)) for state in ImportState
        }
        return {state: count for state, count in counted.items() if count}


def undoable(action: BulkAction) -> bool:
    """Tell whether what an action did can be taken back."""
    return action.act is Act.ARCHIVE or (action.act.imports and action.state is not BulkState.FAILED)


def imports_of(action: BulkAction) -> Filter:
    """Give the filter of the imports that an action began, also of products that are archived by now."""
    own = Term(word=Word.ACTION, values=(action.id,))
    return Filter(terms=(own,)).having(Word.ARCHIVED, Archived.ANY)


def filter_of(act: Act, wanted: Filter) -> Filter:
    """Give the filter of an act: what is restored is in the archive."""
    looks_there = act is Act.RESTORE and not wanted.asks(Word.ARCHIVED)
    return wanted.having(Word.ARCHIVED, Archived.YES) if looks_there else wanted
