"""Enhancement over HTTP: decisions as one act, and the choice for one import."""

from typing import Any

import pytest

from cartage.model.enhancement import Enhancement, EnhancementState, TextField
from tests.api.conftest import Api
from tests.contracts.enhancement_records import a_proposal, a_run, run_event


async def proposed(api: Api, *changes: dict[str, Any]) -> tuple[str, list[Enhancement]]:
    """Import a product as me and keep texts of a run of it; give its address and the texts."""
    product = api.store.catalogue.kept_product(await api.imported())
    run = a_run(product)
    await api.store.enhancements.begin_run(run, run_event(product))
    texts = [a_proposal(run, **each) for each in changes]
    await api.store.enhancements.keep(texts)
    return f"/v1/products/{product.id}", texts


async def test_texts_are_accepted_and_rejected_at_once(api: Api) -> None:
    """The reply shows how each stands now, and the product has what was accepted."""
    here, (title, headline) = await proposed(api, {}, {"field": TextField.SEO_TITLE})

    reply = await api.mine.post(f"{here}/enhancements/decisions", json={"accept": [title.id], "reject": [headline.id]})

    shown = {each["id"]: each["status"] for each in reply.json()["enhancements"]}
    assert shown == {title.id: "accepted", headline.id: "rejected"}
    assert [each["text"] for each in (await api.mine.get(here)).json()["written"]] == [title.text]


async def test_decisions_that_cannot_all_be_are_none(api: Api) -> None:
    """Where one text was refused by the check, the other is not rejected either."""
    refused = {"field": TextField.BULLETS, "state": EnhancementState.REFUSED}
    here, (title, bullets) = await proposed(api, {}, refused)

    reply = await api.mine.post(f"{here}/enhancements/decisions", json={"accept": [bullets.id], "reject": [title.id]})
    twice = await api.mine.post(f"{here}/enhancements/decisions", json={"accept": [title.id], "reject": [title.id]})

    shown = (await api.mine.get(f"{here}/enhancements")).json()["enhancements"]
    assert (reply.status_code, twice.status_code) == (409, 422)
    assert {each["status"] for each in shown} == {"proposed", "refused"}


@pytest.mark.parametrize("chosen", [True, False, None])
async def test_an_import_says_whether_to_enhance(api: Api, chosen: bool | None) -> None:  # noqa: FBT001 - pytest gives it by name
    """Null leaves it to the settings."""
    body = {"url": "https://shop.example/p/chosen", "enhance": chosen}

    reply = (await api.mine.post("/v1/imports", json=body)).json()

    assert api.store.catalogue.kept_import(reply["id"]).enhance is chosen
