"""Uploaded pictures in exports: at their public address where there is one, and told of where there is none."""

import json

import pytest

from cartage.exports.feeds import Feeds
from cartage.exports.known import TARGETS
from cartage.exports.maker import Maker
from cartage.exports.restoring import restore
from cartage.exports.targets.jsonl import record
from cartage.model.arrangement import Placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.feed import FeedTerms
from cartage.model.locks import with_uploads
from cartage.model.picture import KeptPicture, hung
from cartage.model.product import Image
from cartage.settings import read_settings
from cartage.stores.memory import MemoryStore
from tests.contracts.records import NOON, a_print, kept_merchant
from tests.exports.linen import GOOGLE, MEDIA, a_shirt, exported
from tests.exports.test_export_service import kept

SITE = "https://goods.example"
SPACE = 10**6
SHOPS = [name for name in TARGETS if name != "jsonl"]


def uploaded(product: CatalogueProduct, *pictures: KeptPicture, alone: bool = False) -> CatalogueProduct:
    """Show uploaded pictures before a product's own, or in their place, and the first with its first variant."""
    facts = product.facts
    assert facts
    new = tuple(Placed(url=f"picture:{each.id}", add=True) for each in pictures)
    old = () if alone else tuple(Placed(url=each.url, alt=each.alt) for each in facts.images)
    shown = with_uploads(product, Edit(images=new + old), pictures, NOON)
    assert shown.facts
    first, *others = shown.facts.variants
    dressed = (first.model_copy(update={"image": new[0].url}), *others)
    return shown.model_copy(update={"facts": shown.facts.model_copy(update={"variants": dressed})})


def a_picture(letter: str = "A") -> KeptPicture:
    """Make a picture's name."""
    return KeptPicture(id=f"pic_{letter * 26}", width=1600, height=1200)


def written(target: str, product: CatalogueProduct, site: str = "") -> tuple[str, set[str]]:
    """Export a product; give all files' text, and the codes of what was found."""
    files, report = exported(target, product, settings=GOOGLE, site=site)
    return b"".join(files.values()).decode(), {each.code for each in report.groups}


@pytest.mark.parametrize("target", SHOPS)
def test_a_file_holds_the_address_of_an_upload(target: str) -> None:
    """In every target, of the product and of its variant; nothing is found amiss with it."""
    product = uploaded(a_shirt(), a_picture())
    (address,) = [f"{SITE}{each.public_path}" for each in product.pictures if each.public_path]

    text, codes = written(target, product, SITE)

    assert text.count(address) >= 1
    assert "picture:" not in text
    assert f"{MEDIA}/linen-natural-1.jpg" in text
    assert not {code for code in codes if code.startswith("image_")}


@pytest.mark.parametrize("target", SHOPS)
def test_without_a_public_address_an_upload_is_left_out(target: str) -> None:
    """In every target, and it is told with what to set; the product's other pictures stay."""
    product = uploaded(a_shirt(), a_picture())

    text, codes = written(target, product)

    assert "/media/" not in text
    assert "picture:" not in text
    assert f"{MEDIA}/linen-natural-1.jpg" in text
    assert "image_not_public" in codes


def test_an_upload_may_be_the_only_picture() -> None:
    """Then the product has a picture where there is a public address, and none where there is not."""
    product = uploaded(a_shirt(), a_picture(), alone=True)

    assert "image_missing" not in written("google", product, SITE)[1]
    assert {"image_missing", "image_not_public"} <= written("google", product)[1]


def test_a_public_address_without_https_is_told() -> None:
    """As of any picture that shops may refuse."""
    assert "image_url_not_https" in written("google", uploaded(a_shirt(), a_picture()), "http://goods.example")[1]


@pytest.mark.parametrize(
    ("public", "site"),
    [
        ("", ""),
        ("http://localhost:8000", ""),
        ("http://shop.localhost", ""),
        ("http://127.0.0.1:8000/", ""),
        ("http://[::1]:8000", ""),
        ("https://goods.example/", "https://goods.example"),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
    ],
)
def test_only_this_machine_is_no_public_address(public: str, site: str) -> None:
    """What leads back to whoever fetches is no address to give away."""
    assert read_settings(public_url=public).public_site == site


async def test_a_feed_is_made_anew_for_another_public_address() -> None:
    """What is sent holds the addresses of now, without a product having changed."""
    store = MemoryStore()
    mine = (await kept_merchant(store)).id
    await kept(store, mine, uploaded(a_shirt(), a_picture()))
    fed = await Feeds(store).add(mine, "shopify", FeedTerms(name="All"))
    assert await Maker(Feeds(store).exports).make_next()
    later = Feeds(store, SITE)
    due_at = fed.feed.begun_at.replace(year=fed.feed.begun_at.year + 1)

    begun = await later.renew(due_at)
    assert await Maker(later.exports).make_next()

    sending = await later.sending((await later.feed(mine, fed.feed.id)).feed)
    text = b"".join([piece async for piece in sending.pieces]).decode()
    assert begun == 1
    assert f"{SITE}/media/" in text


def test_a_line_holds_no_token() -> None:
    """Nor an address, where there is none to give away."""
    product = uploaded(a_shirt(), a_picture())
    (token,) = [each.token for each in product.pictures if each.token]

    assert token not in record(product)
    assert f"{SITE}/media/{token}.webp" in record(product, SITE)


async def put_back(store: MemoryStore, merchant_id: str, line: str) -> tuple[CatalogueProduct, int]:
    """Restore a line, and give the product with what of it is lost."""
    (restored,) = [each async for each in restore(store, merchant_id, [line])]
    return await store.catalogue.product(merchant_id, restored.product.id), restored.lost


async def test_a_restored_upload_comes_from_its_address() -> None:
    """Elsewhere there is no copy: the image is at the address that the line names, of the variant as well."""
    store, product = MemoryStore(), uploaded(a_shirt(), a_picture())
    address = f"{SITE}{product.pictures[-1].public_path}"

    back, lost = await put_back(store, (await kept_merchant(store)).id, record(product, SITE))

    assert back.facts
    assert lost == 0
    assert back.facts.images[0].url == back.facts.variants[0].image == address
    assert "images" in back.locked
    assert back.pictures == ()
    assert "picture:" not in back.model_dump_json()


async def test_a_restored_upload_without_an_address_is_told() -> None:
    """Its name stays in its place, so that it is seen what is lacking; nobody pretends that there is a copy."""
    store, product = MemoryStore(), uploaded(a_shirt(), a_picture())

    back, lost = await put_back(store, (await kept_merchant(store)).id, record(product))

    assert back.facts
    assert (lost, back.pictures) == (1, ())
    assert back.facts.images[0] == Image(url=f"picture:{a_picture().id}", width=1600, height=1200)


async def test_a_restored_upload_whose_copy_is_here_is_shown_again() -> None:
    """By another token than before, which may be in strangers' hands; the line's own address is not looked at."""
    store = MemoryStore()
    mine = (await kept_merchant(store)).id
    there = await store.gallery.put(mine, a_print(), SPACE, NOON)
    product = uploaded(a_shirt(), there)

    back, lost = await put_back(store, mine, record(product, SITE))

    (picture,) = back.pictures
    assert (lost, picture.id) == (0, there.id)
    assert picture.token
    assert picture.token != product.pictures[-1].token
    assert back.facts == product.facts


async def test_an_address_of_another_kind_is_not_taken() -> None:
    """A line may name what it likes: only web addresses become images."""
    store, product = MemoryStore(), uploaded(a_shirt(), a_picture())
    told = json.loads(record(product, SITE))
    told["pictures"][-1]["public_url"] = "javascript:alert(1)"

    back, lost = await put_back(store, (await kept_merchant(store)).id, json.dumps(told))

    assert lost == 1
    assert "javascript:" not in back.model_dump_json()


def test_a_token_is_shown_to_nobody_by_accident() -> None:
    """Not where a picture is written into a log."""
    picture = hung(a_picture(), NOON)

    assert picture.token
    assert picture.token not in repr(picture)
