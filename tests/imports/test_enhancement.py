"""Enhancement from an import to accepted texts, on the inline engine with a language model that answers a script."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cartage.engines.inline import Inline
from cartage.imports.enhance_workflow import EnhanceWorkflow
from cartage.imports.enhancement import Enhancing, wanted_in
from cartage.imports.service import Imports
from cartage.imports.spending import Purse
from cartage.imports.workflow import ImportWorkflow
from cartage.imports.works import Works
from cartage.language_model import Answer
from cartage.model.catalogue import CatalogueProduct, Import, Status
from cartage.model.enhancement import EnhancementState, EnhanceSettings, Task, TextField
from cartage.model.errors import CartageError
from cartage.model.language import Usage
from cartage.model.language_errors import ModelRefused, ModelUnavailable
from cartage.model.product import Money
from cartage.model.spending import NO_CAPS, Caps, PriceList
from cartage.model.wishes import AS_USUAL, Wishes
from cartage.scraping.plan import RetryPreset
from cartage.stores.memory import MemoryStore
from tests.imports.conftest import MERCHANT, URL, Scripted, kettle

CENT = Money(amount=Decimal("0.01"), currency="USD")
RETRY = RetryPreset(attempts=3, first_delay_seconds=0.01)
TITLE = {"title": "Kettle of brushed steel"}
ARABIC = {"title": "غلاية من الفولاذ", "description": "غلاية من الفولاذ بمقبض من خشب الجوز للغاز مع صافرة."}


@dataclass
class Author:
    """Be a language model that answers from a script, one entry a question; the last entry is repeated."""

    script: list[dict[str, str] | CartageError]
    name: str = "openai:small"
    local: bool = False
    questions: list[str] = field(default_factory=list[str])

    def estimate(self, instructions: str, content: Sequence[Any], *, most_tokens: int) -> Money | None:
        """Say a cent."""
        del instructions, content, most_tokens
        return CENT

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> Money | None:
        """State the price, whatever was said."""
        del tokens_in, tokens_out, cached
        return CENT

    @property
    def price_list(self) -> PriceList | None:
        """Name a list that nobody keeps."""
        return PriceList(name="a test")

    async def ask(self, instructions: str, content: Sequence[Any], answer: type[Any], *, most_tokens: int) -> Any:
        """Give the script's next answer, or raise its next error."""
        del instructions, most_tokens
        entry = self.script[min(len(self.questions), len(self.script) - 1)]
        self.questions.append(str(content[0]))
        if isinstance(entry, CartageError):
            raise entry
        return Answer(answer.model_validate(entry), Usage(model=self.name, cost=CENT))

    async def aclose(self) -> None:
        """Do nothing."""


@dataclass
class Study:
    """Hold a house with an author in it."""

    store: MemoryStore
    author: Author
    imports: Imports
    enhancing: Enhancing

    async def imported(self, *tasks: Task, wishes: Wishes = AS_USUAL) -> CatalogueProduct:
        """Import the kettle, with these tasks after each import, and give what is kept."""
        settings = EnhanceSettings(
            merchant_id=MERCHANT, automatic=bool(tasks), tasks=tasks, languages=("ar",) if tasks else ()
        )
        await self.enhancing.set_settings(settings)
        product = (await self.imports.submit(MERCHANT, URL, wishes=wishes)).product
        return await self.imports.product(MERCHANT, product.id)

    async def events(self) -> list[str]:
        """Name the events, those about steps aside."""
        return [each.name for each in await self.store.catalogue.events(MERCHANT) if each.name != "import/step"]


def make_study(*script: dict[str, str] | CartageError, caps: Caps = NO_CAPS) -> Study:
    """Make a house whose language model answers so."""
    store, author = MemoryStore(), Author(list(script))

    async def then(import_: Import) -> None:
        await enhancing.after(import_)

    direct = Scripted("direct", [kettle()], Money(amount=Decimal(0), currency="USD"))
    workflow = ImportWorkflow(store, {"direct": direct}, RETRY, then=then)
    engine = Inline(Works(workflow, EnhanceWorkflow(store, author, Purse(store, caps), RETRY)))
    enhancing = Enhancing(store, engine)
    return Study(store, author, Imports(store, engine), enhancing)


async def test_nothing_is_written_unasked() -> None:
    """A merchant that said nothing gets IMPORTED, and no model is asked."""
    study = make_study(TITLE)

    product = await study.imported()

    assert product.status is Status.IMPORTED
    assert study.author.questions == []


async def test_an_import_becomes_enhanced() -> None:
    """IMPORTED, then each task, then ENHANCED, told by events; the texts wait beside the facts until accepted."""
    study = make_study(TITLE, ARABIC)

    product = await study.imported(Task.TITLE, Task.TRANSLATION)
    proposed = await study.enhancing.enhancements(MERCHANT, product.id)
    await study.enhancing.accept_all(MERCHANT, product.id)

    kept = await study.imports.product(MERCHANT, product.id)
    assert product.status is Status.ENHANCED
    assert product.written == ()
    assert {each.state for each in proposed} == {EnhancementState.PROPOSED}
    arabic = kept.text(TextField.TITLE, "ar")
    assert arabic
    assert (arabic.text, arabic.by_model) == (ARABIC["title"], True)
    assert (await study.events())[-2:] == ["product/enhance.requested", "product/enhance.completed"]


async def test_a_refused_text_is_asked_once_more_and_then_left() -> None:
    """The repair names the sentence; a text that is refused twice leaves IMPORTED, with the sentence to see."""
    study = make_study({"title": "The best kettle"})

    product = await study.imported(Task.TITLE)

    (refused,) = await study.enhancing.enhancements(MERCHANT, product.id)
    run = await study.enhancing.last_run(MERCHANT, product.id)
    assert product.status is Status.IMPORTED
    assert len(study.author.questions) == 2
    assert "The best kettle (claim: best)" in study.author.questions[1]
    assert (refused.state, refused.offences[0].found) == (EnhancementState.REFUSED, "best")
    assert run
    assert run.failure
    assert run.failure.code == "text_refused"


async def test_a_busy_model_is_asked_again_and_a_failure_is_no_failed_product() -> None:
    """An overload is waited out; a refusal to answer leaves IMPORTED and can be retried by the task alone."""
    study = make_study(ModelUnavailable("Busy."), ModelRefused("No."), TITLE)

    product = await study.imported(Task.TITLE)
    await study.enhancing.enhance(MERCHANT, product.id, [wanted_in("title")])

    assert product.status is Status.IMPORTED
    assert "product/enhance.failed" in await study.events()
    assert (await study.imports.product(MERCHANT, product.id)).status is Status.ENHANCED


async def test_the_same_facts_are_paid_for_once() -> None:
    """A product imported again with the same text is ENHANCED without another question."""
    study = make_study(TITLE)
    product = await study.imported(Task.TITLE)

    await study.imports.retry(MERCHANT, product.id)

    assert (await study.imports.product(MERCHANT, product.id)).status is Status.ENHANCED
    assert len(study.author.questions) == 1


async def test_going_on_lifts_the_import_s_own_bound() -> None:
    """Texts of an import that may spend nothing are written once somebody says so."""
    study = make_study(TITLE)

    product = await study.imported(Task.TITLE, wishes=Wishes(max_cost_usd=Decimal(0)))
    asked = len(study.author.questions)
    await study.enhancing.go_on(MERCHANT, product.id)

    assert (asked, len(study.author.questions)) == (0, 1)
    assert (await study.imports.product(MERCHANT, product.id)).status is Status.ENHANCED


async def test_a_budget_stops_it_and_a_person_lets_it_go_on() -> None:
    """Money is put aside before the question; at a cap nothing is asked until somebody says so."""
    study = make_study(TITLE, caps=Caps(per_day=0))

    product = await study.imported(Task.TITLE)
    asked = len(study.author.questions)
    stopped = await study.enhancing.last_run(MERCHANT, product.id)
    await study.enhancing.go_on(MERCHANT, product.id)

    assert (product.status, asked) == (Status.IMPORTED, 0)
    assert stopped
    assert stopped.failure
    assert stopped.failure.code == "budget_reached"
    assert (await study.imports.product(MERCHANT, product.id)).status is Status.ENHANCED
