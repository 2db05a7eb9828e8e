"""Enhancement on every engine: done once, told once, and an answer that is kept is never paid for again."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cartage.engine import Engine, Workflow
from cartage.imports.enhance_workflow import EnhanceWorkflow
from cartage.imports.enhancement import Enhancing, wanted_in
from cartage.imports.spending import Costs, Purse
from cartage.imports.workflow import ImportWorkflow
from cartage.imports.works import Works
from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.enhancement import Enhancement, EnhancementState
from cartage.model.spending import NO_CAPS
from cartage.stores.memory import MemoryStore
from tests.contracts.engine_worlds import PRESET, World, a_world, three_steps, until
from tests.contracts.enhancement_records import MUG
from tests.contracts.records import ended_product
from tests.language_models.scripted import Asked, ScriptedModel

ARABIC = {"title": "كوب من الخزف", "description": "كوب من الخزف الحجري."}
TOLD = ("product/enhance.requested", "product/enhance.completed", "product/enhance.failed")
MERCHANT = "mer_1"


def written(asked: Asked) -> dict[str, Any]:
    """Translate, or give a title."""
    return ARABIC if "description" in asked.form.model_fields else {"title": "Stoneware mug"}


@dataclass
class Study:
    """Hold a store with an imported mug, and a language model; `keeping` holds up what has just been kept."""

    store: MemoryStore
    product: CatalogueProduct
    model: ScriptedModel
    kept: list[str] = field(default_factory=list[str])
    open: bool = True

    def works(self) -> Workflow:
        """Make the workflow anew, as a process does when it starts."""
        enhance = EnhanceWorkflow(self.store, self.model, Purse(self.store, NO_CAPS), PRESET)
        return Works(ImportWorkflow(self.store, {}), enhance)

    def hold_after_keeping(self) -> None:
        """Let nothing go on once an answer is kept."""
        keep, self.open = self.store.enhancements.keep, False

        async def kept_and_held(enhancements: Sequence[Enhancement]) -> None:
            await keep(enhancements)
            self.kept += [each.id for each in enhancements]
            while not self.open:  # noqa: ASYNC110 - engines have loops of their own
                await asyncio.sleep(0.02)

        self.store.enhancements.keep = kept_and_held

    async def events(self) -> list[str]:
        """Name the events about enhancement."""
        return [each.name for each in await self.store.catalogue.events(MERCHANT) if each.name in TOLD]

    async def over(self) -> None:
        """Wait for the end of the last run."""
        async with asyncio.timeout(120):
            while not (await self.store.enhancements.runs(MERCHANT, self.product.id))[0].state.over:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.02)


@pytest.fixture
async def study() -> Study:
    """Give a study."""
    store = MemoryStore()
    return Study(store, await ended_product(store, MERCHANT, facts=MUG), ScriptedModel([written]))


@pytest.fixture(params=["inline", "embedded", "embedded, later", "inngest"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[World]:
    """Give the world of each engine in turn."""
    async with a_world(request.param, tmp_path) as made:
        yield made


@pytest.fixture(params=["embedded", "embedded, later", "inngest"])
async def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[World]:
    """Give the worlds whose engines outlast a process."""
    async with a_world(request.param, tmp_path) as made:
        yield made


async def started(world: World, study: Study) -> Engine:
    """Start an engine with the study's workflow."""
    works: Any = study.works()
    return (await world.start(three_steps, works))[1]


async def test_an_enhancement_is_done_and_told_once(world: World, study: Study) -> None:
    """Each task is asked once, its texts are kept, and the product is ENHANCED."""
    enhancing = Enhancing(study.store, await started(world, study))

    await enhancing.enhance(MERCHANT, study.product.id, [wanted_in("title"), wanted_in("translation:ar")])
    await study.over()

    found = await enhancing.enhancements(MERCHANT, study.product.id)
    assert [each.state for each in found] == [EnhancementState.PROPOSED] * 3
    assert (await study.store.catalogue.product(MERCHANT, study.product.id)).status is Status.ENHANCED
    assert len(study.model.asked) == 2
    assert await study.events() == ["product/enhance.requested", "product/enhance.completed"]


async def test_a_failed_enhancement_is_told_once(world: World, study: Study) -> None:
    """The product stays IMPORTED."""
    study.model.script = [{"title": "The best mug"}]
    enhancing = Enhancing(study.store, await started(world, study))

    await enhancing.enhance(MERCHANT, study.product.id, [wanted_in("title")])
    await study.over()

    assert (await study.store.catalogue.product(MERCHANT, study.product.id)).status is Status.IMPORTED
    assert await study.events() == ["product/enhance.requested", "product/enhance.failed"]


async def test_an_answer_that_is_kept_is_not_paid_for_again(lasting: World, study: Study) -> None:
    """A process that dies after an answer was kept, before its step was recorded, asks nothing when it comes back."""
    study.hold_after_keeping()
    enhancing = Enhancing(study.store, await started(lasting, study))
    await enhancing.enhance(MERCHANT, study.product.id, [wanted_in("title")])
    await until(lambda: study.kept)

    await lasting.stop()
    study.open = True
    await started(lasting, study)
    await study.over()

    (line,) = await Costs(study.store).of(MERCHANT, "model")
    assert (len(study.model.asked), line.attempts) == (1, 1)
    assert [each.id for each in await enhancing.enhancements(MERCHANT, study.product.id)] == study.kept
    assert await study.events() == ["product/enhance.requested", "product/enhance.completed"]
