"""Exports and pricing over HTTP: targets, exports with their report and files, rules and their preview."""

import csv
import io
import zipfile

import pytest

from cartage.exports.maker import Maker
from cartage.exports.service import Exports
from cartage.imports.progress import event_for
from cartage.model.catalogue import CatalogueProduct
from tests.api.conftest import Api
from tests.contracts.records import an_import
from tests.exports.linen import GOOGLE, a_mug, a_shirt

DOUBLE = {"ranges": [{"multiplier": "2"}]}


async def kept(api: Api, *products: CatalogueProduct) -> None:
    """Keep products as mine."""
    merchant_id = (await api.store.accounts.merchants())[0].id
    for product in products:
        own = product.model_copy(update={"merchant_id": merchant_id, "import_id": f"imp_{product.id}"})
        import_ = an_import(own)
        await api.store.catalogue.add_product(own, import_, event_for(import_, "test/kept", {}))


async def made(api: Api, **body: object) -> dict[str, object]:
    """Ask for an export, let it be made, and give it."""
    reply = await api.mine.post("/v1/exports", json=body)
    assert reply.status_code == 202, reply.text
    assert await Maker(Exports(api.store)).make_next()
    return (await api.mine.get(reply.headers["location"])).json()


async def test_an_export_is_made_and_downloaded(api: Api) -> None:
    """It waits, is made, tells what was found, and its file has what the report counts."""
    await kept(api, a_shirt(), a_mug(price=None))

    waiting = (await api.mine.post("/v1/exports", json={"target": "shopify"})).json()
    assert await Maker(Exports(api.store)).make_next()
    export = (await api.mine.get(f"/v1/exports/{waiting['id']}")).json()
    file = await api.mine.get(export["links"]["download"])

    assert (waiting["status"], export["status"], export["done"]) == ("waiting", "ready", 2)
    assert "download" not in waiting["links"]
    assert (export["report"]["products"], export["report"]["errors"]) == (2, 1)
    assert export["report"]["groups"][0]["code"] == "price_missing"
    assert file.headers["content-disposition"] == 'attachment; filename="shopify-products.csv"'
    assert int(file.headers["content-length"]) == len(file.content) == export["files"][0]["size"]
    assert len(list(csv.DictReader(io.StringIO(file.text)))) == export["report"]["rows"]


async def test_several_files_come_in_a_zip(api: Api) -> None:
    """PrestaShop's two files are one download."""
    await kept(api, a_shirt())

    export = await made(api, target="prestashop")
    file = await api.mine.get(f"/v1/exports/{export['id']}/download")

    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["products.csv", "combinations.csv"]
        assert len(archive.read("combinations.csv").splitlines()) == 4
    assert file.headers["content-type"] == "application/zip"


async def test_a_check_has_a_report_and_no_file(api: Api) -> None:
    """Nothing is written, and asking for the file says why there is none."""
    await kept(api, a_shirt())

    export = await made(api, target="google", check_only=True)
    file = await api.mine.get(f"/v1/exports/{export['id']}/download")

    assert export["files"] == []
    assert file.status_code == 409


async def test_google_is_refused_without_a_link_template(api: Api) -> None:
    """The setting is named; with it the export is accepted."""
    refused = await api.mine.post("/v1/exports", json={"target": "google"})
    settings = GOOGLE.model_dump(mode="json", include={"link_template", "gender"})
    kept_settings = await api.mine.put("/v1/export-targets/google", json=settings)
    accepted = await api.mine.post("/v1/exports", json={"target": "google"})

    assert (refused.status_code, refused.json()["code"]) == (400, "link_template_missing")
    assert kept_settings.json()["settings"]["gender"] == "unisex"
    assert accepted.status_code == 202


async def test_targets_are_listed_with_own_settings(api: Api) -> None:
    """Each target shows the settings that it uses, as they are set by this merchant."""
    await api.mine.put("/v1/export-targets/shopify", json={"status": "active"})

    mine, theirs = [
        {each["name"]: each["settings"] for each in (await who.get("/v1/export-targets")).json()["targets"]}
        for who in (api.mine, api.theirs)
    ]

    assert (mine["shopify"]["status"], theirs["shopify"]["status"]) == ("active", "draft")
    assert "tax_percent" in mine["prestashop"]
    assert "tax_percent" not in mine["shopify"]


@pytest.mark.parametrize(
    ("target", "body", "status"),
    [
        ("shopify", {"tax_percent": "20"}, 422),
        ("google", {"link_template": "shop.example"}, 422),
        ("google", {"link_template": "https://shop.example/all"}, 422),
        ("shopify", {"status": "gone"}, 422),
        ("magento", {"status": "draft"}, 404),
    ],
)
async def test_settings_that_make_no_sense_are_refused(api: Api, target: str, body: object, status: int) -> None:
    """A setting of another target, or one with a wrong value, is not kept."""
    assert (await api.mine.put(f"/v1/export-targets/{target}", json=body)).status_code == status


async def test_one_product_is_shown_as_a_target_has_it(api: Api) -> None:
    """The very rows, without columns that are empty, and what was found."""
    await kept(api, a_shirt())

    shown = (await api.mine.get(f"/v1/products/{a_shirt().id}/exports/shopify")).json()
    document = (await api.mine.get(f"/v1/products/{a_shirt().id}/exports/schema-org")).json()

    assert shown["files"][0]["rows"][0][:2] == ["Linen Camp Shirt", "linen-camp-shirt"]
    assert len(shown["files"][0]["rows"]) == 3
    assert "ProductGroup" in document["files"][0]["text"]
    assert (await api.theirs.get(f"/v1/products/{a_shirt().id}/exports/shopify")).status_code == 404


async def test_exports_are_ones_own(api: Api) -> None:
    """Another merchant neither sees nor downloads them."""
    await kept(api, a_mug())
    export = await made(api, target="jsonl")

    assert (await api.theirs.get("/v1/exports")).json()["exports"] == []
    assert (await api.theirs.get(f"/v1/exports/{export['id']}/download")).status_code == 404
    assert [each["id"] for each in (await api.mine.get("/v1/exports")).json()["exports"]] == [export["id"]]


async def test_rules_are_tried_before_they_are_set(api: Api) -> None:
    """The preview counts what would change and changes nothing; what is set holds in exports at once."""
    locked = a_mug(2).model_copy(update={"locked": ("price",)})
    await kept(api, a_shirt(), a_mug(), locked, a_mug(3, price=None))

    effect = (await api.mine.post("/v1/pricing-rules/preview", json=DOUBLE)).json()
    untouched = (await api.mine.get("/v1/pricing-rules")).json()
    await api.mine.put("/v1/pricing-rules", json=DOUBLE)
    price = (await api.mine.get(f"/v1/products/{a_mug().id}/price")).json()
    again = (await api.mine.post("/v1/pricing-rules/preview", json=DOUBLE)).json()

    counted = {name: effect[name] for name in ("products", "prices", "changed", "locked", "unknown", "more")}
    assert counted == {"products": 4, "prices": 6, "changed": 4, "locked": 1, "unknown": 1, "more": False}
    assert [each["after"]["price"]["amount"] for each in effect["examples"]] == ["19.00", "63.92"]
    assert untouched["ranges"][0]["multiplier"] == "1"
    assert [step["text"] for step in price["own"]["steps"]] == ["What the source asks", "Your rule, × 2"]
    assert again["changed"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"ranges": []},
        {"ranges": [{"up_to": "10"}]},
        {"currency": "QQQ"},
        {"rates": {"EUR": "0"}},
        {"rates": {"QQQ": "1"}},
        {"rounding": {"ending": ".42"}},
        {"colour": "red"},
    ],
)
async def test_rules_that_make_no_sense_are_refused(api: Api, body: object) -> None:
    """Neither set nor previewed."""
    assert (await api.mine.put("/v1/pricing-rules", json=body)).status_code == 422
    assert (await api.mine.post("/v1/pricing-rules/preview", json=body)).status_code == 422


@pytest.mark.parametrize(("path", "more"), [("/v1/exports", {}), ("/v1/feeds", {"name": "All"})])
async def test_an_unknown_target_is_a_wrong_field(api: Api, path: str, more: dict[str, str]) -> None:
    """It is pointed at, with the targets that there are: nothing is missing at the address."""
    reply = await api.mine.post(path, json={"target": "nope", **more})

    (error,) = reply.json()["errors"]
    assert (reply.status_code, reply.json()["code"], error["pointer"]) == (422, "target_unknown", "/target")
    assert "shopify, shopify-legacy, woocommerce" in error["detail"]
