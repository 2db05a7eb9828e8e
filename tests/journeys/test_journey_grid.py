"""Eight screens in four states: no fault that axe knows in either theme, and a true mirror from right to left."""

from collections.abc import Iterator, Mapping

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from cartage.imports.spending import Purse
from cartage.imports.trial import Trial
from cartage.model.spending import NO_CAPS
from cartage.web import WebOptions
from tests.journeys.axe import faults_of
from tests.journeys.conftest import new_context
from tests.journeys.mirror import mirror_faults
from tests.journeys.screens import SCREENS, STATES, AgedModel, Cell, grid_of, things_of
from tests.web.beside import Beside, pages_beside
from tests.web.conftest import house

pytestmark = pytest.mark.browser

MODEL = AgedModel([{}])
DESK: ViewportSize = {"width": 1280, "height": 800}
WINDOWS: tuple[ViewportSize, ...] = (DESK, {"width": 375, "height": 812})


@pytest.fixture(scope="module")
def beside() -> Iterator[Beside]:
    """Serve the pages with a model beside them."""
    with pages_beside(WebOptions(trial=Trial(MODEL, Purse(house().store, NO_CAPS)))) as running:
        yield running


@pytest.fixture(scope="module")
def grid(beside: Beside) -> Mapping[str, Mapping[str, Cell | str]]:
    """Give the screens and their states, with all that is on them."""
    return grid_of(beside.do(things_of(beside.web)))


@pytest.fixture(scope="module")
def people(chromium: Browser, beside: Beside) -> Iterator[dict[bool, Page]]:
    """Give two still browsers: of somebody who worked here, and of a newcomer."""
    contexts: dict[bool, BrowserContext] = {}
    for newcomer, person in ((False, beside.web.mine), (True, beside.web.theirs)):
        contexts[newcomer] = new_context(chromium, base_url=beside.url, reduced_motion="reduce")
        contexts[newcomer].add_cookies([beside.session_of(person)])
    yield {newcomer: context.new_page() for newcomer, context in contexts.items()}
    for context in contexts.values():
        context.close()


def test_no_cell_of_the_grid_is_missing(grid: Mapping[str, Mapping[str, Cell | str]]) -> None:
    """Each of the eight screens has each of the four states, or one line that says why it cannot."""
    assert {screen: tuple(states) for screen, states in grid.items()} == dict.fromkeys(SCREENS, STATES)
    assert sum(isinstance(cell, Cell) or len(cell) > 0 for states in grid.values() for cell in states.values()) == 32


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_in_a_state(
    people: dict[bool, Page], grid: Mapping[str, Mapping[str, Cell | str]], screen: str, state: str
) -> None:
    """Axe finds no fault, in light or dark; the fullest state is the same from right to left, on a phone and a desk."""
    cell = grid[screen][state]
    if isinstance(cell, str):
        return
    page = people[cell.newcomer]
    reached(page, cell)

    faults = [faults_of(page)]
    for window in WINDOWS if state == fullest(grid[screen]) else ():
        page.set_viewport_size(window)
        faults += [f"{window['width']} px: {fault}" for fault in mirror_faults(page)]

    assert [fault for fault in faults if fault] == []


def fullest(states: Mapping[str, Cell | str]) -> str:
    """Name the state of a screen that shows the most: the last that it can be in."""
    return [state for state, cell in states.items() if isinstance(cell, Cell)][-1]


def reached(page: Page, cell: Cell) -> None:
    """Bring a page into a state, with everything on it unfolded."""
    MODEL.newest = cell.prices_of
    page.unroute_all()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESK)
    page.goto(cell.path)
    if cell.act:
        cell.act(page)
    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
