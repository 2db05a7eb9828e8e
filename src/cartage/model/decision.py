"""What follows from decisions about enhancements: which texts a product has, and what takes whose place."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cartage.model.catalogue import CatalogueProduct
from cartage.model.enhancement import Enhancement, EnhancementState, EnhanceRun, RunState, TextField, WrittenText
from cartage.model.enhancement_errors import EnhancementSuperseded
from cartage.model.errors import Conflict, NotFound

ACCEPTABLE = {EnhancementState.PROPOSED, EnhancementState.REJECTED, EnhancementState.ACCEPTED}

Place = tuple[str, TextField, str | None]


def place_of(enhancement: Enhancement) -> Place:
    """Say which text of which product an enhancement is for."""
    return enhancement.product_id, enhancement.field, enhancement.language


def decided(known: Sequence[Enhancement], decisions: Mapping[str, bool], at: datetime) -> list[Enhancement]:
    """Give the enhancements that decisions change, those that they replace among them.

    Raises `NotFound` for an id that is not known, and `Conflict` for accepting what may not be accepted.
    """
    present = {each.id: each for each in known}
    changed: dict[str, Enhancement] = {}
    for enhancement_id, accepted in decisions.items():
        if enhancement_id not in present:
            raise NotFound(f"There is no {enhancement_id}.")
        each = present[enhancement_id]
        if accepted and each.state not in ACCEPTABLE:
            raise Conflict(f"{enhancement_id} is {each.state.value}, and cannot be accepted.")
        state = EnhancementState.ACCEPTED if accepted else EnhancementState.REJECTED
        others = [other for other in present.values() if place_of(other) == place_of(each) and other.id != each.id]
        if accepted:
            changed |= {other.id: _replaced(other) for other in others if other.state is EnhancementState.ACCEPTED}
        changed[each.id] = each.model_copy(update={"state": state, "decided_at": at})
        present |= changed
    return list(changed.values())


def with_written(product: CatalogueProduct, changed: Sequence[Enhancement]) -> CatalogueProduct:
    """Give a product with the texts that changed enhancements leave it."""
    gone = {each.id for each in changed}
    taken = {place_of(each) for each in changed if each.state is EnhancementState.ACCEPTED}
    kept = [
        each
        for each in product.written
        if each.enhancement_id not in gone and (product.id, each.field, each.language) not in taken
    ]
    fresh = [
        WrittenText(field=each.field, language=each.language, text=each.text, model=each.model, enhancement_id=each.id)
        for each in changed
        if each.state is EnhancementState.ACCEPTED
    ]
    return product.model_copy(update={"written": (*kept, *fresh)})


def superseded(run: EnhanceRun, at: datetime) -> EnhanceRun:
    """Give a run ended by another that takes its place."""
    failure = EnhancementSuperseded("The product was imported again.").failure()
    return run.model_copy(update={"state": RunState.FAILED, "failure": failure, "finished_at": at})


def _replaced(enhancement: Enhancement) -> Enhancement:
    return enhancement.model_copy(update={"state": EnhancementState.REPLACED})
