"""The waterfall: every step on one scale of time."""

import re
from datetime import timedelta

import pytest

from cartage.model.catalogue import ImportState, Step, StepState
from cartage.model.errors import AccessDenied
from cartage.web.waterfall import ticks_of, waterfall
from tests.contracts.records import NOON, a_product, an_attempt, an_import
from tests.web.conftest import SHOP, Web


def a_step(name: str, start: int, end: int | None, state: StepState = StepState.SUCCEEDED) -> Step:
    """Make a step between seconds after noon."""
    finished = None if end is None else NOON + timedelta(seconds=end)
    until = NOON + timedelta(seconds=90) if state is StepState.WAITING else None
    return Step(
        import_id="imp_1", name=name, state=state, started_at=NOON + timedelta(seconds=start), finished_at=finished,
        until=until,
    )  # fmt: skip


def test_tries_of_a_provider_share_a_line_with_the_rests_between() -> None:
    """Line, tries and rests stand where they were in time, and their lengths add up."""
    import_ = an_import(a_product("mer_1"), state=ImportState.SUCCEEDED, finished_at=NOON + timedelta(seconds=100))
    steps = [
        a_step("try direct 1", 20, 30, StepState.FAILED),
        a_step("wait for direct 2", 30, 50),
        a_step("try direct 2", 50, 80),
        a_step("save", 80, 100),
    ]

    lines = waterfall(import_, steps, [an_attempt("direct"), an_attempt("direct", 2)], NOON)

    assert [(line.name, line.tone, line.milliseconds) for line in lines] == [
        ("in line", "idle", 20_000),
        ("try direct 1", "good", 60_000),
        ("save", "good", 20_000),
    ]
    assert [(bar.kind, bar.start, bar.width, bar.tone) for bar in lines[1].bars] == [
        ("run", 20.0, 10.0, "bad"),
        ("rest", 30.0, 20.0, "wait"),
        ("run", 50.0, 30.0, "good"),
    ]
    assert len(lines[1].attempts) == 2


@pytest.mark.parametrize(
    ("seconds", "marks"),
    [
        (0.13, [0, 0.05, 0.1]),
        (3.2, [0, 1, 2, 3]),
        (30, [0, 10, 20, 30]),
        (100, [0, 30, 60, 90]),
        (9000, [0, 3600, 7200]),
    ],
)
def test_the_scale_is_marked_in_round_steps(seconds: float, marks: list[float]) -> None:
    """A few moments that are easy to read, each where it is in the whole."""
    import_ = an_import(a_product("mer_1"), finished_at=NOON + timedelta(seconds=seconds))

    ticks = ticks_of(import_, NOON)

    assert [round(tick.seconds, 3) for tick in ticks] == marks
    assert [tick.at for tick in ticks] == [round(100 * mark / seconds, 2) for mark in marks]


async def test_the_scale_is_written_from_where_one_begins_to_read(web: Web) -> None:
    """Its beginning is at the left, and at the right for whoever reads from there."""
    product = await web.importing()
    path = f"/import/status/{product.id}"

    pages = [await web.mine.client.get(path, headers={"Accept-Language": each}) for each in ("en", "ar")]

    begins = [re.search(r'class="begins" x="([\d.]+)%"', page.text) for page in pages]
    assert [found and float(found[1]) for found in begins] == [0, 100]
    assert ">0 s</text>" in pages[0].text


def test_what_was_skipped_stands_where_it_would_have_come() -> None:
    """A skipped provider stands before the saving though it was told after it, without a bar and without time."""
    import_ = an_import(a_product("mer_1"), state=ImportState.SUCCEEDED, finished_at=NOON + timedelta(seconds=10))
    steps = [
        a_step("try shop_api 1", 0, 4),
        a_step("save", 5, 10),
        a_step("try direct 1", 6, 6, StepState.SKIPPED),
        a_step("fill 1", 6, 6, StepState.SKIPPED),
        a_step("try pictures", 6, 6, StepState.SKIPPED),
    ]

    lines = waterfall(import_, steps, [], NOON)[1:]

    assert [(line.name, line.skipped, len(line.bars)) for line in lines] == [
        ("try shop_api 1", False, 1),
        ("try direct 1", True, 0),
        ("fill 1", True, 0),
        ("try pictures", True, 0),
        ("save", False, 1),
    ]


def test_tries_of_the_language_model_share_a_line() -> None:
    """What a language model was asked, the rest, and the second question stand on one line, with both tries."""
    import_ = an_import(a_product("mer_1"), state=ImportState.SUCCEEDED, finished_at=NOON + timedelta(seconds=30))
    steps = [
        a_step("fill 1", 0, 4, StepState.FAILED),
        a_step("wait for language_model 2", 4, 9),
        a_step("fill 2", 9, 12),
    ]
    attempts = [an_attempt("language_model"), an_attempt("language_model", 2)]

    (line,) = waterfall(import_, steps, attempts, NOON)[1:]

    assert (line.name, line.tone, len(line.bars), len(line.attempts)) == ("fill 1", "good", 3, 2)


def test_what_is_under_way_reaches_until_now() -> None:
    """A rest that is not over ends at the present, and names when it goes on; nothing begun is all line."""
    import_ = an_import(a_product("mer_1"))
    now = NOON + timedelta(seconds=40)

    resting = waterfall(import_, [a_step("wait for direct 2", 10, None, StepState.WAITING)], [], now)
    waiting = waterfall(import_, [], [], now)

    (bar,) = resting[1].bars
    assert (bar.start, bar.width, resting[1].under_way) == (25.0, 75.0, True)
    assert resting[1].until == NOON + timedelta(seconds=90)
    assert [(line.name, line.milliseconds) for line in waiting] == [("in line", 40_000)]


PLANNED = ("try shop_api 1", "try direct 1", "fill 1", "try pictures", "save")


def test_what_may_come_stands_below_what_has_begun() -> None:
    """While it runs, the steps that are left stand there without time, those that may not be needed as such."""
    import_ = an_import(a_product("mer_1"), state=ImportState.RUNNING, planned=PLANNED)

    lines = waterfall(import_, [a_step("try shop_api 1", 0, None, StepState.RUNNING)], [], NOON)

    assert [(line.name, line.to_come, len(line.bars)) for line in lines[1:]] == [
        ("try shop_api 1", "", 1),
        ("try direct 1", "perhaps", 0),
        ("fill 1", "perhaps", 0),
        ("try pictures", "surely", 0),
        ("save", "surely", 0),
    ]


def test_what_is_passed_over_does_not_look_as_if_it_came() -> None:
    """Once the pictures are fetched no other provider is to come; once it is over, nothing is."""
    begun = [a_step("try shop_api 1", 0, 1), a_step("try pictures", 1, None, StepState.RUNNING)]
    running = an_import(a_product("mer_1"), state=ImportState.RUNNING, planned=PLANNED)
    over = running.model_copy(update={"state": ImportState.FAILED, "finished_at": NOON + timedelta(seconds=2)})

    assert [line.name for line in waterfall(running, begun, [], NOON) if line.to_come] == ["save"]
    assert [line.name for line in waterfall(over, begun, [], NOON) if line.to_come] == []


async def test_the_answers_of_failed_tries_are_shown(web: Web) -> None:
    """The page says which HTTP status the site answered with and how often, and each try and step its own."""
    refused = AccessDenied(f"{SHOP} refuses to show the page (status 403).")
    refused.http_status = 403
    product_id = await web.failed(refused)

    whole = (await web.mine.get(f"/import/status/{product_id}")).text
    none = (await web.mine.get(f"/import/status/{await web.failed()}")).text

    assert whole.count("HTTP 403 × 2") == 1
    assert whole.count(">HTTP 403</bdi>") == 2
    assert ">HTTP " not in none
