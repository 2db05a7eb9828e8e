"""The review of a draft on its product's page, and what pages say of language models."""

from cartage.model.catalogue import CatalogueProduct, Status
from cartage.model.evidence import Drop, Evidence, Source
from cartage.model.language import Usage
from cartage.model.product import Product
from cartage.model.service_errors import BudgetReached
from tests.web.conftest import Web, text_of

SEEN = Evidence(source=Source.PICTURE, where="picture 1", raw="Blue mug")
DRAFT = Product(name="Blue mug", attributes=(("Kind", "Mug"),))


async def drafted(web: Web) -> CatalogueProduct:
    """Import a page of pictures as me."""
    product_id = await web.imported(DRAFT, {"/name": (SEEN,), "/attributes/Kind": (SEEN,)})
    return await changed(web, product_id, unverified=("/name", "/attributes/Kind"))


async def changed(web: Web, product_id: str, **changes: object) -> CatalogueProduct:
    """Change a product as an import would have."""
    return await web.store.catalogue.change_product(
        web.mine.merchant_id, product_id, lambda kept: kept.model_copy(update=changes)
    )


async def kept(web: Web, product: CatalogueProduct) -> CatalogueProduct:
    """Give the product as it is kept now."""
    return await web.imports.product(web.mine.merchant_id, product.id)


async def test_a_draft_is_shown_as_one(web: Web) -> None:
    """Each unverified field is there to be decided on, and says where it comes from."""
    product = await drafted(web)

    shown = text_of(await web.mine.get(f"/products/{product.id}"))

    assert "A draft to look at" in shown
    assert "Seen in pictures by a language model, not verified" in shown


async def test_what_is_accepted_as_it_is_stays(web: Web) -> None:
    """The field is locked, and waits for nobody any more."""
    product = await drafted(web)

    reply = await web.mine.post(f"/products/{product.id}/review", field="/name", value="Blue mug", decision="accept")

    reviewed = await kept(web, product)
    assert reply.status_code == 303
    assert (reviewed.unverified, reviewed.locked) == (("/attributes/Kind",), ("name",))


async def test_what_is_set_right_is_kept_as_set(web: Web) -> None:
    """A changed text is an edit."""
    product = await drafted(web)

    await web.mine.post(f"/products/{product.id}/review", field="/attributes/Kind", value="Cup", decision="accept")

    reviewed = await kept(web, product)
    assert reviewed.facts
    assert reviewed.facts.attributes == (("Kind", "Cup"),)


async def test_what_is_rejected_is_gone(web: Web) -> None:
    """The attribute is removed."""
    product = await drafted(web)

    await web.mine.post(f"/products/{product.id}/review", field="/attributes/Kind", decision="reject")

    reviewed = await kept(web, product)
    assert reviewed.facts
    assert (reviewed.facts.attributes, reviewed.unverified) == ((), ("/name",))


async def test_all_are_accepted_at_once(web: Web) -> None:
    """Then the product is no draft any more."""
    product = await drafted(web)

    await web.mine.post(f"/products/{product.id}/review", decision="all")

    shown = text_of(await web.mine.get(f"/products/{product.id}"))
    assert (await kept(web, product)).unverified == ()
    assert "A draft to look at" not in shown


async def test_what_a_model_said_and_was_not_believed_is_shown(web: Web) -> None:
    """The try tells model, tokens and each dropped value with the reason."""
    product_id = await web.imported(DRAFT)
    product = await web.imports.product(web.mine.merchant_id, product_id)
    usage = Usage(model="openai:gpt", tokens_in=1234, tokens_out=56, tokens_cached=0)
    drop = Drop(field="price", said="<b>1 EUR</b>", reason="The page does not show these words.")
    (attempt,) = product.metadata.attempts
    asked = attempt.model_copy(update={"provider": "language_model", "usage": usage, "drops": (drop,)})
    await changed(web, product_id, metadata=product.metadata.model_copy(update={"attempts": (attempt, asked)}))

    reply = await web.mine.get(f"/products/{product_id}")

    assert "openai:gpt, 1,234 tokens in and 56 out" in text_of(reply)
    assert "&lt;b&gt;1 EUR&lt;/b&gt;" in reply.text


async def test_a_product_kept_at_the_budget_asks(web: Web) -> None:
    """The page offers to go on; nobody else's does."""
    product_id = await web.imported(DRAFT)
    product = await web.imports.product(web.mine.merchant_id, product_id)
    refused = product.metadata.attempts[0].model_copy(update={"failure": BudgetReached("Used up.").failure()})
    before = await web.mine.get(f"/products/{product_id}")
    await changed(web, product_id, metadata=product.metadata.model_copy(update={"attempts": (refused,)}))

    shown = await web.mine.get(f"/products/{product_id}")
    await web.mine.post(f"/import/status/{product_id}/continue")

    assert "Paused at the budget" not in text_of(before)
    assert "Paused at the budget" in text_of(shown)
    assert (await kept(web, product)).status is Status.IMPORTING


async def test_the_settings_say_what_a_language_model_is_for(web: Web) -> None:
    """Everything else works without one, and whoever looks learns so."""
    shown = text_of(await web.mine.get("/settings/models"))

    assert "Everything else works without one." in shown
