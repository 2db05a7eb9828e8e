"""What the doors call to enhance: ask, look, decide, and say what a merchant wants written."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from cartage.engine import Engine
from cartage.imports.ledgers import enhance_request_of
from cartage.imports.progress import event_for, now
from cartage.model.catalogue import CatalogueProduct, Import, Status
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceRun, EnhanceSettings, Task, Wanted
from cartage.model.enhancement_errors import EnhancementOff
from cartage.model.errors import Conflict, EngineUnreachable, InvalidInput
from cartage.model.ids import new_id
from cartage.model.service_errors import BudgetReached
from cartage.store import Store

REQUESTED = "product/enhance.requested"

logger = logging.getLogger("cartage.imports")


@dataclass(frozen=True, slots=True)
class Enhancing:
    """Enhance products for merchants; `off` says why that is not possible, where it is not."""

    store: Store
    engine: Engine
    off: str = ""

    async def settings(self, merchant_id: str) -> EnhanceSettings:
        """Get what a merchant wants written."""
        return await self.store.enhancements.settings(merchant_id)

    async def set_settings(self, settings: EnhanceSettings) -> EnhanceSettings:
        """Write what a merchant wants written; raises `InvalidInput` for translations into no language."""
        if Task.TRANSLATION in settings.tasks and not settings.languages:
            raise InvalidInput("A translation needs a language, such as ar.", "/languages")
        if settings.automatic and not settings.tasks:
            raise InvalidInput("Choose what is to be written after each import.", "/tasks")
        await self.store.enhancements.set_settings(settings)
        return settings

    async def enhance(self, merchant_id: str, product_id: str, wanted: Sequence[Wanted] = ()) -> EnhanceRun:
        """Ask for tasks, or for all of the merchant's, whatever was written before.

        Raises `EnhancementOff` where there is no language model or no task, and `Conflict` while the product is
        being imported or enhanced, or where no page was read for it.
        """
        product = await self._settled(merchant_id, product_id)
        asked = tuple(dict.fromkeys(wanted)) or (await self.settings(merchant_id)).wanted
        return await self._begin(product, asked, afresh=True)

    async def go_on(self, merchant_id: str, product_id: str) -> EnhanceRun:
        """Let an enhancement that stopped at a budget go on; raises `Conflict` for any other."""
        product = await self._settled(merchant_id, product_id)
        last = await self.last_run(merchant_id, product_id)
        if last is None or last.failure is None or last.failure.code != BudgetReached.code:
            raise Conflict(f"No enhancement of {product_id} waits for its budget.")
        return await self._begin(product, last.left, resumes=last.id)

    async def after(self, import_: Import) -> EnhanceRun | None:
        """Enhance what an import brought, if its merchant or the import asks for it; once, however often called."""
        settings = await self.settings(import_.merchant_id)
        asked = settings.automatic if import_.enhance is None else import_.enhance
        product = await self.store.catalogue.product(import_.merchant_id, import_.product_id)
        mine = product.import_id == import_.id and product.status in {Status.IMPORTED, Status.ENHANCED}
        if not (asked and settings.wanted and mine) or self.off:
            return None
        return await self._begin(product, settings.wanted, import_=import_)

    async def last_run(self, merchant_id: str, product_id: str) -> EnhanceRun | None:
        """Get a product's newest run."""
        runs = await self.store.enhancements.runs(merchant_id, product_id, 1)
        return runs[0] if runs else None

    async def enhancements(self, merchant_id: str, product_id: str) -> Sequence[Enhancement]:
        """List a product's enhancements, newest first, without those that another took the place of."""
        return await self.store.enhancements.enhancements(merchant_id, product_id)

    async def decide(
        self, merchant_id: str, product_id: str, *, accept: Sequence[str] = (), reject: Sequence[str] = ()
    ) -> Sequence[Enhancement]:
        """Accept and reject enhancements in one act.

        Raises `NotFound`, `Conflict` for accepting what was refused, and `InvalidInput` for one that is to be both.
        """
        if both := set(accept) & set(reject):
            raise InvalidInput(f"{min(both)} is to be accepted and rejected.", "/reject")
        decisions = dict.fromkeys(reject, False) | dict.fromkeys(accept, True)
        return await self.store.enhancements.decide(merchant_id, product_id, decisions, now())

    async def accept_all(self, merchant_id: str, product_id: str) -> Sequence[Enhancement]:
        """Accept all that is proposed."""
        known = await self.enhancements(merchant_id, product_id)
        proposed = [each.id for each in known if each.state is EnhancementState.PROPOSED]
        return await self.decide(merchant_id, product_id, accept=proposed) if proposed else []

    async def _settled(self, merchant_id: str, product_id: str) -> CatalogueProduct:
        product = await self.store.catalogue.product(merchant_id, product_id)
        if self.off:
            raise EnhancementOff(self.off)
        if not product.status.settled or product.facts is None:
            raise Conflict(f"{product_id} is being imported, or no page was read for it yet.")
        return product

    async def _begin(
        self,
        product: CatalogueProduct,
        wanted: tuple[Wanted, ...],
        *,
        import_: Import | None = None,
        resumes: str | None = None,
        afresh: bool = False,
    ) -> EnhanceRun:
        if not wanted:
            raise EnhancementOff("Nothing is chosen that should be written.")
        known = import_ or await self.store.catalogue.import_(product.merchant_id, product.import_id)
        run = EnhanceRun(
            id=f"run{known.id.removeprefix('imp')}" if import_ else new_id("run"),
            product_id=product.id,
            merchant_id=product.merchant_id,
            import_id=product.import_id,
            batch_id=known.batch_id,
            wanted=wanted,
            resumes=resumes,
            afresh=afresh,
            bulk=import_ is not None and import_.bulk,
            created_at=now(),
        )
        request = enhance_request_of(run)
        event = event_for(known, REQUESTED, request.model_dump() | {"runId": run.id})
        begun = await self.store.enhancements.begin_run(run, event, instead=import_ is not None)
        await self._send(begun)
        return begun

    async def _send(self, run: EnhanceRun) -> None:
        logger.info("enhancement accepted", extra={"run_id": run.id})
        try:
            await self.engine.send(run.id, enhance_request_of(run), bulk=run.bulk)
        except EngineUnreachable as error:
            # The run is accepted all the same: the reconciler sends it once the engine answers.
            logger.warning("%s", error)


def wanted_in(text: str) -> Wanted:
    """Read a task as it is written, `title` or `translation:ar`; raises `InvalidInput`."""
    task, _, language = text.strip().partition(":")
    try:
        wanted = Wanted(task=Task(task), language=language or None)
    except (ValueError, ValidationError) as error:
        raise InvalidInput(f"There is no task {text!r}; tasks are {', '.join(Task)}.", "/tasks") from error
    if (wanted.task is Task.TRANSLATION) != (wanted.language is not None):
        raise InvalidInput("A translation names its language, such as translation:ar; no other task does.", "/tasks")
    return wanted
