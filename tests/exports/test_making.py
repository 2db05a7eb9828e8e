"""Making an export: files cut between products, and a report of everything that is wrong with them."""

import csv
import io
import json
from collections import Counter

import pytest

from cartage.exports.known import TARGETS, target_named
from cartage.exports.lint import CODES
from cartage.exports.making import Making
from cartage.exports.target import Terms
from cartage.exports.targets.jsonl import record
from cartage.model.errors import NotFound
from cartage.model.export import MEGABYTE, Severity
from tests.exports.linen import GOOGLE, a_mug, a_shirt, exported

LONG = "A very long text. " * 5000  # 90 kB


def test_files_are_cut_between_products() -> None:
    """Each part is small enough, begins with the column names, and no product is in two parts."""
    shirts = [a_shirt(name=f"Shirt {number}", description_html=LONG) for number in range(30)]

    files, report = exported("shopify", *shirts, split_mb=1)

    parts = [list(csv.DictReader(io.StringIO(content.decode()))) for content in files.values()]
    handles = [{row["URL handle"] for row in part} for part in parts]
    assert list(files) == ["products-1.csv", "products-2.csv", "products-3.csv"]
    assert all(len(content) <= MEGABYTE for content in files.values())
    assert sum(map(len, handles)) == len({handle for part in handles for handle in part}) == 30
    assert report.rows == sum(map(len, parts)) == 90


def test_a_file_beyond_what_shopify_takes_is_an_error() -> None:
    """Cut at 14 MB it is fine; uncut it is told."""
    mugs = [a_mug(number, description_html=LONG) for number in range(180)]

    (cut, _), (whole, report) = exported("shopify", *mugs), exported("shopify", *mugs, split_mb=0)

    assert len(cut) == 2
    assert len(whole) == 1
    assert [group.code for group in report.groups if group.code == "file_over_15mb"] == ["file_over_15mb"]


@pytest.mark.parametrize("target", ["google-xml", "schema-org", "jsonl"])
def test_documents_are_cut_into_whole_documents(target: str) -> None:
    """Each part opens and closes by itself."""
    shirts = [a_shirt(description=LONG) for _ in range(12)]

    files, _ = exported(target, *shirts, settings=GOOGLE, split_mb=1)

    assert len(files) > 1
    for content in files.values():
        text = content.decode()
        if target == "schema-org":
            json.loads(text)
        if target == "google-xml":
            assert text.startswith("<?xml")
            assert text.endswith("</rss>\n")


def test_attributes_are_as_many_as_the_product_with_most_has() -> None:
    """The columns are known only after the last product, and each row has them all."""
    files, _ = exported("woocommerce", a_mug(), a_shirt())

    table = list(csv.reader(io.StringIO(files["products.csv"].decode())))
    assert "Attribute 2 default" in table[0]
    assert {len(row) for row in table} == {len(table[0])}


def test_the_report_groups_by_code_errors_first() -> None:
    """How many findings, in how many products, and the first of them."""
    mugs = [a_mug(number, price=None, images=()) for number in range(30)]

    _, report = exported("shopify", *mugs, a_shirt())

    first = report.groups[0]
    assert (first.severity, first.code, first.count, first.products) == (Severity.ERROR, "price_missing", 30, 30)
    assert len(first.first) == 20
    assert (report.products, report.errors) == (31, 30)
    assert report.warnings == sum(group.count for group in report.groups if group.severity is Severity.WARNING)


def test_a_product_that_was_never_read_is_skipped_and_counted() -> None:
    """What no page was read for has nothing to be exported."""
    unread = a_mug().model_copy(update={"facts": None})

    files, report = exported("jsonl", unread, a_mug(2))

    assert (report.products, report.skipped, len(files["products.jsonl"].splitlines())) == (1, 1, 1)


def test_a_check_finds_what_an_export_finds() -> None:
    """Without files the report is the same."""
    making = Making(TARGETS["woocommerce"], Terms())
    making.add([a_shirt(), a_mug(price=None)])

    assert making.finish()[0] == exported("woocommerce", a_shirt(), a_mug(price=None), rules=Terms().rules)[1]


def test_nothing_is_lost_in_our_own_lines() -> None:
    """A line is the whole product, the evidence and the locks included, in its own order of letters."""
    shirt = a_shirt().model_copy(update={"locked": ("name",), "missing": ("rating",)})

    files, _ = exported("jsonl", shirt)

    kept = json.loads(files["products.jsonl"])
    assert json.loads(shirt.model_dump_json(exclude={"merchant_id"})) == kept
    assert record(shirt).encode() + b"\n" == files["products.jsonl"]


def test_an_unknown_target_names_those_there_are() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(NotFound, match="woocommerce"):
        target_named("magento")


def test_every_finding_has_a_code_that_is_explained() -> None:
    """No code is there twice, and each says what it means and what to do."""
    assert all(code.meaning.endswith(".") and code.fix.endswith(".") for code in CODES.values())
    assert max(Counter(code.meaning for code in CODES.values()).values()) == 1
