"""Upkeep over HTTP: edits that lock fields, history, and the schedule."""

import pytest

from cartage.imports.extractions import keep_extraction
from cartage.imports.renewing import looked_at
from cartage.model.evidence import Extraction, Verdict
from cartage.model.product import Image, Product, Variant
from tests.api.conftest import Api
from tests.contracts.records import an_attempt

PRICE = {"amount": "12.50", "currency": "EUR"}


async def test_an_edit_sets_and_locks_fields(api: Api) -> None:
    """The product has the given values, says who set them, and misses them no longer."""
    product_id = await api.imported()

    reply = await api.mine.patch(f"/v1/products/{product_id}", json={"name": "Our mug", "price": PRICE})

    product = reply.json()
    assert (product["facts"]["name"], product["facts"]["price"]) == ("Our mug", PRICE)
    assert (product["locked"], product["missing"]) == (["name", "price"], [])
    assert product["evidence"]["/price"][0]["source"] == "person"


async def test_all_that_a_shop_asks_for_can_be_set(api: Api) -> None:
    """Codes, stock, condition, category and the regular price are locked; what is for shops is kept beside them."""
    product_id = await api.imported()
    facts = {
        "regular_price": {"amount": "99", "currency": "EUR"},
        "availability": "InStock",
        "condition": "NewCondition",
        "gtin": "4006381333931",
        "mpn": "K-9",
        "breadcrumbs": ["Kitchen", "Mugs"],
    }
    shop = {"handle": "our-mug", "seo_title": "Mug", "seo_description": "A mug."}
    written = {"gtin": "4006381-333931", "description_html": "<p>Big</p><script>alert(1)</script><p>mug</p>"}

    product = (await api.mine.patch(f"/v1/products/{product_id}", json={**facts, **shop, **written})).json()

    assert {name: product["facts"][name] for name in facts} == facts
    assert {name: product[name] for name in shop} == shop
    assert product["locked"] == ["description", *facts]
    assert product["facts"]["description_html"] == "<p>Big</p><p>mug</p>"
    assert product["facts"]["description"].split() == ["Big", "mug"]


async def test_null_empties_and_locks(api: Api) -> None:
    """A field can be emptied by hand, which holds as well."""
    product_id = await api.imported()

    product = (await api.mine.patch(f"/v1/products/{product_id}", json={"name": None})).json()

    assert (product["facts"]["name"], product["locked"]) == (None, ["name"])


async def test_pictures_are_arranged(api: Api) -> None:
    """The images named stay, in that order and with those words, and are locked until they are unlocked."""
    urls = [f"https://shop.example/{name}.jpg" for name in ("a", "b", "c")]
    product_id = await api.imported()
    facts = Product(name="Mug", images=tuple(Image(url=url) for url in urls))
    merchant_id = api.store.catalogue.kept_product(product_id).merchant_id
    await api.store.catalogue.change_product(
        merchant_id, product_id, lambda kept: kept.model_copy(update={"facts": facts})
    )

    body = {"images": [{"url": urls[2], "alt": "From above"}, {"url": urls[0]}]}
    product = (await api.mine.patch(f"/v1/products/{product_id}", json=body)).json()
    twice = await api.mine.patch(f"/v1/products/{product_id}", json={"images": [{"url": urls[0]}, {"url": urls[0]}]})
    added = {"images": [{"url": "https://cdn.example/d.jpg", "add": True}, {"url": urls[0]}]}
    more = (await api.mine.patch(f"/v1/products/{product_id}", json=added)).json()
    unlocked = (await api.mine.patch(f"/v1/products/{product_id}", json={"unlock": ["images"]})).json()

    images = [(each["url"], each["alt"]) for each in product["facts"]["images"]]
    assert (images, product["locked"]) == ([(urls[2], "From above"), (urls[0], None)], ["images"])
    assert [each["url"] for each in more["facts"]["images"]] == ["https://cdn.example/d.jpg", urls[0]]
    assert (twice.status_code, twice.json()["errors"][0]["pointer"]) == (422, "/images/1/url")
    assert unlocked["locked"] == []


async def test_variants_are_set_by_their_options(api: Api) -> None:
    """What is set of a variant stands and is locked; one that there is not is refused by its place."""
    variants = tuple(Variant(options={"Size": size}) for size in "SM")
    product_id = await api.imported()
    merchant_id = api.store.catalogue.kept_product(product_id).merchant_id
    await api.store.catalogue.change_product(
        merchant_id, product_id, lambda kept: kept.model_copy(update={"facts": Product(name="Mug", variants=variants)})
    )

    body = {"variants": [{"options": {"Size": "M"}, "price": {"amount": "9.50", "currency": "EUR"}}]}
    product = (await api.mine.patch(f"/v1/products/{product_id}", json=body)).json()
    unknown = await api.mine.patch(
        f"/v1/products/{product_id}", json={"variants": [{"options": {"Size": "L"}, "sku": "L"}]}
    )

    assert [each["price"] and each["price"]["amount"] for each in product["facts"]["variants"]] == [None, "9.50"]
    assert product["locked"] == ["variants"]
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/variants/0/options")


async def test_options_are_merged_and_reordered(api: Api) -> None:
    """What a merge deletes is named and has to be counted; an order names each option."""
    pairs = [("Navy", "S"), ("navy blue", "S"), ("navy blue", "M")]
    variants = tuple(Variant(options={"Colour": colour, "Size": size}) for colour, size in pairs)
    product_id = await api.imported()
    merchant_id = api.store.catalogue.kept_product(product_id).merchant_id
    await api.store.catalogue.change_product(
        merchant_id, product_id, lambda kept: kept.model_copy(update={"facts": Product(name="Tee", variants=variants)})
    )
    merging = {"options": [{"name": "Colour", "values": [{"value": "navy blue", "rename": "Navy"}]}]}

    asked = await api.mine.patch(f"/v1/products/{product_id}", json=merging)
    short = await api.mine.patch(f"/v1/products/{product_id}", json={"option_order": ["Size"]})
    both = {**merging, "deletes_variants": 1, "option_order": ["Size", "Colour"]}
    product = (await api.mine.patch(f"/v1/products/{product_id}", json=both)).json()

    assert (asked.status_code, asked.json()["errors"][0]["pointer"]) == (422, "/deletes_variants")
    assert "navy blue / S" in asked.json()["errors"][0]["detail"]
    assert (short.status_code, short.json()["errors"][0]["pointer"]) == (422, "/option_order")
    assert [list(each["options"].items()) for each in product["facts"]["variants"]] == [
        [("Size", "S"), ("Colour", "Navy")],
        [("Size", "M"), ("Colour", "Navy")],
    ]
    assert product["locked"] == ["options"]


async def test_a_refresh_policy_is_set_whole(api: Api) -> None:
    """What is left out is as ever; a word that there is not is pointed at; another merchant's stays its own."""
    before = (await api.mine.get("/v1/refresh-policy")).json()
    kept = await api.mine.put("/v1/refresh-policy", json={"prices": "never", "gone": "out_of_stock"})
    refused = await api.mine.put("/v1/refresh-policy", json={"texts": "sometimes"})
    theirs = (await api.theirs.get("/v1/refresh-policy")).json()

    assert kept.json() == before | {"prices": "never", "gone": "out_of_stock"}
    assert (await api.mine.get("/v1/refresh-policy")).json() == kept.json()
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/texts")
    assert (
        theirs
        == before
        == dict.fromkeys(("prices", "stock", "texts", "pictures", "rest"), "unless_edited") | {"gone": "keep"}
    )


async def test_what_a_product_is_called_elsewhere_is_set_and_emptied(api: Api) -> None:
    """It is no fact of the page, so that nothing is locked."""
    product_id = await api.imported()

    named = (await api.mine.patch(f"/v1/products/{product_id}", json={"external_id": "row-17"})).json()
    other = (await api.mine.patch(f"/v1/products/{product_id}", json={"name": "Our mug"})).json()
    emptied = (await api.mine.patch(f"/v1/products/{product_id}", json={"external_id": None})).json()

    assert (named["external_id"], named["locked"]) == ("row-17", [])
    assert (other["external_id"], emptied["external_id"]) == ("row-17", None)


async def test_a_refresh_may_only_look(api: Api) -> None:
    """202 with an import that says so; what it saw is there when it is over, 409 before and for any other import."""
    product_id = await api.imported()
    whole = (await api.mine.post(f"/v1/products/{product_id}/refresh")).json()
    early = await api.mine.get(f"/v1/imports/{whole['id']}/differences")
    await api.end(whole["id"])

    looked = await api.mine.post(f"/v1/products/{product_id}/refresh", json={"apply": "none"})
    refused = await api.mine.post(f"/v1/products/{product_id}/refresh", json={"apply": "all"})
    import_ = api.store.catalogue.kept_import(looked.json()["id"])
    product = api.store.catalogue.kept_product(product_id)
    read = Extraction(product=Product(name="Jug"), verdict=Verdict.PRODUCT, reason="", evidence={})
    attempt = an_attempt("direct").model_copy(update={"extraction_id": await keep_extraction(api.store, import_, read)})
    await api.store.catalogue.record_attempt(import_.id, attempt)
    await api.store.catalogue.end_import(*looked_at(product, import_))
    told = (await api.mine.get(f"/v1/imports/{import_.id}/differences")).json()

    assert (whole["look"], looked.json()["look"], early.status_code) == (False, True, 409)
    assert looked.headers["Location"] == f"/v1/imports/{import_.id}"
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/apply")
    assert told["differences"] == [
        {"field": "name", "kind": "changed", "before": "Mug", "after": "Jug", "kept": None},
        {"field": "availability", "kind": "gone", "before": "InStock", "after": None, "kept": None},
    ]
    assert (await api.mine.get(f"/v1/products/{product_id}")).json()["facts"]["name"] == "Mug"


async def test_unlocking_leaves_the_field_to_the_page(api: Api) -> None:
    """A field that is unlocked is no longer listed as locked."""
    product_id = await api.imported()
    await api.mine.patch(f"/v1/products/{product_id}", json={"name": "Our mug", "sku": "K-1"})

    product = (await api.mine.patch(f"/v1/products/{product_id}", json={"unlock": ["name"]})).json()

    assert product["locked"] == ["sku"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, None),
        ({"price": {"amount": "-1", "currency": "EUR"}}, "/price/amount"),
        ({"price": {"amount": "1", "currency": "QQQ"}}, "/price/currency"),
        ({"unlock": ["rating"]}, "/unlock/0"),
        ({"options": [{"name": "Size", "rename": "Fit"}]}, "/options/0/name"),
        ({"gtin": "4006381333930"}, "/gtin"),
        ({"gtin": "40063813"}, "/gtin"),
        ({"variants": [{"options": {"Size": "S"}, "gtin": "1"}]}, "/variants/0/gtin"),
        ({"availability": "maybe"}, "/availability"),
        ({"handle": "Our Mug"}, "/handle"),
        ({"description": "a", "description_html": "<p>a</p>"}, "/description_html"),
        ({"images": []}, "/images"),
        ({"images": [{"url": "https://elsewhere.example/a.jpg"}]}, "/images/0/url"),
        ({"images": [{"url": "ftp://elsewhere.example/a.jpg", "add": True}]}, "/images/0/url"),
    ],
)
async def test_an_edit_that_says_nothing_sensible_is_refused(api: Api, body: object, pointer: str | None) -> None:
    """The problem points at the field at fault."""
    product_id = await api.imported()

    reply = await api.mine.patch(f"/v1/products/{product_id}", json=body)

    errors = reply.json().get("errors", [{"pointer": None}])
    assert (reply.status_code, errors[0]["pointer"]) == (422, pointer)


async def test_history_lists_what_imports_saw(api: Api) -> None:
    """An edit is no sighting: the history is the shop's."""
    product_id = await api.imported()
    await api.mine.patch(f"/v1/products/{product_id}", json={"price": PRICE})

    (seen,) = (await api.mine.get(f"/v1/products/{product_id}/history")).json()["history"]

    assert (seen["price"], seen["availability"]) == (None, "InStock")


async def test_a_product_has_a_version(api: Api) -> None:
    """The `ETag` changes with the product, and a reader who has the version is told so without a body."""
    path = f"/v1/products/{await api.imported()}"
    first = (await api.mine.get(path)).headers["etag"]

    again = await api.mine.get(path, headers={"If-None-Match": first})
    edited = await api.mine.patch(path, json={"name": "Our mug"})
    newer = await api.mine.get(path, headers={"If-None-Match": first})

    assert (again.status_code, again.text, again.headers["etag"]) == (304, "", first)
    assert (newer.status_code, newer.headers["etag"]) == (200, edited.headers["etag"])
    assert newer.headers["etag"] != first


async def test_an_edit_of_an_older_version_is_refused(api: Api) -> None:
    """With `If-Match` only the version that was looked at is edited; 412 otherwise, and nothing is changed."""
    path = f"/v1/products/{await api.imported()}"
    seen = {"If-Match": (await api.mine.get(path)).headers["etag"]}

    first = await api.mine.patch(path, json={"name": "First"}, headers=seen)
    second = await api.mine.patch(path, json={"name": "Second"}, headers=seen)
    weak = await api.mine.patch(path, json={"name": "Weak"}, headers={"If-Match": f"W/{first.headers['etag']}"})
    whichever = await api.mine.patch(path, json={"brand": "Kiln"}, headers={"If-Match": "*"})

    assert (first.status_code, whichever.status_code) == (200, 200)
    assert (second.status_code, second.json()["code"]) == (weak.status_code, weak.json()["code"]) == (412, "stale")
    assert whichever.json()["facts"]["name"] == "First"


async def test_an_edit_may_come_as_a_merge_patch(api: Api) -> None:
    """RFC 7396's media type is understood: a patch is one."""
    path = f"/v1/products/{await api.imported()}"
    patch = {"Content-Type": "application/merge-patch+json"}

    reply = await api.mine.patch(path, content='{"name": null, "brand": "Kiln"}', headers=patch)

    facts = reply.json()["facts"]
    assert (facts["name"], facts["brand"]) == (None, "Kiln")


async def test_others_neither_edit_nor_read_history(api: Api) -> None:
    """Another merchant's product is unknown."""
    product_id = await api.imported()

    edit = await api.theirs.patch(f"/v1/products/{product_id}", json={"name": "Theirs"})
    history = await api.theirs.get(f"/v1/products/{product_id}/history")

    assert (edit.status_code, history.status_code) == (404, 404)


async def test_a_schedule_is_off_until_it_is_set(api: Api) -> None:
    """Nobody's products are refreshed unasked; a schedule is one's own, and is switched off with null."""
    before = (await api.mine.get("/v1/schedule")).json()
    during = (await api.mine.put("/v1/schedule", json={"every_hours": 24})).json()
    others = (await api.theirs.get("/v1/schedule")).json()
    after = (await api.mine.put("/v1/schedule", json={"every_hours": None})).json()

    assert [each["every_hours"] for each in (before, during, others, after)] == [None, 24, None, None]


@pytest.mark.parametrize("hours", [0, -1, 100_000, "soon"])
async def test_an_impossible_schedule_is_refused(api: Api, hours: object) -> None:
    """A schedule has a sensible number of hours."""
    assert (await api.mine.put("/v1/schedule", json={"every_hours": hours})).status_code == 422


async def test_a_weight_is_set_in_grams_or_with_its_unit(api: Api) -> None:
    """Of a product or of a variant, and kept in grams; what is no weight is refused with its pointer."""
    sizes = Product(name="Shirt", variants=tuple(Variant(options={"Size": size}) for size in "SL"))
    product_id = await api.imported()
    merchant_id = api.store.catalogue.kept_product(product_id).merchant_id
    await api.store.catalogue.change_product(
        merchant_id, product_id, lambda kept: kept.model_copy(update={"facts": sizes})
    )
    variants = [{"options": {"Size": "L"}, "weight_grams": 260}]

    product = (
        await api.mine.patch(f"/v1/products/{product_id}", json={"weight_grams": "0.5 lb", "variants": variants})
    ).json()
    refused = [
        (await api.mine.patch(f"/v1/products/{product_id}", json={"weight_grams": wrong})).status_code
        for wrong in (0, "1,200 g", "heavy", True)
    ]

    assert product["facts"]["weight_grams"] == "226.796"
    assert [each["weight_grams"] for each in product["facts"]["variants"]] == [None, "260"]
    assert product["locked"] == ["weight_grams", "variants"]
    assert refused == [422, 422, 422, 422]


async def test_a_merchant_says_what_bare_numbers_are_in(api: Api) -> None:
    """What is named is changed; null takes a preference back, and what cannot be is refused."""
    first = (await api.mine.get("/v1/merchant")).json()

    chosen = await api.mine.patch("/v1/merchant", json={"currency": "CHF", "units": "us"})
    named = (await api.mine.patch("/v1/merchant", json={"name": "Kiln & Co", "units": None})).json()
    refused = [
        (await api.mine.patch("/v1/merchant", json=wrong)).status_code
        for wrong in ({"currency": "ZZZ"}, {"currency": "eur"}, {"units": "stone"}, {"name": ""})
    ]

    assert (first["currency"], first["units"]) == (None, None)
    assert chosen.json() == first | {"currency": "CHF", "units": "us"}
    assert named == first | {"name": "Kiln & Co", "currency": "CHF", "units": None}
    assert refused == [422, 422, 422, 422]
