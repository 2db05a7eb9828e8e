"""What the page of costs tells of steps, of the browser's time and of the prices that costs are reckoned by."""

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, FastAPI

from cartage.imports.progress import event_for, now
from cartage.imports.spending import Costs
from cartage.model.catalogue import Step, StepState
from cartage.model.language import Usage
from cartage.model.spending import Caps, PaidAttempt, PriceList
from cartage.web.answers import PageRoute
from cartage.web.costs import CostsPage, add_costs
from cartage.web.installation import Installation
from cartage.web.session import Sessions
from tests.language_models.scripted import ScriptedModel
from tests.web.conftest import Web, client, text_of


@dataclass
class OldPrices(ScriptedModel):
    """Be a model whose prices nobody has renewed for long."""

    @property
    def price_list(self) -> PriceList:
        """Name a list of the summer."""
        return PriceList(name="a test", newest=date(2026, 7, 24))


async def test_costs_are_told_by_step_with_the_browser_s_time_and_the_price_list_s_age(web: Web) -> None:
    """Services and models are summed under what they were paid for, old prices say so, a browser costs only time."""
    me, at = web.mine.merchant_id, now()
    for provider, cost in (("zyte", 2000), ("apify", 3000), ("language_model", 500)):
        attempt = PaidAttempt(
            import_id="imp_1", provider=provider, number=1, merchant_id=me, host="shop.example", at=at, counted=1
        )
        await web.store.spending.reserve(attempt, Caps(), at)
        usage = Usage(model="openai:scripted", cost=None) if provider == "language_model" else None
        await web.store.spending.settle("imp_1", provider, 1, cost, usage)
    product = await web.importing()
    import_ = await web.imports.import_(me, product.import_id)
    over = at + timedelta(seconds=8)
    step = Step(import_id=import_.id, name="try browser 1", state=StepState.SUCCEEDED, started_at=at, finished_at=over)
    await web.store.catalogue.record_steps([(step, event_for(import_, "import/step", {}))])
    costs = CostsPage(Costs(web.store), Installation(), OldPrices([{}]))

    steps = {line.name: f"{line.known_cost}" for line in await costs.of(me, "step", 7)}
    router = APIRouter(route_class=PageRoute)
    add_costs(router, costs, Sessions(web.accounts, secure=False))
    server = FastAPI()
    server.include_router(router)
    async with client(server) as browser:
        browser.cookies.update(web.mine.client.cookies)
        page = text_of(await browser.get("/costs"))

    assert steps == {"Get the page": "0.005 USD", "Fill what is missing": "0.0005 USD"}
    assert "By step" in page
    assert "Its newest price holds since 24 July 2026" in page
    assert "Update Cartage to have newer prices." in page
    assert "a browser on your own machines opened 1 page, for 8.0 s. That costs nothing else." in page
