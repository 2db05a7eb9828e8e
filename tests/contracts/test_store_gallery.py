"""What every store promises of pictures."""

from datetime import timedelta

import pytest

from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import NotFound
from cartage.model.ids import new_id
from cartage.model.picture import Displayed, Size, hung
from cartage.model.visit_errors import PictureRefused
from cartage.store import Store
from tests.contracts.records import NOON, a_print, a_product, an_event, an_import, ended_product, shown
from tests.exports.linen import a_mug

SPACE = 1000
LATER = NOON + timedelta(days=1)


async def test_a_picture_comes_back_as_it_was_kept(store: Store, mine: str) -> None:
    """Both forms are there, byte for byte, with the original's pixels."""
    kept = await store.gallery.put(mine, a_print(), SPACE, NOON)

    assert (kept.width, kept.height) == (800, 600)
    assert await store.gallery.get(mine, kept.id, Size.FULL) == b"F" * 50
    assert await store.gallery.get(mine, kept.id, Size.SMALL) == b"s" * 50


async def test_the_same_image_is_kept_once(store: Store, mine: str) -> None:
    """However often it comes, an image takes its space once, and is found by what it holds."""
    first = await store.gallery.put(mine, a_print(), SPACE, NOON)
    again = await store.gallery.put(mine, a_print(), SPACE, NOON)

    assert again == first
    assert await store.gallery.find(mine, "a" * 64, NOON) == first
    assert await store.gallery.used(mine) == 100


async def test_anothers_picture_is_not_there(store: Store, mine: str, theirs: str) -> None:
    """Neither its bytes nor that it exists can be learnt by another merchant, who keeps one of their own."""
    kept = await store.gallery.put(mine, a_print(), SPACE, NOON)

    with pytest.raises(NotFound):
        await store.gallery.get(theirs, kept.id, Size.FULL)
    assert await store.gallery.find(theirs, "a" * 64, NOON) is None
    assert (await store.gallery.put(theirs, a_print(), SPACE, NOON)).id != kept.id


async def test_space_is_bounded(store: Store, mine: str, theirs: str) -> None:
    """A picture that does not fit is refused, and neither those that are kept nor others' space suffer."""
    kept = await store.gallery.put(mine, a_print(size=900), SPACE, NOON)

    with pytest.raises(PictureRefused) as caught:
        await store.gallery.put(mine, a_print("b" * 64, size=200), SPACE, NOON)

    assert caught.value.reason == "space"
    assert await store.gallery.put(mine, a_print(size=900), SPACE, NOON) == kept
    assert await store.gallery.used(mine) == 900
    assert await store.gallery.put(theirs, a_print("b" * 64, size=200), SPACE, NOON)


async def test_what_nothing_shows_is_removed(store: Store, mine: str) -> None:
    """Pictures go once no product shows them, but not those that an import under way wants."""
    prints = [a_print(letter * 64) for letter in "abc"]
    on_display, dropped, wanted = [await store.gallery.put(mine, each, SPACE, NOON) for each in prints]
    await ended_product(store, mine, pictures=(shown(on_display),))
    await store.gallery.find(mine, "c" * 64, LATER)

    removed = await store.gallery.sweep(LATER)

    assert removed == 1
    with pytest.raises(NotFound):
        await store.gallery.get(mine, dropped.id, Size.FULL)
    assert await store.gallery.get(mine, on_display.id, Size.FULL)
    assert await store.gallery.get(mine, wanted.id, Size.FULL)


async def test_a_picture_goes_when_its_product_shows_another(store: Store, mine: str) -> None:
    """The end of a later import says anew which pictures are shown."""
    before = await store.gallery.put(mine, a_print(), SPACE, NOON)
    after = await store.gallery.put(mine, a_print("b" * 64), SPACE, NOON)
    product = await ended_product(store, mine, pictures=(shown(before),))
    again = an_import(product, id=new_id("imp"), number=2)
    await store.catalogue.begin_import(again, an_event(again))
    ended = again.model_copy(update={"state": ImportState.SUCCEEDED, "finished_at": NOON})
    fresh = product.model_copy(update={"import_id": again.id, "pictures": (shown(after),)})
    assert await store.catalogue.end_import(fresh, ended, an_event(again))

    assert await store.gallery.sweep(LATER) == 1

    assert (await store.catalogue.product(mine, product.id)).pictures == (shown(after),)
    assert await store.gallery.get(mine, after.id, Size.SMALL)


async def test_an_edit_says_which_pictures_are_shown(store: Store, mine: str) -> None:
    """A picture that a person adds stays as long as the product shows it, and goes when it is left out."""
    before, after = [await store.gallery.put(mine, a_print(letter * 64), SPACE, NOON) for letter in "ab"]
    product = await ended_product(store, mine, facts=a_mug().facts, pictures=(shown(before),))

    await store.catalogue.change_product(
        mine, product.id, lambda kept: kept.model_copy(update={"pictures": (shown(after),)})
    )

    assert await store.gallery.sweep(LATER) == 1
    assert await store.gallery.get(mine, after.id, Size.FULL)


async def test_a_product_that_is_put_back_shows_its_pictures(store: Store, mine: str) -> None:
    """What comes with pictures keeps them from the first moment."""
    kept = await store.gallery.put(mine, a_print(), SPACE, NOON)
    product = a_product(mine, status=Status.IMPORTED, pictures=(shown(kept),))

    await store.catalogue.add_product(product, an_import(product), an_event(an_import(product)))

    assert await store.gallery.sweep(LATER) == 0


async def test_a_token_leads_to_what_a_product_shows(store: Store, mine: str) -> None:
    """As long as the product shows it by that token; what is left out, and what is no more, is found by nobody."""
    first, second = [hung(await store.gallery.put(mine, a_print(letter * 64), SPACE, NOON), NOON) for letter in "ab"]
    product = await ended_product(store, mine, facts=a_mug().facts, pictures=(first, second))
    found = [await store.gallery.displayed(each.token or "") for each in (first, second)]

    await store.catalogue.change_product(mine, product.id, lambda kept: kept.model_copy(update={"pictures": (second,)}))

    assert found == [Displayed(merchant_id=mine, picture_id=each.id or "") for each in (first, second)]
    assert await store.gallery.displayed(first.token or "") is None
    assert await store.gallery.displayed(second.token or "") == found[1]
    assert await store.gallery.displayed("x" * 43) is None


async def test_a_token_leads_to_no_picture_of_anothers(store: Store, mine: str, theirs: str) -> None:
    """A product that names another merchant's picture shows nothing by it, and neither does one that was not kept."""
    stolen = hung(await store.gallery.put(mine, a_print(), SPACE, NOON), NOON)
    never = stolen.model_copy(update={"id": "pic_never", "token": "y" * 43})
    await ended_product(store, theirs, pictures=(stolen, never))

    assert await store.gallery.displayed(stolen.token or "") is None
    assert await store.gallery.displayed("y" * 43) is None


async def test_a_picture_of_the_page_has_no_token(store: Store, mine: str) -> None:
    """The same image from a page and from a person is one picture; only by what the person gave it is it found."""
    kept = await store.gallery.put(mine, a_print(), SPACE, NOON)
    own = hung(kept, NOON)
    product = await ended_product(store, mine, pictures=(own, shown(kept)))

    assert (await store.catalogue.product(mine, product.id)).pictures == (own, shown(kept))
    assert await store.gallery.displayed(own.token or "") == Displayed(merchant_id=mine, picture_id=kept.id)
    assert await store.gallery.displayed("") is None


async def test_a_gallery_says_what_it_has(store: Store, mine: str, theirs: str) -> None:
    """Of the pictures that are asked for, those of this merchant."""
    own, other = [await store.gallery.put(each, a_print(), SPACE, NOON) for each in (mine, theirs)]

    assert await store.gallery.present(mine, [own.id, other.id, "pic_never"]) == {own.id}
    assert await store.gallery.present(mine, []) == set()


async def test_an_import_of_pictures_alone_touches_nothing_else(store: Store, mine: str) -> None:
    """Status and metadata stay as they were, and no sighting is noted."""
    product = await ended_product(store, mine, Status.ENHANCED)
    only = an_import(product, id=new_id("imp"), number=2, pictures_for=Status.ENHANCED)

    begun = await store.catalogue.begin_import(only, an_event(only))

    assert begun == product.model_copy(update={"import_id": only.id, "status": Status.IMPORTING})
    assert await store.catalogue.import_(mine, only.id) == only
