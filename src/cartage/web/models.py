"""The page of the language model: how it is set, what it was asked lately, and a button that tries it out."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from cartage.accounts.quota import Quota
from cartage.imports.spending import SHOWN_DAYS, Costs
from cartage.imports.trial import Trial
from cartage.model.errors import CartageError
from cartage.model.product import Money
from cartage.model.request_errors import TooManyRequests
from cartage.scraping.policy import LANGUAGE_MODEL
from cartage.web.installation import MODEL, Installation
from cartage.web.rendering import page
from cartage.web.session import Posted, Sessions, Visitor
from cartage.wording.trial import NAMED

TRIALS_A_MINUTE = 3
HERE = "/settings/models"


@dataclass(frozen=True, slots=True)
class Each:
    """Hold what a question about a product costs on average, by how many were asked, and their tokens in and out."""

    cost: Money
    asked: int
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True, slots=True)
class ModelPage:
    """Show the language model; `trial` asks it one question, and where there is none, `off` says why."""

    costs: Costs
    installation: Installation
    off: str = ""
    trial: Trial | None = None
    quota: Quota = field(default_factory=lambda: Quota(TRIALS_A_MINUTE))

    async def shown(self, request: Request, merchant_id: str, status: int = 200, **told: Any) -> Response:
        """Make the page, with what a trial brought."""
        context: dict[str, Any] = {"heard": None, "failure": None, "wait": 0, "off": self.off, "product": NAMED, **told}
        lines = await self.costs.of(merchant_id, "model")
        context["each"] = await self._each(merchant_id) if context["heard"] else None
        offered = self.trial is not None
        rows = self.installation.rows(MODEL)
        return page(request, "models.html", status, rows=rows, lines=lines, days=SHOWN_DAYS, offered=offered, **context)

    async def _each(self, merchant_id: str) -> Each | None:
        """Say what a product costs that the model is asked about, by what questions of it took; None until one did."""
        found = (line for line in await self.costs.of(merchant_id) if line.name == LANGUAGE_MODEL)
        line = next(found, None)
        if self.trial is None or line is None or not line.tokens_in:
            return None
        cost = self.trial.model.cost(line.tokens_in, line.tokens_out, line.tokens_cached)
        if cost is None or not cost.amount:
            return None
        each = Money(amount=cost.amount / line.attempts, currency=cost.currency)
        return Each(each, line.attempts, line.tokens_in // line.attempts, line.tokens_out // line.attempts)

    async def tried(self, request: Request, merchant_id: str) -> Response:
        """Ask one question now, and show what came of it."""
        if self.trial is None:
            return await self.shown(request, merchant_id, 409)
        try:
            self.quota.spend(merchant_id)
            heard = await self.trial.ask(merchant_id)
        except TooManyRequests as error:
            return await self.shown(request, merchant_id, 429, wait=error.retry_after_seconds)
        except CartageError as error:
            return await self.shown(request, merchant_id, failure=error.failure())
        return await self.shown(request, merchant_id, heard=heard)


def add_models(router: APIRouter, models: ModelPage, sessions: Sessions) -> None:
    """Add the page of the language model."""

    @router.get(HERE)
    async def show_models(request: Request, visitor: Annotated[Visitor, Depends(sessions.visitor)]) -> Response:
        return await models.shown(request, visitor.merchant_id)

    @router.post(f"{HERE}/try")
    async def try_model(request: Request, posted: Annotated[Posted, Depends(sessions.administered)]) -> Response:
        return await models.tried(request, posted.merchant_id)
