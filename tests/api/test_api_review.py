"""Reviews over HTTP: decisions about what a language model saw in pictures."""

import pytest

from cartage.imports.progress import event_for, now
from cartage.model.catalogue import ImportState, Status
from cartage.model.evidence import Evidence, Source
from cartage.model.product import Product
from tests.api.conftest import Api

SEEN = Evidence(source=Source.PICTURE, where="picture 1", raw="Blue mug")
DRAFT = Product(name="Blue mug", description="A mug.", attributes=(("Kind", "Mug"), ("Colour", "blue")))
REVIEW = ("/name", "/description", "/attributes/Kind", "/attributes/Colour")


async def drafted(api: Api) -> str:
    """Import a page of pictures as me and give the product's id."""
    reply = (await api.mine.post("/v1/imports", json={"url": "https://shop.example/p/mug"})).json()
    catalogue = api.store.catalogue
    import_, product = catalogue.kept_import(reply["id"]), catalogue.kept_product(reply["product_id"])
    changes = {
        "status": Status.IMPORTED,
        "facts": DRAFT,
        "unverified": REVIEW,
        "evidence": dict.fromkeys(REVIEW, (SEEN,)),
    }
    ended = import_.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": now()})
    assert await catalogue.end_import(product.model_copy(update=changes), ended, event_for(import_, "test/ended", {}))
    return product.id


async def test_a_draft_says_what_is_to_be_looked_at(api: Api) -> None:
    """The product lists the pointers of its unverified fields."""
    product = (await api.mine.get(f"/v1/products/{await drafted(api)}")).json()

    assert product["unverified"] == list(REVIEW)


async def test_each_field_is_decided_on_by_itself(api: Api) -> None:
    """What is accepted and edited is locked and says who stands for it, what is rejected is gone, the rest waits."""
    product_id = await drafted(api)
    body = {"accept": ["/name"], "reject": ["/attributes/Colour"], "edit": {"/attributes/Kind": "Cup"}}

    product = (await api.mine.post(f"/v1/products/{product_id}/review", json=body)).json()

    assert product["unverified"] == ["/description"]
    assert product["facts"]["attributes"] == [["Kind", "Cup"]]
    assert product["locked"] == ["name", "attributes"]
    assert [each["source"] for each in product["evidence"]["/name"]] == ["person", "picture"]
    assert product["evidence"]["/attributes/Kind"][0]["raw"] == "Cup"
    assert "/attributes/Colour" not in product["evidence"]


async def test_a_rejected_field_is_missing(api: Api) -> None:
    """A draft without its name has none, and says so."""
    product_id = await drafted(api)

    product = (await api.mine.post(f"/v1/products/{product_id}/review", json={"reject": ["/name"]})).json()

    assert (product["facts"]["name"], product["missing"], product["locked"]) == (None, ["name"], [])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"accept": ["/price"]}, 409),
        ({"accept": ["/name"], "reject": ["/name"]}, 422),
        ({"edit": {"/name": ""}}, 422),
    ],
)
async def test_a_decision_that_makes_no_sense_changes_nothing(api: Api, body: dict[str, object], status: int) -> None:
    """It is refused, and the draft stays as it was."""
    product_id = await drafted(api)

    reply = await api.mine.post(f"/v1/products/{product_id}/review", json=body)

    assert reply.status_code == status
    assert (await api.mine.get(f"/v1/products/{product_id}")).json()["unverified"] == list(REVIEW)


async def test_a_decision_about_an_older_version_is_refused(api: Api) -> None:
    """Whoever decided on what somebody else has changed meanwhile has to look again."""
    product_id = await drafted(api)
    seen = (await api.mine.get(f"/v1/products/{product_id}")).headers["etag"]
    await api.mine.patch(f"/v1/products/{product_id}", json={"brand": "Ours"})

    reply = await api.mine.post(
        f"/v1/products/{product_id}/review", json={"accept": ["/name"]}, headers={"If-Match": seen}
    )

    assert reply.status_code == 412


async def test_an_edit_by_hand_needs_no_review(api: Api) -> None:
    """Whoever sets a drafted field stands for it."""
    product_id = await drafted(api)

    product = (await api.mine.patch(f"/v1/products/{product_id}", json={"name": "Our mug"})).json()

    assert product["unverified"] == list(REVIEW[1:])
