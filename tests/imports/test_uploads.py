"""Uploaded pictures: judged by their bytes, kept encoded anew, shown with their product, and kept over refreshes."""

import pytest

from cartage.imports.upkeep import Upkeep
from cartage.imports.uploads import LARGEST_FILE, MOST_FILES, File, Uploads
from cartage.model.arrangement import Placed
from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import Edit
from cartage.model.errors import InvalidInput, NotFound
from cartage.model.evidence import Source
from cartage.model.picture import Size, is_own
from cartage.model.request_errors import PicturesOff
from cartage.stores.memory import MemoryStore
from tests.exports.linen import codes, findings, rows
from tests.imports.conftest import MERCHANT
from tests.imports.test_import_pictures import Studio
from tests.imports.test_import_pictures import internet as internet  # noqa: PLC0414 - a fixture
from tests.imports.test_import_pictures import studio as studio  # noqa: PLC0414 - a fixture
from tests.pictures.photographs import SVG, encoded, plain
from tests.pictures.unasked import unasked_curator

RED = encoded(plain(), "JPEG")
BLUE = encoded(plain().rotate(180), "PNG")
FORMS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")


async def hung(studio: Studio, product_id: str, *contents: bytes, alt: str = "", first: bool = False) -> list[str]:
    """Upload pictures, and name the product's images."""
    files = [File("a.jpg", content) for content in contents]
    uploaded = await Uploads(unasked_curator(studio.store)).keep(MERCHANT, files)
    product = await Upkeep(studio.store).hang(MERCHANT, product_id, uploaded.kept, alt, first=first)
    return urls_of(product)


def urls_of(product: CatalogueProduct) -> list[str]:
    """Name a product's images."""
    return [image.url for image in product.facts.images] if product.facts else []


@pytest.mark.parametrize("form", FORMS)
async def test_a_file_is_kept_encoded_anew(form: str) -> None:
    """In each of the formats, as WebP, with the original's size; the same file again is the same picture."""
    store, content = MemoryStore(), encoded(plain(), form)
    uploads = Uploads(unasked_curator(store))

    first, second = [await uploads.keep(MERCHANT, [File("a", content)]) for _ in range(2)]

    (kept,) = first.kept
    assert (kept.width, kept.height, first.refused) == (320, 200, {})
    assert second.kept == first.kept
    assert (await store.gallery.get(MERCHANT, kept.id, Size.FULL)).startswith(b"RIFF")


async def test_what_is_no_picture_is_told_and_keeps_nothing_back() -> None:
    """Each file is judged by its bytes, whatever it is called; the others are kept."""
    odd = {
        "drawing.png": SVG,
        "page.jpg": b"<!doctype html><p>Hello",
        "empty.jpg": b"",
        "huge.jpg": b"\xff\xd8\xff" + bytes(LARGEST_FILE),
        "broken.jpg": RED[:200],
        "lie.png": b"\x89PNG\r\n\x1a\n" + b"nothing",
    }
    files = [File("red.jpg", RED), *(File(name, content) for name, content in odd.items()), File("blue.png", BLUE)]

    uploaded = await Uploads(unasked_curator(MemoryStore())).keep(MERCHANT, files)

    assert len(uploaded.kept) == 2
    assert list(uploaded.refused) == [1, 2, 3, 4, 5, 6]
    for place, name in enumerate(odd, 1):
        assert uploaded.refused[place].detail.startswith(f"{name} was not taken. ")
        assert uploaded.refused[place].pointer == f"/files/{place}"
    assert "scripts" in uploaded.refused[1].detail


async def test_so_many_files_are_taken_at_once() -> None:
    """Those beyond are told of, one by one."""
    files = [File(f"{number}.jpg", RED) for number in range(MOST_FILES + 1)]

    uploaded = await Uploads(unasked_curator(MemoryStore())).keep(MERCHANT, files)

    assert (len(uploaded.kept), list(uploaded.refused)) == (MOST_FILES, [MOST_FILES])


async def test_space_is_bounded_for_uploads_too() -> None:
    """What does not fit is told of; and where pictures are off nothing is taken."""
    full = await Uploads(unasked_curator(MemoryStore(), space=10)).keep(MERCHANT, [File("red.jpg", RED)])

    assert "space for pictures is used up" in full.refused[0].detail
    with pytest.raises(PicturesOff):
        await Uploads().keep(MERCHANT, [File("red.jpg", RED)])


async def test_uploads_come_behind_or_before_the_others(studio: Studio) -> None:
    """With words and their size, said to be set by a person; one that is there already is not shown twice."""
    product = await studio.bring("http://shop.test/red.jpg")

    behind = await hung(studio, product.id, BLUE, alt="The back")
    before = await hung(studio, product.id, encoded(plain(), "GIF"), BLUE, first=True)

    now = await studio.product(product.id)
    assert now.facts
    assert [is_own(url) for url in behind] == [False, True]
    assert [is_own(url) for url in before] == [True, False, True]
    assert before[1:] == behind
    assert [(each.alt, each.width) for each in now.facts.images][2] == ("The back", 320)
    assert [picture.url for picture in now.pictures if picture.id] == before
    assert now.evidence["/images/0"][0].source is Source.PERSON
    assert "images" in now.locked


async def test_uploads_outlast_every_import(studio: Studio) -> None:
    """Another import, and fetching the pictures again, keep them and ask nobody for them."""
    product = await studio.bring("http://shop.test/red.jpg")
    urls = await hung(studio, product.id, BLUE)
    studio.shelf.asked.clear()

    await studio.bring("http://shop.test/red.jpg")
    await studio.imports.fetch_pictures(MERCHANT, product.id)

    now = await studio.product(product.id)
    assert urls_of(now) == urls
    assert [(picture.url, bool(picture.id), picture.problem) for picture in now.pictures] == [
        (url, True, None) for url in urls
    ]
    assert set(studio.shelf.asked) <= {"/red.jpg", "/robots.txt"}


async def test_uploads_are_arranged_like_other_pictures(studio: Studio) -> None:
    """They change places and words, may be left out, and go when the pictures are left to the page."""
    product = await studio.bring("http://shop.test/red.jpg")
    shop, own = await hung(studio, product.id, BLUE)
    upkeep = Upkeep(studio.store)

    turned = await upkeep.edit(MERCHANT, product.id, Edit(images=(Placed(url=own, alt="Back"), Placed(url=shop))))
    left = await upkeep.edit(MERCHANT, product.id, Edit(unlock=("images",)))

    assert (urls_of(turned), urls_of(left)) == ([own, shop], [shop])


async def test_nobody_names_a_picture_that_they_did_not_upload(studio: Studio) -> None:
    """An edit cannot bring one in by its name, nor hang one with another merchant's product."""
    product = await studio.bring("http://shop.test/red.jpg")
    uploaded = await Uploads(unasked_curator(studio.store)).keep("mer_other", [File("a.png", BLUE)])
    stolen = Placed(url=f"picture:{uploaded.kept[0].id}", add=True)

    with pytest.raises(InvalidInput):
        await Upkeep(studio.store).edit(MERCHANT, product.id, Edit(images=(stolen,)))
    with pytest.raises(NotFound):
        await Upkeep(studio.store).hang("mer_other", product.id, uploaded.kept)


async def test_an_export_says_that_an_upload_has_no_address(studio: Studio) -> None:
    """It is left out of the file, and the others stay; a product that has no other picture says so as well."""
    product = await studio.bring("http://shop.test/red.jpg")
    await hung(studio, product.id, BLUE, first=True)
    both = await studio.product(product.id)
    assert both.facts
    alone = both.model_copy(update={"facts": both.facts.model_copy(update={"images": both.facts.images[:1]})})

    told = [each.message for each in findings("shopify", both) if each.code == "image_not_public"]

    assert [row["Product image URL"] for row in rows("shopify", both)] == ["http://shop.test/red.jpg"]
    assert told == ["1 of its 2 pictures."]
    assert "image_not_public" in codes("shopify", alone)
    assert "picture:" not in str(rows("shopify", alone))
