"""What every store promises of turns at sites."""

import asyncio
from datetime import datetime, timedelta

from cartage.fetching.turns import Turn
from cartage.model.spacing import Spacing
from cartage.store import Store
from tests.contracts.records import NOON

SITE = "shop.example"
MINUTE = timedelta(minutes=1)


async def take(store: Store, holder: str, now: datetime = NOON) -> datetime | None:
    """Try to take the site's turn for a minute; give when it is free, if it is not."""
    return (await store.turns.take(SITE, holder, now, now + MINUTE)).free_at


def spaced(seconds: float, site: str = SITE) -> Spacing:
    """Give a site a time of its own between visits."""
    return Spacing(site=site, seconds=seconds, set_by="ann@shop.example", set_at=NOON)


async def test_of_many_at_once_one_has_the_turn(store: Store) -> None:
    """Twenty visitors ask at the same moment: one may go, and another site is not held up."""
    answers = await asyncio.gather(*(take(store, f"visitor {number}") for number in range(20)))

    assert answers.count(None) == 1
    assert await store.turns.take("other.example", "visitor 0", NOON, NOON + MINUTE) == Turn()


async def test_the_next_turn_comes_after_the_pause(store: Store) -> None:
    """A turn that was given back is free at the moment that was named, and not before."""
    free_at = NOON + timedelta(seconds=3)
    await take(store, "first")
    await store.turns.give_back(SITE, "first", free_at)

    assert await take(store, "second", free_at - timedelta(milliseconds=1)) == free_at
    assert await take(store, "second", free_at) is None


async def test_a_turn_that_nobody_gave_back_ends_by_itself(store: Store) -> None:
    """The turn of a killed process is free again when its time is over, and its late return takes nothing away."""
    await take(store, "killed")
    before = await take(store, "second", NOON + MINUTE / 2)

    assert before is not None
    assert before <= NOON
    assert await take(store, "second", NOON + MINUTE) is None
    await store.turns.give_back(SITE, "killed", NOON)
    assert await take(store, "third", NOON + MINUTE) is not None


async def test_a_site_that_asks_for_rest_gets_it(store: Store) -> None:
    """Nobody begins a turn before the site's rest is over; the longest rest counts, whoever gives a turn back."""
    await take(store, "first")
    await store.turns.rest(SITE, NOON + 5 * MINUTE)
    await store.turns.rest(SITE, NOON + MINUTE)
    await store.turns.give_back(SITE, "first", NOON + timedelta(seconds=1))

    assert await take(store, "second", NOON + 4 * MINUTE) == NOON + 5 * MINUTE
    assert await take(store, "second", NOON + 5 * MINUTE) is None


async def test_a_site_may_rest_before_anybody_visited_it(store: Store) -> None:
    """A rest is kept for a site that no turn was taken at."""
    await store.turns.rest(SITE, NOON + MINUTE)

    assert await take(store, "first") == NOON + MINUTE


async def test_a_sites_own_spacing_comes_with_its_turn(store: Store) -> None:
    """Whoever takes the turn learns of the site's own time between visits, the newest one, and of no other site's."""
    await store.turns.space(spaced(9))
    await store.turns.space(spaced(5.5))
    await store.turns.space(spaced(2, "other.example"))

    turn = await store.turns.take(SITE, "first", NOON, NOON + MINUTE)

    assert turn == Turn(spacing_seconds=5.5)
    assert await store.turns.spacings() == [spaced(2, "other.example"), spaced(5.5)]


async def test_a_site_without_one_has_the_usual_spacing(store: Store) -> None:
    """Nothing is said of a site that has no time of its own, or has it no longer."""
    await store.turns.space(spaced(5))

    assert await store.turns.unspace(SITE, NOON)
    assert not await store.turns.unspace(SITE, NOON)
    assert await store.turns.take(SITE, "first", NOON, NOON + MINUTE) == Turn()
    assert await store.turns.spacings() == []


async def test_a_shorter_spacing_cuts_the_present_wait_down(store: Store) -> None:
    """Nobody waits for the end of a pause that was too long by mistake; one that is shorter stays as it is."""
    await take(store, "first")
    await store.turns.give_back(SITE, "first", NOON + 60 * MINUTE)

    await store.turns.space(spaced(5))
    assert await take(store, "second") == NOON + timedelta(seconds=5)
    await store.turns.space(spaced(50))
    assert await take(store, "second") == NOON + timedelta(seconds=5)
    await store.turns.unspace(SITE, NOON)
    assert await take(store, "second") is None


async def test_what_a_site_asked_for_holds_where_it_is_longer(store: Store) -> None:
    """The site's own rest is never cut down, by a shorter spacing as little as by none."""
    await take(store, "first")
    await store.turns.rest(SITE, NOON + 2 * MINUTE)
    await store.turns.give_back(SITE, "first", NOON + 60 * MINUTE)

    await store.turns.space(spaced(5))
    assert await take(store, "second") == NOON + 2 * MINUTE
    await store.turns.unspace(SITE, NOON)
    assert await take(store, "second") == NOON + 2 * MINUTE
    assert await take(store, "second", NOON + 2 * MINUTE) is None
