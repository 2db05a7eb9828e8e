"""What every store promises of schedules, planned refreshes, history and edits."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest

from cartage.model.arrangement import Placed
from cartage.model.bookmark import Bookmark
from cartage.model.catalogue import CatalogueProduct, ImportState, Status
from cartage.model.edit import Edit
from cartage.model.errors import Conflict, NotFound
from cartage.model.evidence import Evidence, Source, Verdict
from cartage.model.filtering import Filter, Word, parse_filter
from cartage.model.locks import with_edit
from cartage.model.option_edit import OptionEdit, ValueEdit
from cartage.model.page import Validators
from cartage.model.picture import Picture
from cartage.model.product import Availability, Image, Money, Product, Variant
from cartage.model.refresh_policy import RefreshPolicy, Renewal, WhenGone
from cartage.model.upkeep import Due, Schedule, Sighting
from cartage.store import Change, Store
from tests.contracts.records import NOON, an_event, an_import, ended_product, kept_product

HOUR = timedelta(hours=1)
OVER = {"state": ImportState.SUCCEEDED, "finished_at": NOON}
FACTS = Product(name="Mug", price=Money(amount=Decimal("9.50"), currency="EUR"), availability=Availability.IN_STOCK)
PAGE = Evidence(source=Source.JSON_LD, where="/name", raw="Mug")


async def test_a_refresh_policy_is_each_merchant_s_own(store: Store, mine: str, theirs: str) -> None:
    """It is as ever until it is set, and the last one that was set holds."""
    await store.upkeep.set_policy(mine, RefreshPolicy(prices=Renewal.NEVER))
    await store.upkeep.set_policy(mine, RefreshPolicy(texts=Renewal.ALWAYS, gone=WhenGone.ARCHIVE))

    policies = [await store.upkeep.policy(merchant_id) for merchant_id in (mine, theirs)]

    assert policies == [RefreshPolicy(texts=Renewal.ALWAYS, gone=WhenGone.ARCHIVE), RefreshPolicy()]


async def refreshed(store: Store, product: CatalogueProduct, number: int, facts: Product | None) -> CatalogueProduct:
    """Import a product again, with these facts or without success, and give what is kept."""
    import_ = an_import(product, id=f"{product.import_id}-{number}", number=number)
    begun = await store.catalogue.begin_import(import_, an_event(import_))
    at = NOON + number * HOUR
    changes = {"status": Status.IMPORTED if facts else Status.FAILED, "updated_at": at}
    changes |= {"facts": facts, "evidence": {"/name": (PAGE,)}, "locked": ()} if facts else {}
    state = ImportState.SUCCEEDED if facts else ImportState.FAILED
    ended = import_.model_copy(update={"state": state, "finished_at": at})
    assert await store.catalogue.end_import(begun.model_copy(update=changes), ended, an_event(import_))
    return await store.catalogue.product(product.merchant_id, product.id)


def edited(edit: Edit) -> Change:
    """Give the change that an edit makes."""
    return lambda kept: with_edit(kept, edit, NOON)


async def test_a_schedule_is_kept_changed_and_removed(store: Store, mine: str, theirs: str) -> None:
    """A merchant has one schedule or none, whatever another has."""
    daily = Schedule(merchant_id=mine, every_hours=24, updated_at=NOON)
    await store.upkeep.set_schedule(mine, daily)
    await store.upkeep.set_schedule(mine, daily.model_copy(update={"every_hours": 6}))
    await store.upkeep.set_schedule(theirs, daily.model_copy(update={"merchant_id": theirs}))
    await store.upkeep.set_schedule(theirs, None)

    kept = await store.upkeep.schedules()

    assert [(each.merchant_id, each.every_hours) for each in kept] == [(mine, 6)]
    assert await store.upkeep.schedules(theirs) == []


async def test_only_settled_products_with_facts_are_planned(store: Store, mine: str) -> None:
    """What is being imported, or was never read, waits for no refresh; a planned one is not planned again."""
    read = await ended_product(store, mine, facts=FACTS)
    failed = await ended_product(store, mine, Status.FAILED)
    importing, _ = await kept_product(store, mine)

    unplanned = await store.upkeep.unplanned(mine, 10)
    await store.upkeep.plan({read.id: NOON, importing.id: NOON})
    await store.upkeep.plan({read.id: NOON + HOUR})

    assert [product_id for product_id, _ in unplanned] == [read.id]
    assert await store.upkeep.unplanned(mine, 10) == []
    assert await store.upkeep.due(mine, NOON + HOUR, 10) == [Due(product_id=read.id, at=NOON)]
    assert failed.facts is None


async def test_nothing_is_due_before_its_time(store: Store, mine: str, theirs: str) -> None:
    """Products are due from the planned moment on, the most overdue first, and only their own merchant's."""
    late, later = [await ended_product(store, mine, facts=FACTS) for _ in range(2)]
    await store.upkeep.plan({late.id: NOON + HOUR, later.id: NOON})

    assert await store.upkeep.due(mine, NOON - HOUR, 10) == []
    assert [each.product_id for each in await store.upkeep.due(mine, NOON + HOUR, 10)] == [later.id, late.id]
    assert await store.upkeep.due(theirs, NOON + HOUR, 10) == []


async def test_of_two_that_claim_a_refresh_one_gets_it(store: Store, mine: str) -> None:
    """The planned moment is used up by whoever begins the import."""
    product = await ended_product(store, mine, facts=FACTS)
    await store.upkeep.plan({product.id: NOON})
    rivals = [an_import(product, id=f"imp_{name}", number=2, scheduled=True) for name in "ab"]

    outcomes = await asyncio.gather(
        *(store.catalogue.begin_import(each, an_event(each), planned_at=NOON) for each in rivals),
        return_exceptions=True,
    )

    assert sorted(type(each).__name__ for each in outcomes) == ["CatalogueProduct", "Conflict"]
    assert await store.upkeep.refreshing(mine) == 1


async def test_a_claim_after_the_refresh_has_ended_gets_nothing(store: Store, mine: str) -> None:
    """A process that saw a product due, and comes late, does not refresh it a second time."""
    product = await ended_product(store, mine, facts=FACTS)
    await store.upkeep.plan({product.id: NOON})
    await refreshed(store, product, 2, FACTS)
    late = an_import(product, id="imp_late", number=3)

    with pytest.raises(Conflict):
        await store.catalogue.begin_import(late, an_event(late), planned_at=NOON)

    assert await store.upkeep.refreshing(mine) == 0


async def test_a_changed_schedule_forgets_what_was_planned(store: Store, mine: str) -> None:
    """Products are planned anew after a change, also of those that were due."""
    product = await ended_product(store, mine, facts=FACTS)
    await store.upkeep.plan({product.id: NOON})

    await store.upkeep.set_schedule(mine, None)

    assert await store.upkeep.due(mine, NOON, 10) == []
    assert await store.upkeep.unplanned(mine, 10) == [(product.id, product.updated_at)]


async def test_history_keeps_what_changed(store: Store, mine: str, theirs: str) -> None:
    """Each successful import that saw another price or stock adds a line; the same again, or a failure, does not."""
    product = await ended_product(store, mine, facts=FACTS)
    dearer = FACTS.model_copy(update={"price": Money(amount=Decimal(11), currency="EUR")})
    for number, facts in enumerate((FACTS, dearer, None, dearer, FACTS), 2):
        await refreshed(store, product, number, facts)

    history = await store.upkeep.history(mine, product.id)

    seen = [(each.at, each.price and str(each.price.amount)) for each in history]
    assert seen == [(NOON + 6 * HOUR, "9.50"), (NOON + 3 * HOUR, "11"), (NOON, "9.50")]
    assert history[0] == Sighting(at=NOON + 6 * HOUR, price=FACTS.price, availability=FACTS.availability)
    assert await store.upkeep.history(theirs, product.id) == []
    assert await store.upkeep.history(mine, product.id, 1) == history[:1]


async def test_an_edit_outlasts_refreshes(store: Store, mine: str) -> None:
    """A field that a person set keeps its value and says who set it; the other fields follow the page."""
    product = await ended_product(store, mine, facts=FACTS)
    await store.catalogue.change_product(mine, product.id, edited(Edit(name="Our mug")))
    page = FACTS.model_copy(update={"name": "Mug, new", "brand": "Kiln"})

    kept = await refreshed(store, product, 2, page)

    assert kept.facts
    assert (kept.facts.name, kept.facts.brand, kept.locked) == ("Our mug", "Kiln", ("name",))
    assert [(each.source, each.agrees) for each in kept.evidence["/name"]] == [
        (Source.PERSON, True),
        (Source.JSON_LD, False),
    ]
    assert kept.stated
    assert (kept.stated.known, kept.stated.facts.name) == (("name",), "Mug, new")


async def test_what_was_handed_in_is_set_once(store: Store, mine: str) -> None:
    """Own id and tags are there at once, fields over the first page that is read; of a product that was read, both."""
    given = Edit(name="Our mug", external_id="row-17", add_tags=("new",))
    product, first = await kept_product(store, mine)
    gone = product.model_copy(update={"status": Status.FAILED})
    assert await store.catalogue.end_import(gone, first.model_copy(update=OVER), an_event(first))

    again = an_import(product, id=f"imp_2-{product.id}", number=2, given=given)
    begun = await store.catalogue.begin_import(again, an_event(again))
    page = begun.model_copy(update={"status": Status.IMPORTED, "facts": FACTS})
    assert await store.catalogue.end_import(page, again.model_copy(update=OVER), an_event(again))
    read = await store.catalogue.product(mine, product.id)
    third = an_import(product, id=f"imp_3-{product.id}", number=3, given=Edit(brand="Ours"))
    at_once = await store.catalogue.begin_import(third, an_event(third))

    assert (begun.facts, begun.external_id, begun.tags) == (None, "row-17", ("new",))
    assert (await store.catalogue.import_(mine, again.id)).given == given
    assert read.facts
    assert (read.facts.name, read.facts.price, read.locked) == ("Our mug", FACTS.price, ("name",))
    assert at_once == await store.catalogue.product(mine, product.id)
    assert at_once.facts
    assert (at_once.facts.brand, at_once.locked, at_once.status) == ("Ours", ("name", "brand"), Status.IMPORTING)
    assert await store.listing.product_ids(mine, parse_filter("external_id:row-17", NOON)) == [product.id]
    assert await store.listing.product_ids(mine, parse_filter("-external_id:row-17", NOON)) == []


async def test_arranged_pictures_outlast_refreshes(store: Store, mine: str) -> None:
    """The order and the words that a person gave stay, with our copies and each image's evidence, whatever comes."""
    first, second, third = (f"https://shop.example/{name}.jpg" for name in ("a", "b", "c"))
    facts = FACTS.model_copy(update={"images": (Image(url=first, alt="A"), Image(url=second), Image(url=third))})
    told = {
        f"/images/{place}": (PAGE.model_copy(update={"raw": url}),) for place, url in enumerate((first, second, third))
    }
    copies = tuple(Picture(url=url, id=f"pic_{url[-5]}", fetched_at=NOON) for url in (first, second, third))
    product = await ended_product(store, mine, facts=facts)
    await store.catalogue.change_product(
        mine, product.id, lambda kept: kept.model_copy(update={"evidence": told, "pictures": copies})
    )

    await store.catalogue.change_product(
        mine, product.id, edited(Edit(images=(Placed(url=second, alt="B"), Placed(url=first))))
    )
    kept = await refreshed(store, product, 2, FACTS.model_copy(update={"images": (Image(url=third), Image(url=first))}))

    assert kept.facts
    assert kept.locked == ("images",)
    assert [(each.url, each.alt) for each in kept.facts.images] == [(second, "B"), (first, None)]
    assert [each.id for each in kept.pictures] == ["pic_b", "pic_a"]
    assert kept.evidence["/images"][0].source is Source.PERSON
    assert [kept.evidence[f"/images/{place}"][0].raw for place in (0, 1)] == [second, first]
    assert "/images/2" not in kept.evidence


async def test_an_edit_during_an_import_is_not_lost(store: Store, mine: str) -> None:
    """An import that began before the edit and ends after it does not overwrite it, even where it fails."""
    product = await ended_product(store, mine, facts=FACTS)
    for number, state in enumerate((ImportState.SUCCEEDED, ImportState.FAILED), 2):
        import_ = an_import(product, id=f"imp_{number}-{product.id}", number=number)
        begun = await store.catalogue.begin_import(import_, an_event(import_))
        await store.catalogue.change_product(mine, product.id, edited(Edit(sku=f"K-{number}")))
        ended = import_.model_copy(update={"state": state, "finished_at": NOON})
        settled = begun.model_copy(update={"status": Status.IMPORTED})
        assert await store.catalogue.end_import(settled, ended, an_event(import_))

        kept = await store.catalogue.product(mine, product.id)

        assert kept.facts
        assert kept.facts.sku == f"K-{number}"


async def test_an_unlocked_field_is_the_pages_at_once(store: Store, mine: str) -> None:
    """Unlocking gives back what the page stated last, with its evidence, and the next import goes on from there."""
    product = await ended_product(store, mine, facts=FACTS)
    await store.catalogue.change_product(mine, product.id, edited(Edit(name="Our mug")))
    await refreshed(store, product, 2, FACTS.model_copy(update={"name": "Mug, new"}))

    unlocked = await store.catalogue.change_product(mine, product.id, edited(Edit(unlock=("name",))))
    kept = await refreshed(store, product, 3, FACTS)

    assert unlocked.facts
    assert (unlocked.facts.name, unlocked.locked, unlocked.stated) == ("Mug, new", (), None)
    assert unlocked.evidence["/name"] == (PAGE,)
    assert kept.facts
    assert (kept.facts.name, kept.evidence["/name"]) == ("Mug", (PAGE,))


async def test_what_options_are_called_outlasts_refreshes(store: Store, mine: str) -> None:
    """Names that a person gave to options are kept, and given to what later imports bring."""
    sizes = tuple(Variant(options={"Size": size}) for size in "SML")
    product = await ended_product(store, mine, facts=FACTS.model_copy(update={"variants": sizes[:2]}))
    edit = Edit(options=(OptionEdit(name="Size", rename="Fit", values=(ValueEdit(value="S", remove=True),)),))
    await store.catalogue.change_product(mine, product.id, edited(edit))

    kept = await refreshed(store, product, 2, FACTS.model_copy(update={"variants": sizes}))

    assert kept.facts
    assert [each.options for each in kept.facts.variants] == [{"Fit": "M"}, {"Fit": "L"}]


async def test_an_edit_is_found_by_searches(store: Store, mine: str) -> None:
    """What a person named is what searches find."""
    product = await ended_product(store, mine, facts=FACTS)

    await store.catalogue.change_product(mine, product.id, edited(Edit(name="Teacup")))

    assert await store.listing.product_ids(mine, Filter().having(Word.TEXT, "teacup")) == [product.id]


async def test_edits_are_for_own_products_that_were_read(store: Store, mine: str, theirs: str) -> None:
    """Another merchant's product is unknown, and one that no page was read for cannot be edited."""
    product = await ended_product(store, mine, facts=FACTS)
    unread = await ended_product(store, mine, Status.FAILED)

    with pytest.raises(NotFound):
        await store.catalogue.change_product(theirs, product.id, edited(Edit(name="Teacup")))
    with pytest.raises(Conflict):
        await store.catalogue.change_product(mine, unread.id, edited(Edit(name="Teacup")))

    assert await store.catalogue.product(mine, product.id) == product


async def test_a_bookmark_outlives_imports_that_bring_nothing(store: Store, mine: str) -> None:
    """What to ask a site by stays while another import begins and fails, and is gone where one leaves none."""
    bookmark = Bookmark(
        validators=Validators(url="https://shop.example/p/mug", etag='"v1"', last_modified="Mon, 23 Nov 2026"),
        reader="1.0",
        page_id="art_1",
        extraction_id="art_2",
        verdict=Verdict.THIN,
        missing=("price",),
    )
    product = await ended_product(store, mine, facts=FACTS, bookmark=bookmark)

    failed = await refreshed(store, product, 2, None)

    assert failed.bookmark == bookmark
    await store.catalogue.change_product(mine, product.id, lambda kept: kept.model_copy(update={"bookmark": None}))
    assert (await store.catalogue.product(mine, product.id)).bookmark is None
