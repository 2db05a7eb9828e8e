"""Enhancement over HTTP: what a merchant wants written, asking for it, and deciding on what came."""

from typing import Any

from fastapi import APIRouter

from cartage.imports.enhancement import Enhancing, wanted_in
from cartage.model.enhancement import EnhanceSettings
from cartage.wire.enhancement import (
    DecisionBody,
    EnhanceBody,
    EnhancementsOut,
    EnhanceSettingsBody,
    RunOut,
)


def add_enhancement(router: APIRouter, enhancing: Enhancing, merchant: Any) -> None:
    """Add settings, runs, texts and decisions."""
    _add_settings(router, enhancing, merchant)

    @router.post("/v1/products/{product_id}/enhance", status_code=202, tags=["enhancement"])
    async def enhance(product_id: str, body: EnhanceBody, *, merchant_id: str = merchant) -> RunOut:
        """Ask a language model to write of a product; 409 while it is being imported or enhanced.

        Answers with the run, which goes on by itself; its texts are proposals until they are accepted. Without `tasks`
        those of the settings are done. It is refused where no language model is set up.
        """
        wanted = [wanted_in(each) for each in body.tasks]
        return RunOut.of(await enhancing.enhance(merchant_id, product_id, wanted))

    @router.post("/v1/products/{product_id}/enhance/continue", status_code=202, tags=["enhancement"])
    async def go_on(product_id: str, *, merchant_id: str = merchant) -> RunOut:
        """Let an enhancement that stopped at a budget go on; 409 for any other.

        Tasks that are done are not asked again.
        """
        return RunOut.of(await enhancing.go_on(merchant_id, product_id))

    @router.get("/v1/products/{product_id}/enhancements", tags=["enhancement"])
    async def list_enhancements(product_id: str, *, merchant_id: str = merchant) -> EnhancementsOut:
        """List what was written of a product, beside the page's own text.

        Each text says its task, its language and how it stands; `run` is the newest run, null before the first.
        """
        return await _shown(enhancing, merchant_id, product_id)

    @router.post("/v1/products/{product_id}/enhancements/decisions", tags=["enhancement"])
    async def decide(product_id: str, body: DecisionBody, *, merchant_id: str = merchant) -> EnhancementsOut:
        """Accept and reject texts, all or none; 409 for accepting what the check refused.

        Answers with all texts as they stand then. An accepted text is what exports write; the page's own stays beside
        it.
        """
        await enhancing.decide(merchant_id, product_id, accept=body.accept, reject=body.reject)
        return await _shown(enhancing, merchant_id, product_id)


def _add_settings(router: APIRouter, enhancing: Enhancing, merchant: Any) -> None:
    @router.get("/v1/enhancement", tags=["enhancement"])
    async def get_settings(*, merchant_id: str = merchant) -> EnhanceSettingsBody:
        """Get what is to be written.

        These are the tasks, the languages of translations and the shop's voice that a request without tasks goes by.
        """
        return _settings_out(await enhancing.settings(merchant_id))

    @router.put("/v1/enhancement", tags=["enhancement"])
    async def set_settings(body: EnhanceSettingsBody, *, merchant_id: str = merchant) -> EnhanceSettingsBody:
        """Say what is to be written.

        They hold for what is asked for from now on, and take the place of all that was set before.
        """
        wished = EnhanceSettings.model_validate({"merchant_id": merchant_id, **body.model_dump()})
        return _settings_out(await enhancing.set_settings(wished))


async def _shown(enhancing: Enhancing, merchant_id: str, product_id: str) -> EnhancementsOut:
    run = await enhancing.last_run(merchant_id, product_id)
    found = await enhancing.enhancements(merchant_id, product_id)
    return EnhancementsOut.of(found, run)


def _settings_out(settings: EnhanceSettings) -> EnhanceSettingsBody:
    return EnhanceSettingsBody.model_validate(settings.model_dump(exclude={"merchant_id"}))
