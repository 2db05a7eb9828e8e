"""Promises of an import about pictures: our own copies, each once, and nothing that a picture does fails a product."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from dataclasses import replace as changed
from datetime import timedelta
from typing import Any

import pytest

from cartage.fetching.client import Fetcher
from cartage.fetching.limits import Limits
from cartage.fetching.turns import Manners
from cartage.imports import pictures
from cartage.imports.photos import Photographer
from cartage.imports.pictures import Curator
from cartage.imports.service import Imports
from cartage.imports.upkeep import Upkeep
from cartage.model.arrangement import Placed
from cartage.model.catalogue import CatalogueProduct, Status, StepState
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, NotFound
from cartage.model.picture import Size
from cartage.model.product import Product
from cartage.pictures.workshop import Workshop
from cartage.stores.memory import MemoryStore
from cartage.stores.memory_turns import MemoryTurns
from tests.fetching.conftest import PUBLIC, Internet, Site, answer, listening, says
from tests.imports.conftest import MERCHANT, Scripted, kettle, make_house
from tests.pictures.photographs import SVG, encoded, plain

RED = encoded(plain(), "JPEG")
BLUE = encoded(plain().rotate(180), "PNG")
URL = "http://shop.test/p/kettle"


@dataclass
class Shelf:
    """Serve images by their path; a list is served entry by entry, the last one for ever."""

    images: dict[str, bytes | list[bytes]] = field(default_factory=dict[str, "bytes | list[bytes]"])
    asked: list[str] = field(default_factory=list[str])

    async def __call__(self, request: bytes, writer: Any) -> None:
        """Answer one request."""
        path = request.split(b" ")[1].decode()
        self.asked.append(path)
        served = self.images.get(path, answer(b"gone", "404 Not Found"))
        if isinstance(served, list):
            served = served.pop(0) if len(served) > 1 else served[0]
        writer.write(served)
        await writer.drain()


def image(content: bytes, media_type: str = "image/jpeg", **headers: str) -> bytes:
    """Answer with an image."""
    return answer(content, content_type=media_type, **headers)


@dataclass
class Studio:
    """Hold an import's house whose pictures come from a shelf on loopback."""

    shelf: Shelf
    store: MemoryStore
    direct: Scripted
    imports: Imports
    internet: Internet
    fetcher: Fetcher

    async def bring(self, *urls: str, **facts: Any) -> CatalogueProduct:
        """Import a page that shows these images, and states these facts."""
        own = "<img src='/kettle.jpg' alt='Steel Kettle'>"
        self.direct.script = [kettle(image=list(urls), **facts).replace(own, "")]
        self.direct.requests.clear()
        submission = await self.imports.submit(MERCHANT, URL)
        if submission.duplicate:
            submission = await self.imports.retry(MERCHANT, submission.product.id)
        return await self.product(submission.product.id)

    async def product(self, product_id: str) -> CatalogueProduct:
        """Get a product as it is now."""
        return await self.imports.product(MERCHANT, product_id)


def studio_of(shelf: Shelf, internet: Internet, manners: Manners | None = None, **terms: Any) -> Studio:
    """Make a house whose curator has these terms."""
    house = make_house([""])
    fetcher = internet.fetcher(Limits(image_seconds=0.5), manners=manners)
    curator = Curator(house.store, fetcher, Workshop(), **terms)
    engine: Any = house.imports.engine
    engine._workflow = changed(engine._workflow, curator=curator)
    return Studio(shelf, house.store, house.direct, house.imports, internet, fetcher)


@pytest.fixture
async def internet() -> AsyncGenerator[Internet]:
    """Give an internet whose site is a shelf of images, with a canary."""
    shelf = Shelf({"/red.jpg": image(RED), "/blue.png": image(BLUE, "image/png")})
    async with listening(Site(shelf, keep_alive=True)) as site, listening(Site(says(answer()))) as canary:
        made = Internet(site, canary)
        yield made
        assert canary.connections == 0


@pytest.fixture
async def studio(internet: Internet) -> AsyncGenerator[Studio]:
    """Give a studio with terms as they are set by default."""
    shelf: Any = internet.site.behave
    made = studio_of(shelf, internet)
    yield made
    await made.fetcher.aclose()


def problems(product: CatalogueProduct) -> list[str | None]:
    """List what stood in the way of each picture, by its code."""
    return [picture.problem and picture.problem.code for picture in product.pictures]


async def test_pictures_are_fetched_measured_and_kept(studio: Studio) -> None:
    """Each image has a copy, and its true size is in the product's facts, whatever the page said."""
    product = await studio.bring("http://shop.test/red.jpg", "http://shop.test/blue.png")

    assert product.status is Status.IMPORTED
    assert product.facts
    assert [(each.width, each.height) for each in product.facts.images] == [(320, 200)] * 2
    assert [each.url for each in product.pictures] == [each.url for each in product.facts.images]
    for picture in product.pictures:
        assert picture.id
        assert (await studio.store.gallery.get(MERCHANT, picture.id, Size.FULL)).startswith(b"RIFF")
    steps, _ = await studio.imports.progress(MERCHANT, product.import_id)
    assert [(step.name, step.state) for step in steps if step.name.endswith("pictures")] == [
        ("try pictures", StepState.SUCCEEDED)
    ]


async def test_a_variants_own_picture_is_kept_too(studio: Studio) -> None:
    """What only a variant shows is no picture of the whole product, and still has a copy."""
    urls = ("http://shop.test/red.jpg", "http://shop.test/blue.png")
    variants = [{"@type": "Product", "color": url[-8:], "image": url, "offers": {"price": "49"}} for url in urls]

    product = await studio.bring(urls[0], **{"@type": "ProductGroup", "hasVariant": variants})

    assert [each.url for each in (product.facts or Product()).images] == [urls[0]]
    assert [each.url for each in product.pictures if each.id] == [*urls]


BROKEN = {
    "page-111": (answer(b"gone", "404 Not Found"), "not_found"),
    "page-111-html": (image(b"<!doctype html>"), "picture_refused"),
    "labelled-as-page": (answer(b"<html>"), "picture_refused"),
    "page-115": (image(SVG, "image/svg+xml"), "picture_refused"),
    "page-115-disguised": (image(SVG), "picture_refused"),
    "page-121-for-ever": (image(RED[:-600]), "picture_refused"),
    "redirect-01": (answer(b"", "302 Found", location="http://10.0.0.5/x.jpg"), "url_not_allowed"),
    "too-many-bytes": (image(RED, content_length="99999999"), "body_too_large"),
    "silence": (b"", "deadline_exceeded"),
}


async def test_the_bytes_of_pictures_are_counted(studio: Studio) -> None:
    """An import knows what its pictures took; one that asked for none has nothing to tell."""
    first = await studio.bring("/red.jpg", "/blue.png")
    second = await studio.bring("/red.jpg", "/blue.png")

    taken = [(await studio.imports.import_(MERCHANT, each.import_id)).picture_bytes for each in (first, second)]

    assert taken == [len(RED) + len(BLUE), None]


async def test_broken_pictures_fail_nothing(studio: Studio) -> None:
    """The product is imported with its good picture, all images' addresses, and the reason for each missing one."""
    studio.shelf.images |= {f"/{name}": served for name, (served, _) in BROKEN.items()}
    urls = [f"http://shop.test/{name}" for name in BROKEN]

    product = await studio.bring(*urls, "http://shop.test/red.jpg")

    assert product.status is Status.IMPORTED
    assert dict(zip(BROKEN, problems(product), strict=False)) == {name: code for name, (_, code) in BROKEN.items()}
    assert [picture.id is None for picture in product.pictures] == [True] * len(BROKEN) + [False]
    assert product.facts
    assert [each.url for each in product.facts.images] == [*urls, "http://shop.test/red.jpg"]


async def test_no_picture_leads_inside(studio: Studio) -> None:
    """other_sink-01 and -03: an image's address passes the judge like a page's, and nothing inside is reached."""
    studio.internet.names["evil.test"] = [["127.0.0.1"]]
    inside = (
        "http://169.254.169.254/latest",
        "http://10.0.0.5/a",
        "http://shop.test:6379/a.jpg",
        "http://evil.test/a.jpg",
        "http://[::1]/a.png",
    )

    product = await studio.bring(*inside, "http://shop.test/red.jpg")

    assert product.status is Status.IMPORTED
    assert problems(product)[-1] is None
    assert set(problems(product)[:-1]) == {"url_not_allowed"}
    assert studio.internet.dialled == [PUBLIC]


@pytest.mark.case("page-121", "page-123")
async def test_what_may_go_well_the_second_time_is_tried_again(studio: Studio) -> None:
    """page-121 and page-123: what broke off or was refused is asked for once more before the import ends."""
    studio.shelf.images["/cut.jpg"] = [image(RED[:-600]), image(RED)]
    studio.shelf.images["/expired.jpg"] = [answer(b"expired", "403 Forbidden"), image(RED)]

    product = await studio.bring("http://shop.test/cut.jpg", "http://shop.test/expired.jpg")

    assert problems(product) == [None, None]
    assert sorted(studio.shelf.asked) == ["/cut.jpg", "/cut.jpg", "/expired.jpg", "/expired.jpg"]


@pytest.mark.case("page-119")
async def test_five_hundred_images_become_thirty_pictures(studio: Studio) -> None:
    """page-119: the first thirty are kept, the addresses of all are."""
    studio.shelf.images |= {f"/{number}.jpg": image(RED) for number in range(40)}

    product = await studio.bring(*(f"http://shop.test/{number}.jpg" for number in range(40)))

    assert product.facts
    assert (len(product.pictures), len(studio.shelf.asked)) == (30, 30)
    assert len(product.facts.images) > 30


@pytest.mark.case("page-120")
async def test_one_image_under_many_addresses_is_kept_once(studio: Studio) -> None:
    """page-120: ten addresses of the same bytes share one stored picture."""
    studio.shelf.images |= {f"/{number}.jpg": image(RED) for number in range(10)}

    product = await studio.bring(*(f"http://shop.test/{number}.jpg" for number in range(10)))

    assert len({picture.id for picture in product.pictures}) == 1
    used = await studio.store.gallery.used(MERCHANT)
    assert used < 2 * len(RED)


async def test_space_that_is_used_up_stops_asking(studio: Studio, internet: Internet) -> None:
    """Once the merchant's space is full further images are not even fetched, and the product says why."""
    small = studio_of(studio.shelf, internet, space=100)

    product = await small.bring("http://shop.test/red.jpg", "http://shop.test/blue.png")

    await small.fetcher.aclose()
    assert product.status is Status.IMPORTED
    assert problems(product) == ["picture_refused"] * 2
    assert len(studio.shelf.asked) == 1


async def test_a_site_that_asks_for_rest_is_left_alone(studio: Studio) -> None:
    """After a 429 none of its further images is asked for; other sites' are."""
    studio.shelf.images |= {f"/{number}.jpg": answer(b"slow down", "429 Slow Down") for number in range(3)}
    urls = [f"http://shop.test/{number}.jpg" for number in range(3)]

    product = await studio.bring(*urls, "http://other.test/red.jpg")

    assert problems(product) == ["rate_limited"] * 3 + [None]
    assert sorted(studio.shelf.asked) == ["/0.jpg", "/red.jpg"]


async def test_pictures_that_take_too_long_are_left_out(studio: Studio, internet: Internet) -> None:
    """When the time for all pictures is over the import goes on with those there are."""
    quick = studio_of(studio.shelf, internet, seconds=0.1)
    studio.shelf.images["/slow.jpg"] = image(RED, content_length="999999")

    product = await quick.bring("http://a.test/slow.jpg", "http://b.test/red.jpg")

    await quick.fetcher.aclose()
    assert product.status is Status.IMPORTED
    assert problems(product) == ["deadline_exceeded"] * 2


async def test_a_later_import_keeps_the_copies_there_are(studio: Studio) -> None:
    """What was fetched this week is not fetched again, and says nothing of a change."""
    before = await studio.bring("http://shop.test/red.jpg")

    after = await studio.bring("http://shop.test/red.jpg", "http://shop.test/blue.png")

    assert studio.shelf.asked == ["/red.jpg", "/blue.png"]
    assert after.pictures[0] == before.pictures[0]
    events = await studio.imports.events(MERCHANT)
    assert events[-2].data["changed"] == ["images"]


async def test_an_old_copy_is_renewed_or_kept(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a week images are asked for again; where the shop no longer has one the copy stays, with the reason."""
    before = await studio.bring("http://shop.test/red.jpg")
    monkeypatch.setattr(pictures, "FRESH_FOR", timedelta(0))
    del studio.shelf.images["/red.jpg"]

    after = await studio.bring("http://shop.test/red.jpg")

    assert problems(after) == ["not_found"]
    assert after.pictures[0].id == before.pictures[0].id
    assert after.facts == before.facts


async def test_pictures_alone_are_fetched_again(studio: Studio) -> None:
    """A person may ask for the pictures anew: no page is read, the product keeps its status and how it came about."""
    studio.shelf.images["/late.jpg"] = answer(b"gone", "404 Not Found")
    before = await studio.bring("http://shop.test/late.jpg")
    studio.shelf.images["/late.jpg"] = image(RED)

    await studio.imports.fetch_pictures(MERCHANT, before.id)

    after = await studio.product(before.id)
    assert (problems(before), problems(after)) == (["not_found"], [None])
    assert len(studio.direct.requests) == 1
    assert (after.status, after.metadata, after.updated_at) == (before.status, before.metadata, before.updated_at)
    assert (after.facts or Product()).images[0].width == 320


async def test_only_an_imported_product_has_pictures_to_fetch(studio: Studio) -> None:
    """While nothing is imported there is nothing to fetch."""
    studio.direct.script = ["<p>nothing"]
    failed = (await studio.imports.submit(MERCHANT, URL)).product

    with pytest.raises(Conflict):
        await studio.imports.fetch_pictures(MERCHANT, failed.id)


async def test_all_pictures_of_a_site_are_one_visit(internet: Internet) -> None:
    """Sites are visited politely, but between the pictures of one product there is no pause."""
    shelf: Any = internet.site.behave
    shelf.images |= {f"/{number}.jpg": image(RED) for number in range(5)}
    studio = studio_of(shelf, internet, Manners(MemoryTurns(), robots=False, spacing_seconds=30))

    product = await studio.bring(*(f"http://cdn{number}.shop.test/{number}.jpg" for number in range(5)))

    await studio.fetcher.aclose()
    assert problems(product) == [None] * 5


async def test_the_request_says_where_the_image_is_shown(studio: Studio) -> None:
    """As from a browser: the page's address, what is wanted, and who asks."""
    await studio.bring("http://shop.test/red.jpg")

    (request,) = studio.internet.site.requests
    assert f"Referer: {URL}".encode() in request
    assert b"Accept: image/" in request
    assert b"User-Agent: Cartage/" in request


async def test_a_language_model_is_shown_kept_copies_and_else_the_page_s_images(studio: Studio) -> None:
    """A copy of the week is not fetched again; what is fetched comes through the door and is encoded anew."""
    product = await studio.bring("http://shop.test/red.jpg")
    import_ = await studio.imports.import_(MERCHANT, product.import_id)
    studio.shelf.asked.clear()
    photographer = Photographer(studio.store, studio.fetcher, Workshop())
    urls = ["http://shop.test/red.jpg", "http://10.0.0.5/inside.jpg", "http://shop.test/none.jpg"]

    photos = await photographer.photos(import_, [*urls, "http://shop.test/blue.png"], URL)

    assert studio.shelf.asked == ["/none.jpg", "/blue.png"]
    assert [photo and photo.content[:4] for photo in photos] == [b"RIFF", None, None, b"RIFF"]
    assert {photo.media_type for photo in photos if photo} == {"image/webp"}


async def test_another_merchant_s_copies_are_not_looked_at(studio: Studio) -> None:
    """An import sees the copies of its own merchant's product alone."""
    product = await studio.bring("http://shop.test/red.jpg")
    mine = await studio.imports.import_(MERCHANT, product.import_id)
    theirs = mine.model_copy(update={"merchant_id": "mer_other"})

    with pytest.raises(NotFound):
        await Photographer(studio.store, studio.fetcher, Workshop()).photos(theirs, ["http://shop.test/red.jpg"], URL)


async def test_what_a_person_left_out_is_not_fetched(studio: Studio) -> None:
    """A refresh asks for none of the images that were taken out of the product, and keeps those that stay."""
    red, blue = "http://shop.test/red.jpg", "http://shop.test/blue.png"
    product = await studio.bring(red, blue)
    await Upkeep(studio.store).edit(MERCHANT, product.id, Edit(images=(Placed(url=red),)))
    studio.shelf.images |= {"/more.png": image(BLUE, "image/png")}
    studio.shelf.asked.clear()

    refreshed = await studio.bring(red, blue, "http://shop.test/more.png")

    assert [picture.url for picture in refreshed.pictures] == [red]
    assert studio.shelf.asked == []


async def test_whoever_watches_is_told_as_pictures_come(internet: Internet) -> None:
    """Each picture that comes is told of while the step runs, by its id, with how many there are so far."""
    shelf: Any = internet.site.behave
    studio = studio_of(shelf, internet, tells_every=0.0)

    product = await studio.bring("http://shop.test/red.jpg", "http://shop.test/gone.jpg", "http://shop.test/blue.png")
    await studio.fetcher.aclose()

    events = await studio.store.catalogue.events(MERCHANT, import_id=product.import_id)
    news = [each.data for each in events if "pictures" in each.data]
    assert [(each["step"], each["state"], each["detail"]) for each in news] == [
        ("try pictures", "running", "Kept 1 of 3 pictures."),
        ("try pictures", "running", "Kept 2 of 3 pictures."),
    ]
    assert [each["pictures"] for each in news] == [[each.id] for each in product.pictures if each.id]
    assert [(each["kept"], each["total"]) for each in news] == [(1, 3), (2, 3)]
