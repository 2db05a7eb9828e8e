"""Batches: every row of a list ends with what became of it, whatever the list and whoever dies on the way."""

import asyncio
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartage.imports.batch import USUAL_TERMS, Batches
from cartage.imports.batch_check import Pace, expected_seconds
from cartage.imports.batch_file import Form, open_batch
from cartage.imports.feeding import LEASE, Feeder
from cartage.imports.progress import now
from cartage.imports.service import Imports
from cartage.model.batch import Batch, BatchState, BatchTerms, OnDuplicate, RowStatus
from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import AccessDenied, BotChallenge, InvalidInput, LoginRequired, NotFound, PageNotFound
from cartage.model.spacing import Spacing
from cartage.model.wishes import Render
from tests.imports.conftest import MERCHANT, House, kettle, make_house
from tests.kept_engine import KeptEngine

SHOP = "https://shop.example/p"
SITE = "https://cartage.example"
ADDED = ["import_status", "error_code", "error_message", "product_id", "product_url"]


@dataclass
class Works:
    """Hold a house with its batches and a feeder."""

    house: House
    imports: Imports
    batches: Batches
    feeder: Feeder

    async def hand_in(self, text: str, form: Form | None = None, terms: BatchTerms = USUAL_TERMS) -> Batch:
        """Hand in a list."""
        return await self.batches.submit(MERCHANT, open_batch(io.BytesIO(text.encode()), form), terms=terms)

    async def run(self) -> None:
        """Feed until nothing waits any more."""
        while await self.feeder.feed():
            await self.feeder.settle()

    async def statuses(self, batch: Batch) -> list[str]:
        """List how the rows fare."""
        return [each.status.value for each in await self.batches.results(MERCHANT, batch.id)]

    async def result(self, batch: Batch) -> list[list[str]]:
        """Read the result file, head included."""
        text = "".join([piece async for piece in self.batches.result_file(batch, SITE)])
        return list(csv.reader(io.StringIO(text), delimiter=batch.delimiter))


def works(answers: Sequence[str | Exception] = (), *, window: int = 16, queue: KeptEngine | None = None) -> Works:
    """Make works whose shop answers so; with a queue, imports are only sent there."""
    house = make_house(list(answers) or [kettle()])
    imports = Imports(house.store, queue) if queue else house.imports
    return Works(house, imports, Batches(house.store, imports), Feeder(house.store, imports, window))


async def test_every_row_comes_back_with_what_became_of_it() -> None:
    """Good, bad, repeated and failing rows come back in their order, their own columns untouched."""
    mine = works([kettle(), PageNotFound("Gone.")], window=1)
    text = f'sku;Link;note\nA;{SHOP}/1;"two\nlines"\nB;not an address;\nC;{SHOP}/1?utm_source=x;=1+1\nD;{SHOP}/2\n'

    batch = await mine.hand_in(text)
    await mine.run()

    head, *rows = await mine.result(batch)
    product = await mine.imports.store.catalogue.product_by_url(MERCHANT, f"{SHOP}/1")
    assert product
    assert head == ["sku", "Link", "note", *ADDED]
    assert [row[:3] for row in rows] == [
        ["A", f"{SHOP}/1", "two\nlines"],
        ["B", "not an address", ""],
        ["C", f"{SHOP}/1?utm_source=x", "=1+1"],
        ["D", f"{SHOP}/2", ""],
    ]
    assert [row[3] for row in rows] == ["imported", "invalid", "duplicate", "failed"]
    assert [row[4] for row in rows] == ["", "url_invalid", "", "not_found"]
    assert rows[0][6:] == rows[2][6:] == [product.id, f"{SITE}/products/{product.id}"]
    assert rows[1][6:] == ["", ""]


ADDRESSES = ("", "  ", "nowhere", "http://10.0.0.1/p", f"{SHOP}/1", f" {SHOP}/1 ", f"{SHOP}/2", "=1+1")
CELLS = st.sampled_from(["", "A", '"', "a;b", "two\nlines", "=1+1", "é"])
LISTS = st.lists(st.tuples(CELLS, st.sampled_from(ADDRESSES), CELLS), min_size=1, max_size=30).filter(
    lambda rows: any(map(str.strip, chain.from_iterable(rows)))
)


@given(LISTS, st.sampled_from(["waiting", "run", "cancelled"]))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_as_many_rows_come_back_as_were_handed_in(rows: list[tuple[str, str, str]], how: str) -> None:
    """Whatever stands in a list, and whenever its result is asked for, each row is there once, in its order."""

    async def handed_in_and_back() -> list[list[str]]:
        mine, text = works([kettle(), PageNotFound("Gone.")]), io.StringIO()
        csv.writer(text).writerows([("sku", "url", "note"), *rows])
        batch = await mine.hand_in(text.getvalue(), Form.CSV)
        if how == "run":
            await mine.run()
        if how == "cancelled":
            await mine.batches.cancel(MERCHANT, batch.id)
        return await mine.result(batch)

    _, *back = asyncio.run(handed_in_and_back())

    assert [tuple(row[:3]) for row in back] == [row for row in rows if any(map(str.strip, row))]
    assert all(row[3] in set(RowStatus) for row in back)


async def test_a_result_can_be_handed_in_again() -> None:
    """The columns that were added are replaced, and rows in the catalogue are known."""
    mine = works()
    first = await mine.hand_in(f"{SHOP}/1\n{SHOP}/2\n")
    await mine.run()
    text = "".join([piece async for piece in mine.batches.result_file(first, SITE)])

    again = await mine.hand_in(text)
    await mine.run()

    head, *rows = await mine.result(again)
    assert head == ["url", *ADDED]
    assert [row[1] for row in rows] == ["already_imported", "already_imported"]
    assert len(mine.house.direct.requests) == 2


async def test_a_product_that_failed_before_is_imported_by_the_batch() -> None:
    """A known address whose import failed gets another import, the batch's own."""
    mine = works([PageNotFound("Gone."), kettle()])
    await mine.imports.submit(MERCHANT, f"{SHOP}/1")

    batch = await mine.hand_in(f"{SHOP}/1")
    await mine.run()

    assert await mine.statuses(batch) == ["imported"]


async def test_only_a_window_of_imports_is_under_way() -> None:
    """Of many rows only a few become imports at a time; more follow as those end."""
    queue = KeptEngine()
    mine = works(window=3, queue=queue)
    batch = await mine.hand_in("\n".join(f"{SHOP}/{n}" for n in range(10)))

    for _ in range(3):
        await mine.feeder.feed()
        await mine.feeder.settle()
    before = len(queue.sent)
    (import_, *_) = await mine.imports.imports(MERCHANT)
    await mine.imports.cancel(MERCHANT, import_.product_id)
    await mine.feeder.feed()
    await mine.feeder.settle()

    assert (before, len(queue.sent)) == (3, 4)
    assert all(bulk for bulk, _ in queue.lanes)
    assert await mine.batches.counts(MERCHANT, batch.id) == {RowStatus.QUEUED: 9, RowStatus.FAILED: 1}


async def test_a_list_may_be_imported_a_few_at_a_time() -> None:
    """A list that asks for fewer has fewer under way, and leaves its window to others; each says who handed it in."""
    queue = KeptEngine()
    mine = works(window=5, queue=queue)
    slow = "url\n" + "".join(f"{SHOP}/slow/{number}\n" for number in range(9))

    batch = await mine.batches.by("ada@shop.example").submit(
        MERCHANT, open_batch(io.BytesIO(slow.encode())), terms=BatchTerms(at_once=2)
    )
    await mine.feeder.feed()
    await mine.feeder.settle()
    other = await mine.hand_in("url\n" + "".join(f"{SHOP}/{number}\n" for number in range(9)))
    await mine.feeder.feed()
    await mine.feeder.settle()

    under_way = [await mine.house.store.batches.under_way(MERCHANT, each.id) for each in (batch, other)]
    imports = await mine.house.imports.imports(MERCHANT)
    assert under_way == [2, 3]
    assert {each.asked_by for each in imports if each.batch_id == batch.id} == {"ada@shop.example"}


async def test_a_person_is_not_sent_as_bulk() -> None:
    """A single submission goes ahead of the batch's."""
    queue = KeptEngine()
    mine = works(queue=queue)

    await mine.imports.submit(MERCHANT, f"{SHOP}/1")

    assert queue.lanes == [(False, "")]


async def test_a_feeder_that_dies_is_followed_by_another() -> None:
    """What was submitted but not noted is recognised, failed or not, and nothing runs twice."""
    mine = works([PageNotFound("Gone."), kettle()])
    batch = await mine.hand_in(f"{SHOP}/1\n{SHOP}/2\n{SHOP}/3\n")
    for n in (1, 2):  # the dead feeder got so far
        await mine.imports.submit(MERCHANT, f"{SHOP}/{n}", batch_id=batch.id)
    assert await mine.house.store.batches.lease("dead", now() - LEASE * 2, now() - timedelta(seconds=1)) == [batch]

    await mine.run()

    assert await mine.statuses(batch) == ["failed", "imported", "imported"]
    assert len(mine.house.direct.requests) == 3
    assert len(await mine.imports.imports(MERCHANT)) == 3


async def test_what_failed_runs_again() -> None:
    """A retry imports the failed rows once more and leaves the others alone."""
    mine = works([AccessDenied("403."), kettle()])
    batch = await mine.hand_in(f"{SHOP}/1\n{SHOP}/2\nnonsense\n", Form.LINES)
    await mine.run()
    before = await mine.statuses(batch)

    retried = await mine.batches.retry(MERCHANT, batch.id)
    await mine.run()

    assert before == ["failed", "imported", "invalid"]
    assert retried.rows == 1
    assert await mine.statuses(batch) == ["imported", "imported", "invalid"]
    assert len(mine.house.direct.requests) == 3


async def test_what_would_fail_again_is_left_as_it_is() -> None:
    """Pages that are gone, ask for a login or show a captcha are counted and left, unless their reason is named."""
    errors = [PageNotFound("Gone."), LoginRequired("A login."), BotChallenge("A captcha."), AccessDenied("403.")]
    mine = works([*errors, kettle()], window=1)
    batch = await mine.hand_in("".join(f"{SHOP}/{number}\n" for number in range(4)))
    await mine.run()

    retried = await mine.batches.retry(MERCHANT, batch.id)
    named = await mine.batches.retry(MERCHANT, batch.id, "not_found")
    seen = await mine.batches.retry(MERCHANT, batch.id, render=Render.FIRST)
    await mine.run()

    assert (retried.rows, named.rows, named.left, seen.rows) == (1, 1, (), 1)
    assert {each.code: each.rows for each in retried.left} == {"not_found": 1, "login_required": 1, "bot_challenge": 1}
    assert [each.code for each in seen.left] == ["login_required"]
    assert await mine.statuses(batch) == ["imported", "failed", "imported", "imported"]


async def test_a_cancelled_batch_stops() -> None:
    """Rows that wait never start, the batch's own imports under way are stopped, another's go on."""
    queue = KeptEngine()
    mine = works(window=2, queue=queue)
    single = await mine.imports.submit(MERCHANT, f"{SHOP}/1")
    batch = await mine.hand_in("\n".join(f"{SHOP}/{n}" for n in range(1, 6)))
    await mine.feeder.feed()
    await mine.feeder.settle()

    cancelled = await mine.batches.cancel(MERCHANT, batch.id)
    await mine.run()

    assert cancelled.state is BatchState.CANCELLED
    assert await mine.statuses(batch) == ["queued", "cancelled", "cancelled", "cancelled", "cancelled"]
    assert (await mine.imports.product(MERCHANT, single.product.id)).status is Status.IMPORTING
    assert [each.state for each in await mine.imports.imports(MERCHANT)].count(ImportState.QUEUED) == 1


async def test_a_row_under_hand_while_its_batch_is_cancelled_is_stopped() -> None:
    """A submission that crosses a cancellation does not go on."""
    queue = KeptEngine()
    mine = works(queue=queue)
    batch = await mine.hand_in(f"{SHOP}/1\n")
    await mine.feeder.feed()  # the row's task has not run yet

    await mine.house.store.batches.cancel_batch(batch.id)
    await mine.feeder.settle()

    (import_,) = await mine.imports.imports(MERCHANT)
    assert import_.state is ImportState.FAILED
    assert await mine.statuses(batch) == ["cancelled"]


async def test_cancelling_what_is_over_changes_nothing() -> None:
    """A batch that is done stays done."""
    mine = works()
    batch = await mine.hand_in(f"{SHOP}/1\n")
    await mine.run()

    assert (await mine.batches.cancel(MERCHANT, batch.id)).state is BatchState.FED


async def test_a_batch_is_its_merchants_own() -> None:
    """Nobody else sees, cancels or retries it."""
    mine = works()
    batch = await mine.hand_in(f"{SHOP}/1\n")

    for asking in (
        mine.batches.batch,
        mine.batches.counts,
        mine.batches.results,
        mine.batches.cancel,
        mine.batches.retry,
    ):
        with pytest.raises(NotFound):
            await asking("mer_2", batch.id)


async def test_a_list_that_is_too_long_leaves_nothing() -> None:
    """A refused list is forgotten whole."""
    mine = works()
    small = Batches(mine.house.store, mine.imports, most_rows=2)

    with pytest.raises(InvalidInput, match="more than 2 rows"):
        await small.submit(MERCHANT, open_batch(io.BytesIO(f"{SHOP}/1\n{SHOP}/2\n{SHOP}/3".encode())))

    assert await mine.batches.batches(MERCHANT) == []


async def test_a_site_cannot_write_formulas() -> None:
    """Our own columns never start a formula, whatever a failure's text says."""
    mine = works([PageNotFound("=HYPERLINK(1)")])
    batch = await mine.hand_in(f"{SHOP}/1\n")
    await mine.run()

    _, (*_, message, _, _) = await mine.result(batch)

    assert message.startswith("'=HYPERLINK")


async def test_a_list_is_looked_over_without_keeping_it() -> None:
    """New, known, repeated and wrong rows are counted, by site; a product that failed is imported again."""
    mine = works([kettle(), PageNotFound("Gone.")], window=1)
    await mine.hand_in(f"{SHOP}/1\n{SHOP}/2")
    await mine.run()
    text = f"url\n{SHOP}/1\n{SHOP}/2\nhttps://www.other.test/a\n{SHOP}/3\n{SHOP}/3?utm_source=x\nmail\n\n"

    check = await mine.batches.check(MERCHANT, open_batch(io.BytesIO(text.encode())))

    assert (check.rows, check.new, check.known, check.duplicates, check.invalid) == (6, 3, 1, 1, 1)
    assert check.by_site == (("shop.example", 2), ("other.test", 1))
    assert [(row.number, row.source_url) for row in check.bad] == [(6, "mail")]
    assert expected_seconds(check, Pace(places=8, spacing_seconds=1)) == (5.0, 15.0)
    assert len(await mine.batches.batches(MERCHANT)) == 1


async def test_a_list_takes_as_long_as_its_slowest_site() -> None:
    """A site with a time of its own between visits counts by it, whichever of its hosts the rows name."""
    mine = works([], window=1)
    await mine.house.store.turns.space(Spacing(site="slow.test", seconds=28.5, set_at=now()))
    text = f"{SHOP}/1\n{SHOP}/2\nhttps://www.slow.test/a\nhttps://de.slow.test/b\n"

    check = await mine.batches.check(MERCHANT, open_batch(io.BytesIO(text.encode()), Form.LINES))

    assert check.spacings == {"slow.test": 28.5, "de.slow.test": 28.5}
    assert expected_seconds(check, Pace(places=8, spacing_seconds=1)) == (30.0, 90.0)


async def test_a_batch_tells_how_it_fares_and_retries_one_reason() -> None:
    """Rows by status, reasons with their sites, and only those of the reason run again."""
    mine = works([kettle(), PageNotFound("Gone."), BotChallenge("A captcha."), kettle()], window=1)
    batch = await mine.batches.submit(
        MERCHANT, open_batch(io.BytesIO(f"{SHOP}/1\n{SHOP}/2\n{SHOP}/3\nmail".encode()), Form.LINES), "order.txt"
    )
    before = await mine.batches.standing(MERCHANT, batch.id)
    await mine.run()

    standing = await mine.batches.standing(MERCHANT, batch.id)
    retried = await mine.batches.retry(MERCHANT, batch.id, "bot_challenge")
    await mine.run()

    assert (before.left, before.over, before.seconds_left) == (3, False, None)
    assert (standing.batch.name, standing.total, standing.left, standing.over) == ("order.txt", 4, 0, True)
    assert {cause.code: (cause.rows, cause.sites) for cause in standing.causes} == {
        "bot_challenge": (1, (("shop.example", 1),)),
        "not_found": (1, (("shop.example", 1),)),
        "url_invalid": (1, ()),
    }
    assert standing.per_second > 0
    assert retried.rows == 1
    assert await mine.statuses(batch) == ["imported", "failed", "imported", "invalid"]


async def test_a_list_can_refresh_what_is_there() -> None:
    """With `refresh` a known product is imported again, once, and its row is as good as a new one's."""
    there = works([kettle()])
    first = await there.hand_in(f"url\n{SHOP}/1\n")
    await there.run()
    known = (await there.batches.results(MERCHANT, first.id))[0].product_id

    again = await there.hand_in(f"url\n{SHOP}/1\n{SHOP}/2\n", terms=BatchTerms(on_duplicate=OnDuplicate.REFRESH))
    await there.run()
    await there.feeder.feed()

    rows = await there.batches.results(MERCHANT, again.id)
    imports = await there.house.store.catalogue.imports(MERCHANT, product_id=known or "")
    assert [row.status.value for row in rows] == ["imported", "imported"]
    assert (rows[0].product_id, [each.batch_id for each in imports]) == (known, [again.id, first.id])
