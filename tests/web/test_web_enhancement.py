"""Texts by a language model on a product's page, the settings of enhancement, and the choice for one import."""

from typing import Any

import pytest

from cartage.engine import EnhanceRequested
from cartage.model.catalogue import CatalogueProduct
from cartage.model.enhancement import (
    Enhancement,
    EnhancementState,
    EnhanceRun,
    EnhanceSettings,
    Offence,
    RunState,
    Task,
    TextField,
    Wanted,
)
from cartage.model.language_errors import ModelUnavailable
from cartage.model.service_errors import BudgetReached
from cartage.web import WebOptions
from cartage.web.enhancement import direction_of
from tests.contracts.enhancement_records import ARABIC, MUG, TITLE, a_proposal, a_run, run_event
from tests.contracts.records import NOON
from tests.web.conftest import SHOP, Web, client, make_server, text_of

PORTUGUESE = Wanted(task=Task.TRANSLATION, language="pt-BR")
ARABIC_TITLE = "كوب من الخزف"
REFUSED: dict[str, Any] = {
    "state": EnhancementState.REFUSED,
    "offences": (Offence(kind="claim", found="best", sentence="The best mug <b>ever</b>"),),
}
TRANSLATED: dict[str, Any] = {"task": Task.TRANSLATION, "language": "ar", "field": TextField.TITLE}


async def with_run(web: Web, *texts: Enhancement, **changes: Any) -> tuple[CatalogueProduct, EnhanceRun]:
    """Import a mug as me, with these texts of a run, which ends where `changes` say so."""
    product = await web.imports.product(web.mine.merchant_id, await web.imported(MUG))
    run = a_run(product, **{name: value for name, value in changes.items() if name == "wanted"})
    await web.store.enhancements.begin_run(run, run_event(product))
    own = {"merchant_id": run.merchant_id, "product_id": run.product_id, "run_id": run.id}
    await web.store.enhancements.keep([each.model_copy(update=own) for each in texts])
    if "state" in changes:
        ended = run.model_copy(update={**changes, "finished_at": NOON})
        await web.store.enhancements.end_run(ended, run_event(product), enhanced=ended.failure is None)
    return product, run


def a_text(text: str = "Stoneware mug", **changes: Any) -> Enhancement:
    """Make a text of no run yet."""
    nobody = EnhanceRun(id="", product_id="", merchant_id="", import_id="", wanted=(TITLE,), created_at=NOON)
    return a_proposal(nobody, text, **changes)


async def page_of(web: Web, product: CatalogueProduct) -> str:
    """Give the HTML of a product's page."""
    return (await web.mine.get(f"/products/{product.id}")).text


async def kept(web: Web, product: CatalogueProduct) -> CatalogueProduct:
    """Give the product as it is kept now."""
    return await web.imports.product(web.mine.merchant_id, product.id)


async def test_a_new_text_stands_beside_its_source_with_what_differs(web: Web) -> None:
    """What it took out and put in is marked, and an enhanced product says so."""
    product, _ = await with_run(web, a_text(), state=RunState.SUCCEEDED)

    shown = await page_of(web, product)

    assert "<del>Mug</del>" in shown
    assert "<ins>Stoneware mug</ins>" in shown
    assert "1 new text waits for you" in shown
    assert "Enhanced</span>" in shown


async def test_an_arabic_text_is_shown_right_to_left(web: Web) -> None:
    """Its element names language and direction; beside another language nothing is marked as a difference."""
    product, _ = await with_run(web, a_text(ARABIC_TITLE, **TRANSLATED))

    shown = await page_of(web, product)

    assert f'<p class="prose" lang="ar" dir="rtl">{ARABIC_TITLE}</p>' in shown
    assert "Title in Arabic" in shown
    assert "<del>" not in shown


@pytest.mark.parametrize(
    ("language", "direction"), [("ar", "rtl"), ("he-IL", "rtl"), ("pt-BR", "ltr"), ("xx", "auto"), ("", "auto")]
)
def test_languages_have_directions(language: str, direction: str) -> None:
    """Where a language is not known, its letters decide."""
    assert direction_of(language) == direction


async def test_texts_are_accepted_and_rejected_one_by_one(web: Web) -> None:
    """Accepting puts a text among the product's, taking it back takes it out again."""
    text = a_text()
    product, _ = await with_run(web, text)

    await web.mine.post(f"/products/{product.id}/enhancements", id=text.id, decision="accept")
    accepted = await kept(web, product)
    reply = await web.mine.post(f"/products/{product.id}/enhancements", id=text.id, decision="reject")

    assert [each.text for each in accepted.written] == ["Stoneware mug"]
    assert (reply.status_code, (await kept(web, product)).written) == (303, ())


async def test_all_are_accepted_at_once(web: Web) -> None:
    """What the check refused is not among them."""
    refused = a_text(field=TextField.BULLETS, task=Task.BULLETS, **REFUSED)
    product, _ = await with_run(web, a_text(), a_text(ARABIC_TITLE, **TRANSLATED), refused)

    await web.mine.post(f"/products/{product.id}/enhancements", decision="all")

    assert {each.text for each in (await kept(web, product)).written} == {"Stoneware mug", ARABIC_TITLE}


async def test_the_offending_sentence_is_shown(web: Web) -> None:
    """It is quoted, harmlessly, with the words that the page does not have; there is no button to accept it."""
    product, _ = await with_run(web, a_text(**REFUSED))

    shown = await page_of(web, product)

    assert "The <mark>best</mark> mug &lt;b&gt;ever&lt;/b&gt;" in shown
    assert "A claim that the page does not make" in text_of(await web.mine.get(f"/products/{product.id}"))
    assert 'value="accept"' not in shown


async def test_one_task_is_run_again(web: Web) -> None:
    """The button of a text asks for its task alone."""
    product, _ = await with_run(web, a_text(ARABIC_TITLE, **TRANSLATED), state=RunState.SUCCEEDED)

    await web.mine.post(f"/products/{product.id}/enhance", tasks="translation:ar")

    _, request = web.engine.sent[-1]
    assert isinstance(request, EnhanceRequested)
    assert request.tasks == ("translation:ar",)
    assert "It is writing: translation into Arabic." in text_of(await web.mine.get(f"/products/{product.id}"))


async def test_while_it_writes_the_page_looks_again(web: Web) -> None:
    """By script, and without one by itself."""
    product, _ = await with_run(web)

    shown = await page_of(web, product)

    assert '<noscript><meta http-equiv="refresh"' in shown
    assert f'data-page="/products/{product.id}"' in shown


async def test_a_failed_enhancement_is_a_warning_with_a_retry(web: Web) -> None:
    """The product stays imported; what is left is asked for again."""
    failure = ModelUnavailable("The model is overloaded.").failure()
    changes = {"wanted": (TITLE, ARABIC), "done": (TITLE,), "failure": failure}
    product, _ = await with_run(web, state=RunState.FAILED, **changes)

    shown = await page_of(web, product)

    assert "The model is overloaded." in shown
    assert "Imported</span>" in shown
    assert (
        '<input type="hidden" name="tasks" value="translation:ar"><button class="btn" data-variant="outline">' in shown
    )


async def test_at_the_budget_it_asks_and_goes_on(web: Web) -> None:
    """The question says what is not written yet, and going on begins a run of just that."""
    failure = BudgetReached("The day's 20 dollars are spent.").failure()
    product, _ = await with_run(web, state=RunState.FAILED, wanted=(TITLE, ARABIC), done=(TITLE,), failure=failure)

    asked = text_of(await web.mine.get(f"/products/{product.id}"))
    await web.mine.post(f"/products/{product.id}/enhance/continue")

    run = (await web.store.enhancements.runs(web.mine.merchant_id, product.id))[0]
    assert "Not written yet: translation into Arabic. Shall it go on anyway?" in asked
    assert (run.wanted, run.state) == ((ARABIC,), RunState.QUEUED)


async def test_pictures_are_not_fetched_again_while_it_writes(web: Web) -> None:
    """Another import would put an end to the writing."""
    product, run = await with_run(web)

    await web.mine.post(f"/products/{product.id}/pictures")

    assert (await kept(web, product)).import_id == run.import_id


async def test_without_a_language_model_nothing_is_offered(web: Web) -> None:
    """The page says nothing of texts, the settings say why."""
    server = make_server(web.imports, web.accounts, WebOptions(model_off="CARTAGE_MODEL names no language model."))
    product_id = await web.imported(MUG)
    async with client(server) as browser:
        browser.cookies.update(web.mine.client.cookies)
        shown = text_of(await browser.get(f"/products/{product_id}"))
        settings = text_of(await browser.get("/settings/enhancement"))
        general = text_of(await browser.get("/settings/general"))

    assert "Texts by the language model" not in shown
    assert "CARTAGE_MODEL names no language model." in settings
    assert "Off: there is no language model." in general


async def test_what_is_written_is_chosen_in_the_settings(web: Web) -> None:
    """Tasks, languages and voice are kept as sent, and shown again."""
    form = {"automatic": "yes", "task_title": "yes", "task_translation": "yes", "languages": "ar, pt-BR ar"}

    reply = await web.mine.post("/settings/enhancement", voice="Warm.\r\nBrief.", **form)

    settings = await web.store.enhancements.settings(web.mine.merchant_id)
    tasks = (Task.TITLE, Task.TRANSLATION)
    assert reply.status_code == 303
    assert (settings.automatic, settings.wanted) == (True, (TITLE, ARABIC, PORTUGUESE))
    assert (settings.tasks, settings.voice) == (tasks, "Warm.\nBrief.")
    assert 'value="ar pt-BR"' in (await web.mine.get("/settings/enhancement")).text


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"task_translation": "yes"}, "A translation needs a language"),
        ({"task_translation": "yes", "languages": "Arabic!"}, "Languages are tags"),
        ({"automatic": "yes"}, "Choose what is to be written"),
        ({"voice": "x" * 1001}, "longer than it may be"),
    ],
)
async def test_settings_that_make_no_sense_are_refused_in_place(web: Web, form: dict[str, str], told: str) -> None:
    """What was typed stays in the form, and nothing is kept."""
    reply = await web.mine.post("/settings/enhancement", **form)

    assert reply.status_code == 422
    assert told in text_of(reply)
    assert (await web.store.enhancements.settings(web.mine.merchant_id)).tasks == ()


@pytest.mark.parametrize(("sent", "chosen"), [({"enhance": "yes"}, True), ({}, False)])
async def test_whoever_imports_chooses(web: Web, sent: dict[str, str], chosen: bool) -> None:  # noqa: FBT001 - pytest gives it by name
    """The form asks once something is chosen that could be written; what is ticked holds for this import."""
    before = (await web.mine.get("/import")).text
    wanted = EnhanceSettings(merchant_id=web.mine.merchant_id, automatic=True, tasks=(Task.TITLE,))
    await web.store.enhancements.set_settings(wanted)
    offered = (await web.mine.get("/import")).text

    await web.mine.post("/import", url=f"{SHOP}/chosen", enhance_asked="yes", **sent)

    (product,) = await web.imports.products(web.mine.merchant_id)
    assert 'name="enhance"' not in before
    assert 'name="enhance" value="yes" checked' in offered
    assert (await web.imports.import_(web.mine.merchant_id, product.import_id)).enhance is chosen


async def test_a_retry_keeps_the_choice(web: Web) -> None:
    """What was chosen for an import holds for the next one of the same product."""
    submission = await web.imports.submit(web.mine.merchant_id, f"{SHOP}/again", enhance=False)
    await web.end(submission.product, ModelUnavailable("Busy.").failure())

    again = await web.imports.retry(web.mine.merchant_id, submission.product.id)

    assert again.import_.enhance is False
