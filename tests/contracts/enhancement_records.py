"""Enhance runs and enhancements to store, with what a test does not care about filled in."""

from typing import Any

from cartage.model.catalogue import CatalogueProduct, Event
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceRun, Task, TextField, Wanted
from cartage.model.ids import new_id
from cartage.model.product import Product
from cartage.store import Store
from tests.contracts.records import NOON, an_event, an_import, ended_product

MUG = Product(name="Mug", description="A mug of stoneware.", language="en")
TITLE, ARABIC = Wanted(task=Task.TITLE), Wanted(task=Task.TRANSLATION, language="ar")


def a_run(product: CatalogueProduct, **changes: Any) -> EnhanceRun:
    """Make a run that is to write a title."""
    run = EnhanceRun(
        id=new_id("run"),
        product_id=product.id,
        merchant_id=product.merchant_id,
        import_id=product.import_id,
        wanted=(TITLE,),
        created_at=NOON,
    )
    return run.model_copy(update=changes)


def run_event(product: CatalogueProduct, name: str = "product/enhance.requested") -> Event:
    """Make an event about a product's enhancement."""
    return an_event(an_import(product), name)


def a_proposal(run: EnhanceRun, text: str = "Stoneware mug", **changes: Any) -> Enhancement:
    """Make a proposed title."""
    enhancement = Enhancement(
        id=new_id("enh"),
        merchant_id=run.merchant_id,
        product_id=run.product_id,
        run_id=run.id,
        task=Task.TITLE,
        field=TextField.TITLE,
        source="Mug",
        text=text,
        model="openai:small",
        basis="0" * 32,
        state=EnhancementState.PROPOSED,
        created_at=NOON,
    )
    return enhancement.model_copy(update=changes)


async def begun_run(store: Store, merchant_id: str, **changes: Any) -> tuple[CatalogueProduct, EnhanceRun]:
    """Store an imported mug with a run under way."""
    product = await ended_product(store, merchant_id, facts=MUG)
    run = a_run(product, **changes)
    await store.enhancements.begin_run(run, run_event(product))
    return product, run
