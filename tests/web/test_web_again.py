"""Beginning an import again at a step, and what the next one read otherwise."""

from decimal import Decimal

from cartage.imports.progress import event_for, now
from cartage.model.catalogue import Attempt, ImportState, Status, StepState
from cartage.model.evidence import Extraction, Verdict
from cartage.model.product import Money, Option, Product, Variant
from tests.web.conftest import Web, text_of

MUG = Product(name="Mug", brand="Old", price=Money(amount=Decimal(10), currency="EUR"))


async def read_as(web: Web, product_id: str, facts: Product) -> None:
    """End a product's import that is under way with a page that says so."""
    product = await web.imports.product(web.mine.merchant_id, product_id)
    import_ = await web.imports.import_(product.merchant_id, product.import_id)
    extraction = Extraction(product=facts, verdict=Verdict.PRODUCT, reason="", evidence={})
    content = extraction.model_dump_json().encode()
    kept = [await web.store.artifacts.put(product.merchant_id, "application/json", each) for each in (b"{}", content)]
    attempt = Attempt(
        provider="direct",
        number=1,
        started_at=now(),
        duration_ms=5,
        verdict=Verdict.PRODUCT,
        page_id=kept[0],
        extraction_id=kept[1],
    )
    await web.store.catalogue.record_attempt(import_.id, attempt)
    settled = product.model_copy(update={"status": Status.IMPORTED, "facts": facts, "updated_at": now()})
    ended = import_.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": now()})
    assert await web.store.catalogue.end_import(settled, ended, event_for(import_, "test/ended", {}))


async def test_a_product_tells_what_the_next_import_read_otherwise(web: Web) -> None:
    """Field by field: what changed, what is gone, and what stays because a person set it."""
    product_id = (await web.importing()).id
    await read_as(web, product_id, MUG)
    first = text_of(await web.mine.get(f"/products/{product_id}"))
    await web.mine.post(f"/products/{product_id}/edit", name="My mug", brand="Old", amount="10", currency="EUR")
    await web.mine.post(f"/import/status/{product_id}/retry")
    changes = {"name": "Cup", "brand": None, "price": Money(amount=Decimal(12), currency="EUR")}
    await read_as(web, product_id, MUG.model_copy(update=changes))

    told = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "Since the import before" not in first
    assert "€10.00 → €12.00" in told
    assert "Mug → Cup Kept as you set it." in told
    assert "Old → nothing" in told
    assert "Name My mug set by hand" in told


async def test_an_import_is_begun_again_from_its_page(web: Web) -> None:
    """A step of a product's present import offers its page, and the new import reads just that."""
    product_id = (await web.importing()).id
    await web.step(await web.imports.product(web.mine.merchant_id, product_id), "try direct 1", StepState.SUCCEEDED)
    await read_as(web, product_id, MUG)
    first = await web.imports.product(web.mine.merchant_id, product_id)

    offered = (await web.mine.get(f"/imports/{first.import_id}?step=try+direct+1")).text
    await web.mine.post(f"/import/status/{product_id}/retry", from_step="extract")

    again = await web.imports.product(web.mine.merchant_id, product_id)
    import_ = await web.imports.import_(web.mine.merchant_id, again.import_id)
    (attempt,) = await web.store.catalogue.attempts(first.import_id)
    assert "Retry from here: read this page again" in offered
    assert import_.kept_page_id == attempt.page_id
    assert "Retry from here" not in (await web.mine.get(f"/imports/{first.import_id}")).text


async def test_what_waits_says_how_many_go_first(web: Web) -> None:
    """The place in line is told until the first step."""
    await web.importing("/a")
    second = await web.importing("/b")

    waiting = text_of(await web.mine.get(f"/import/status/{second.id}"))

    assert "1 of your imports goes first" in waiting


async def test_two_options_make_a_matrix_with_its_gaps(web: Web) -> None:
    """Each combination shows its price, and what there is not says so."""
    offered = [("Red", "S"), ("Red", "M"), ("Blue", "M")]
    variants = tuple(Variant(options={"Colour": one, "Size": two}, price=MUG.price) for one, two in offered)
    options = (Option(name="Colour", values=("Red", "Blue")), Option(name="Size", values=("S", "M")))
    product_id = await web.imported(MUG.model_copy(update={"options": options, "variants": variants}))

    shown = text_of(await web.mine.get(f"/products/{product_id}"))

    assert "Blue not offered €10.00" in shown
    assert "1 combination not offered." in shown
