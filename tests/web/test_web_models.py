"""Trying the language model out on its page: a real question, what it cost, or plainly why not."""

from dataclasses import dataclass

from cartage.imports.progress import now
from cartage.imports.spending import Costs, Purse
from cartage.imports.trial import Trial
from cartage.model.access import Role
from cartage.model.language import Usage
from cartage.model.language_errors import ModelKeyRefused
from cartage.model.spending import NO_CAPS, Caps, PaidAttempt
from cartage.web import WebOptions
from tests.language_models.scripted import ScriptedModel
from tests.web.conftest import PASSWORD, Web, client, make_server, text_of

RED = {"colour": "red"}


@dataclass
class Desk:
    """Try a scripted model as me, a few times."""

    web: Web
    model: ScriptedModel
    caps: Caps = NO_CAPS

    async def tried(self, times: int = 1) -> tuple[int, str]:
        """Press the button, and give the last answer's status and text."""
        options = WebOptions(trial=Trial(self.model, Purse(self.web.store, self.caps)))
        async with client(make_server(self.web.imports, self.web.accounts, options)) as browser:
            browser.cookies.update(self.web.mine.client.cookies)
            form = {"csrf": self.web.mine.csrf}
            replies = [await browser.post("/settings/models/try", data=form) for _ in range(times)]
        return replies[-1].status_code, text_of(replies[-1])


async def test_a_trial_tells_what_answered_and_what_it_cost(web: Web) -> None:
    """The answer, the money and the tokens; what was spent is the merchant's, under the model's name."""
    status, shown = await Desk(web, ScriptedModel([RED])).tried()

    (line,) = await Costs(web.store).of(web.mine.merchant_id, "model")
    assert status == 200
    assert "It works. openai:scripted answered “ red ”" in shown
    assert "$0.01" in shown
    assert (line.name, line.attempts, f"{line.known_cost}") == ("openai:scripted", 1, "0.01 USD")
    assert await Costs(web.store).of(web.theirs.merchant_id, "model") == []


async def test_a_trial_tells_what_a_product_costs_by_what_was_asked(web: Web) -> None:
    """The mean of the questions about products at the model's own prices; before there is one, nothing is guessed."""
    desk = Desk(web, ScriptedModel([RED]))
    _, before = await desk.tried()
    for number in (1, 2):
        paid = PaidAttempt(
            import_id="imp_1",
            provider="language_model",
            number=number,
            merchant_id=web.mine.merchant_id,
            host="shop.example",
            at=now(),
            counted=1,
        )
        await web.store.spending.reserve(paid, NO_CAPS, now())
        usage = Usage(model="openai:scripted", tokens_in=3000, tokens_out=200, cost=None)
        await web.store.spending.settle("imp_1", "language_model", number, None, usage)
    _, after = await desk.tried()

    assert "What a product costs is told here once it was asked about one." in before
    told = "About $0.005 for a product that it is asked about: by the 2 questions of the last 30 days"
    assert f"{told}, of 3,000 tokens in and 200 out on average." in after


async def test_a_trial_that_fails_says_what_the_provider_said(web: Web) -> None:
    """Whose side it is on, in the provider's words, and what to do."""
    refused = ScriptedModel([ModelKeyRefused("openai:scripted says: no such key.")])

    _, shown = await Desk(web, refused).tried()

    assert "openai:scripted says: no such key." in shown
    assert "The operator should check CARTAGE_MODEL_KEY." in shown


async def test_a_trial_keeps_to_the_budget_and_to_a_few_a_minute(web: Web) -> None:
    """At a budget nothing is asked; nor is a fourth time within a minute."""
    broke, eager = ScriptedModel([RED]), ScriptedModel([RED])

    _, shown = await Desk(web, broke, Caps(per_merchant_and_day=0)).tried()
    status, waiting = await Desk(web, eager).tried(4)

    assert (len(broke.asked), len(eager.asked)) == (0, 3)
    assert "The budget for your business today is used up" in shown
    assert status == 429
    assert "It was tried often just now." in waiting


async def test_only_an_admin_tries_it(web: Web) -> None:
    """A colleague who edits is refused, and the page offers nobody a model that there is not."""
    secret = await web.accounts.invite(web.mine.merchant_id, role=Role.EDITOR)
    await web.stranger.post(f"/join/{secret}", data={"email": "e@shop.example", "password": PASSWORD, "business": ""})
    session = await web.accounts.session(web.stranger.cookies["cartage_session"])
    assert session

    refused = await web.stranger.post("/settings/models/try", data={"csrf": session.csrf})

    assert refused.status_code == 403
    assert "Ask it now" not in text_of(await web.mine.get("/settings/models"))
