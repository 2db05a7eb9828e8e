"""One import, from an address to a product or a reason."""

import time
from decimal import Decimal

import pytest

from cartage.model.catalogue import ImportState, Status, StepState
from cartage.model.errors import (
    AccessDenied,
    BotChallenge,
    Conflict,
    NotThisPlatform,
    PageNotFound,
    RateLimited,
    UpstreamUnavailable,
)
from cartage.model.evidence import Extraction, Source, Verdict
from cartage.model.language import Photo
from cartage.model.page import Page
from cartage.model.product import Availability, Money
from cartage.scraping.skipping import FOUND, NO_MODEL, NO_PICTURES, NO_PRODUCT
from tests.imports.conftest import MERCHANT, PLATFORM_URL, URL, House, kettle, make_house

REQUESTED, COMPLETED, FAILED = "product/scrape.requested", "product/scrape.completed", "product/scrape.failed"


async def imported(house: House, url: str = URL) -> str:
    """Import an address and give the product's id."""
    return (await house.imports.submit(MERCHANT, url)).product.id


async def test_an_address_becomes_a_product() -> None:
    """The facts of the page are kept, with evidence for each, and the product is IMPORTED."""
    house = make_house([kettle()])

    product = await house.imports.product(MERCHANT, await imported(house))

    assert product.status is Status.IMPORTED
    assert product.facts
    assert product.facts.name == "Steel Kettle"
    assert product.facts.price == Money(amount=Decimal("49.90"), currency="EUR")
    assert product.facts.availability is Availability.IN_STOCK
    assert Source.JSON_LD in {evidence.source for evidence in product.evidence["/price"]}
    assert product.missing == ()
    assert product.failure is None


async def test_what_may_come_is_known_from_the_start() -> None:
    """An import says which steps it may take, as its plan has them."""
    house = make_house([kettle()])

    product = await house.imports.product(MERCHANT, await imported(house))

    import_ = await house.imports.import_(MERCHANT, product.import_id)
    assert import_.planned == ("try direct 1", "save")


async def test_a_success_is_told_with_exactly_the_documented_keys() -> None:
    """Requested, then completed: the public events of a success, and no other."""
    house = make_house([kettle()])

    product_id = await imported(house)

    requested, completed = await house.events()
    assert (requested.name, completed.name) == (REQUESTED, COMPLETED)
    assert requested.data == {"productId": product_id, "sourceUrl": URL, "merchantId": MERCHANT}
    assert set(completed.data) == {"productId", "success", "provider", "duration"}
    assert (completed.data["productId"], completed.data["success"]) == (product_id, True)
    assert completed.data["provider"] == "direct"
    assert isinstance(completed.data["duration"], int)


async def test_a_failure_is_told_with_exactly_the_documented_keys() -> None:
    """Requested, then failed, with the reason in words."""
    house = make_house([PageNotFound("shop.example says that the page is gone.")])

    product_id = await imported(house)

    requested, failed = await house.events()
    assert (requested.name, failed.name) == (REQUESTED, FAILED)
    assert set(failed.data) == {"productId", "error", "duration"}
    assert failed.data["productId"] == product_id
    assert "the page is gone" in failed.data["error"]
    assert isinstance(failed.data["duration"], int)


async def test_a_failure_ends_in_its_reason() -> None:
    """Status FAILED, the failure as data, its words in the metadata, and the import over for the same reason."""
    house = make_house([PageNotFound("Gone.")])

    product = await house.imports.product(MERCHANT, await imported(house))
    import_ = await house.imports.import_(MERCHANT, product.import_id)

    assert product.status is Status.FAILED
    assert product.failure
    assert product.failure.code == "not_found"
    assert product.metadata.error == str(product.failure)
    assert product.facts is None
    assert (import_.state, import_.failure) == (ImportState.FAILED, product.failure)
    assert import_.finished_at


async def test_attempts_are_kept_with_duration_and_cost() -> None:
    """Every try is in the product's metadata: provider, number, outcome, time and money, and who won."""
    house = make_house([UpstreamUnavailable("Down."), kettle()], [NotThisPlatform("Not Shopify.")])

    product = await house.imports.product(MERCHANT, await imported(house, PLATFORM_URL))

    tried = product.metadata.attempts
    assert [(each.provider, each.number) for each in tried] == [("shop_api", 1), ("direct", 1), ("direct", 2)]
    assert [each.failure and each.failure.code for each in tried] == ["not_this_platform", "upstream_unavailable", None]
    assert tried[-1].verdict is Verdict.PRODUCT
    assert [each.cost for each in tried] == [Money(amount=Decimal("0.002"), currency="USD")] * 3
    assert all(each.duration_ms >= 0 for each in tried)
    assert product.metadata.provider == "direct"
    assert product.metadata.duration_ms >= 10
    assert list(tried) == await house.store.catalogue.attempts(product.import_id)


async def test_an_unknown_cost_stays_unknown() -> None:
    """A provider that cannot say what it costs is not recorded as free."""
    house = make_house([kettle()])
    house.direct.cost = None

    product = await house.imports.product(MERCHANT, await imported(house))

    assert product.metadata.attempts[0].cost is None


async def test_the_page_and_its_reading_are_kept() -> None:
    """What the provider brought, and what was read from it, can be looked at again."""
    house = make_house([kettle()])

    product = await house.imports.product(MERCHANT, await imported(house))
    (attempt,) = product.metadata.attempts
    page = await house.store.artifacts.get(MERCHANT, attempt.page_id or "")
    extraction = await house.store.artifacts.get(MERCHANT, attempt.extraction_id or "")

    assert Page.model_validate_json(page).body.decode() == kettle()
    assert Extraction.model_validate_json(extraction).product == product.facts


async def test_a_partial_page_is_imported_with_what_it_lacks() -> None:
    """Pictures but no price: IMPORTED, saying what is missing, instead of failing."""
    house = make_house([kettle(offers=None, description=None)])

    product = await house.imports.product(MERCHANT, await imported(house))

    assert product.status is Status.IMPORTED
    assert product.facts
    assert product.facts.images
    assert product.facts.price is None
    assert {"price", "description"} <= set(product.missing)


async def test_the_fuller_of_two_partial_pages_wins() -> None:
    """When no provider brings a whole page, the one that lacks least is kept."""
    house = make_house([kettle(offers=None)], [kettle(offers=None, description=None)])

    product = await house.imports.product(MERCHANT, await imported(house, PLATFORM_URL))

    assert product.metadata.provider == "direct"
    assert len(product.metadata.attempts) == 2
    assert product.facts
    assert product.facts.description


async def test_nobody_is_asked_once_the_product_is_found() -> None:
    """The first provider's whole page leaves the second alone."""
    house = make_house([kettle()], [kettle()])

    product = await house.imports.product(MERCHANT, await imported(house, PLATFORM_URL))

    assert product.metadata.provider == "shop_api"
    assert house.direct.requests == []


async def test_a_site_that_is_down_gets_its_tries_and_no_more() -> None:
    """Three tries, then the site's own failure."""
    house = make_house([UpstreamUnavailable("Down.")])

    product = await house.imports.product(MERCHANT, await imported(house))

    assert len(house.direct.requests) == 3
    assert product.failure
    assert product.failure.code == "upstream_unavailable"


async def test_a_wish_to_wait_is_granted() -> None:
    """The next try comes no earlier than the site asked for, and the wait is shown as a step."""
    house = make_house([RateLimited("Slow down.", 0.3), kettle()])
    started = time.monotonic()

    product = await house.imports.product(MERCHANT, await imported(house))

    assert time.monotonic() - started >= 0.3
    assert product.status is Status.IMPORTED
    events = [event.data for event in await house.events(steps=True) if event.name == "import/step"]
    waits = [data["state"] for data in events if data["step"] == "wait for direct 2"]
    assert waits == [StepState.WAITING.value, StepState.SUCCEEDED.value]


async def test_a_wish_to_wait_for_days_is_not() -> None:
    """A site that asks for too long ends its provider's turn: the next one is asked at once."""
    house = make_house([kettle()], [RateLimited("Tomorrow.", 86_400.0)])

    product = await house.imports.product(MERCHANT, await imported(house, PLATFORM_URL))

    assert len(house.shop_api.requests) == 1
    assert product.metadata.provider == "direct"


async def test_a_permanent_error_asks_nobody_else() -> None:
    """A page that is gone is asked for once."""
    house = make_house([kettle()], [PageNotFound("Gone.")])

    product = await house.imports.product(MERCHANT, await imported(house, PLATFORM_URL))

    assert product.status is Status.FAILED
    assert len(house.shop_api.requests) == 1
    assert house.direct.requests == []


async def test_steps_are_shown_as_they_end() -> None:
    """Each try and the saving are steps with a state and, for people, a sentence."""
    house = make_house([BotChallenge("Prove it.")], [kettle()])

    product_id = await imported(house, PLATFORM_URL)
    product = await house.imports.product(MERCHANT, product_id)
    steps, attempts = await house.imports.progress(MERCHANT, product.import_id)

    done = [step for step in steps if step.state is not StepState.SKIPPED]
    assert [(step.name, step.state) for step in done] == [
        ("try shop_api 1", StepState.SUCCEEDED),
        ("save", StepState.SUCCEEDED),
    ]
    assert steps[0].detail == "Found the product."
    assert all(step.finished_at for step in steps)
    assert len(attempts) == 1


async def test_a_failed_try_is_shown_with_its_reason() -> None:
    """The step of a try that met an error is FAILED and says why."""
    house = make_house([BotChallenge("shop.example asks for a proof.")])

    product = await house.imports.product(MERCHANT, await imported(house))
    steps, _ = await house.imports.progress(MERCHANT, product.import_id)

    assert (steps[0].name, steps[0].state) == ("try direct 1", StepState.FAILED)
    assert steps[0].detail == "shop.example asks for a proof."


async def test_what_an_import_leaves_out_is_told_with_why() -> None:
    """Whatever was not needed is a skipped step once the import is over, found or failed, and took no time."""
    found, failed = make_house([kettle()], [kettle()]), make_house([PageNotFound("Gone.")])

    told: list[list[tuple[str, str]]] = []
    for house, url in ((found, PLATFORM_URL), (failed, URL)):
        product = await house.imports.product(MERCHANT, await imported(house, url))
        steps, _ = await house.imports.progress(MERCHANT, product.import_id)
        skipped = [step for step in steps if step.state is StepState.SKIPPED]
        assert all(step.started_at == step.finished_at for step in skipped)
        told.append([(step.name, step.detail) for step in skipped])

    assert told == [
        [("try direct 1", FOUND), ("fill 1", NO_MODEL), ("try pictures", NO_PICTURES)],
        [("fill 1", NO_MODEL), ("try pictures", NO_PRODUCT), ("save", NO_PRODUCT)],
    ]


async def test_an_error_nobody_foresaw_ends_the_import() -> None:
    """A provider's bug is FAILED on our side, without its words, and never left IMPORTING."""
    house = make_house([ZeroDivisionError("password=hunter2")])

    product = await house.imports.product(MERCHANT, await imported(house))

    assert product.status is Status.FAILED
    assert product.failure
    assert (product.failure.code, product.failure.origin.value) == ("internal", "us")
    assert "hunter2" not in product.model_dump_json()
    assert [event.name for event in await house.events()] == [REQUESTED, FAILED]


async def test_what_a_browser_showed_is_kept_apart_from_the_page() -> None:
    """The shot of a refusal is an artifact of its own, named by the attempt."""
    refused = AccessDenied("shop.example refuses to show the page.")
    refused.shot = Photo(media_type="image/jpeg", content=b"\xff\xd8shot")
    house = make_house([refused])

    product = (await house.imports.submit(MERCHANT, URL)).product

    (attempt,) = (await house.imports.product(MERCHANT, product.id)).metadata.attempts
    assert attempt.page_id is None
    assert attempt.shot_id
    assert await house.store.artifacts.get(MERCHANT, attempt.shot_id) == b"\xff\xd8shot"


async def test_a_retry_from_extract_fetches_nothing() -> None:
    """The page that is kept is read once more, by the reader as it is now, and the shop is not asked."""
    house = make_house([kettle()])
    product_id = await imported(house)
    asked = len(house.direct.requests)

    again = await house.imports.retry(MERCHANT, product_id, from_step="extract")

    product = await house.imports.product(MERCHANT, product_id)
    assert (product.status, product.import_id, product.metadata.provider) == (Status.IMPORTED, again.import_.id, "kept")
    assert product.facts
    assert product.facts.name == "Steel Kettle"
    assert len(house.direct.requests) == asked


async def test_a_retry_from_extract_needs_a_page() -> None:
    """Where no page was ever brought, there is nothing to read again, and no import begins."""
    house = make_house([PageNotFound("Gone.")])
    product_id = await imported(house)

    with pytest.raises(Conflict, match="kept"):
        await house.imports.retry(MERCHANT, product_id, from_step="extract")

    assert (await house.imports.status(MERCHANT, product_id)).status is Status.FAILED
