"""Promises about the cases of bad_pages.jsonl: each ends under its own name, retried or not as listed, in bounds."""

import json
import subprocess
import sys
from typing import Any

import pytest

from cartage.fetching.limits import Limits
from cartage.model.errors import TryAnother, TryLater
from cartage.model.evidence import Verdict
from cartage.model.page import PageRequest
from cartage.providers.direct import Direct
from cartage.scraping.attempt import Reading, make_attempt
from cartage.scraping.policy import FINAL_VERDICTS
from tests.fetching.bad_pages import BOMBS, SITES
from tests.fetching.conftest import CASES, Behaviour, Internet

ROWS: dict[str, dict[str, Any]] = {
    row["id"]: row for row in map(json.loads, (CASES / "bad_pages.jsonl").read_text().splitlines())
}
QUICK = Limits(deadline_seconds=0.8, headers_seconds=0.6)
ENDLESS = {"page-021", "page-054", "page-055"}
ONLY_A_PRODUCT_WILL_DO = {Verdict.NOT_A_PRODUCT: "not_a_product_page", Verdict.LISTING: "not_a_product_page"}
NOTHING_FOUND = {"no_product_found": {"not_a_product_page", "no_product_found"}}
VISITS = [pytest.param(name, site, id=f"{name}-{at}") for name in SITES for at, site in enumerate(SITES[name])]
MEASURE = "tests.fetching.swallow"
MOST_GROWTH_MEBIBYTES = 64


async def visit(internet: Internet, behave: Behaviour, limits: Limits) -> Reading:
    """Import a page from a site that behaves so, as far as an attempt goes."""
    internet.site.behave = behave
    fetcher = internet.fetcher(limits)
    try:
        return await make_attempt(Direct(fetcher), PageRequest(url="http://shop.test/p", merchant_id="mer_1"))
    finally:
        await fetcher.aclose()


def code(reading: Reading) -> str:
    """Give the code that an import would end with; `ok` for a product."""
    if reading.error:
        return reading.error.code
    assert reading.extraction
    final = FINAL_VERDICTS.get(reading.extraction.verdict)
    return final.code if final else "ok"


def retried(reading: Reading) -> str:
    """Say in the case file's words what happens next."""
    if isinstance(reading.error, TryLater):
        return "no" if (reading.error.retry_after_seconds or 0) > 3600 else "yes"
    return "escalate" if isinstance(reading.error, TryAnother) else "no"


@pytest.mark.parametrize(("name", "behave"), VISITS)
async def test_a_bad_page_ends_as_its_case_says(internet: Internet, name: str, behave: Behaviour) -> None:
    """The error has the case's name, and is tried again, elsewhere or not at all as the case says."""
    row = ROWS[name.split(maxsplit=1)[0]]

    reading = await visit(internet, behave, QUICK if name in ENDLESS else Limits())

    expected = set(row["expected"].replace(",", " ").replace("/", " ").split())
    wanted = expected | NOTHING_FOUND.get(row["expected"], set())
    assert code(reading) in wanted, (row["case"], reading.error)
    if reading.error and name not in LENIENT:
        assert retried(reading) == row["retryable"], row["case"]


# A refusal or odd status may hide a page that another provider gets: asked of the next one, never repeated.
LENIENT = {"page-012"}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_less_than_64_mebibytes(name: str) -> None:
    """A worker that meets a packed gibibyte refuses it by name, and grows by less than 64 MiB."""
    measured = subprocess.run(
        [sys.executable, "-m", MEASURE, name], check=True, capture_output=True, text=True, timeout=240
    )

    told = json.loads(measured.stdout)
    assert told["code"] == ROWS[name.split(maxsplit=1)[0]]["expected"]
    assert told["growth_mebibytes"] < MOST_GROWTH_MEBIBYTES, told
