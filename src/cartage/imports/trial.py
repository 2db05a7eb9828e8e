"""Trying the language model out: one real, tiny question, paid and counted like any other."""

from dataclasses import dataclass

from cartage.imports.progress import now
from cartage.imports.spending import Purse
from cartage.language_model import LanguageModel
from cartage.model.catalogue import Import
from cartage.model.ids import new_id
from cartage.model.language import Usage
from cartage.wording.trial import QUESTION

ASKED_FOR = "model_trial"


@dataclass(frozen=True, slots=True)
class Heard:
    """Hold what the model answered, and what that used up."""

    said: str
    usage: Usage


@dataclass(frozen=True, slots=True)
class Trial:
    """Ask the language model one question for whoever sets it up."""

    model: LanguageModel
    purse: Purse

    async def ask(self, merchant_id: str) -> Heard:
        """Ask, within the merchant's budgets; raises `BudgetReached`, and as the model does."""
        # It belongs to no import: one that is never kept carries what is reserved and settled.
        asking = Import(
            id=new_id("imp"), product_id="", merchant_id=merchant_id, source_url="", number=1, created_at=now()
        )
        answer = await self.purse.ask(self.model, QUESTION, asking, ASKED_FOR, 1)
        return Heard(answer.value.colour[:100], answer.usage)
