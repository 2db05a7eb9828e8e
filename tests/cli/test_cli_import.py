"""`cartage import`: the list's own rows on stdout, everything else on stderr, and the exit codes."""

import asyncio
import contextlib
import csv
import io
import json
from collections.abc import AsyncGenerator
from decimal import Decimal
from pathlib import Path

import pytest

from cartage.cli.forecast import check_told
from cartage.cli.outcome import ExitCode
from cartage.imports.progress import now
from cartage.model.batch import BatchState, Check
from cartage.model.catalogue import ImportState, Status
from cartage.model.errors import BotChallenge, PageNotFound, RateLimited
from cartage.model.product import Money, Product
from cartage.model.service_errors import BudgetReached
from cartage.model.spending import NO_CAPS, PaidAttempt
from cartage.model.wishes import AS_USUAL
from cartage.stores.sql import SqlStore
from cartage.wire.batches import BatchCheck
from tests.cli.catalogue import new_catalogue
from tests.cli.terminal import Terminal
from tests.contracts.records import a_batch, an_event, ended_product, failed_rows, kept_product
from tests.imports.workbooks import workbook

KNOWN = "https://shop.example/p/known"
REFUSED = "http://127.0.0.1/p"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder whose catalogue holds one imported product."""
    asyncio.run(filled(tmp_path))
    return tmp_path


async def filled(folder: Path) -> None:
    """Make a catalogue with one imported product."""
    async with new_catalogue(folder) as (store, merchant_id):
        await ended_product(store, merchant_id, source_url=KNOWN, facts=Product(name="Mug", url=KNOWN))


@contextlib.asynccontextmanager
async def kept_catalogue(folder: Path) -> AsyncGenerator[tuple[SqlStore, str]]:
    """Give the open store of the folder's catalogue, and its merchant's id."""
    store = SqlStore(f"sqlite+aiosqlite:///{folder / 'data' / 'cartage.db'}")
    await store.open()
    (merchant,) = await store.accounts.merchants()
    try:
        yield store, merchant.id
    finally:
        await store.close()


async def failed(folder: Path) -> str:
    """Keep a list of which all failed."""
    async with kept_catalogue(folder) as (store, merchant_id):
        batch = a_batch(merchant_id, BatchState.FED).model_copy(update={"wishes": AS_USUAL})
        errors = (PageNotFound("x"), PageNotFound("x"), BotChallenge("x"), RateLimited("x"))
        await failed_rows(store, batch, *(error.failure() for error in errors))
    return batch.id


async def paid(folder: Path, batch_id: str) -> None:
    """Have a batch pay for two tries, of one of which nobody tells the cost."""
    async with kept_catalogue(folder) as (store, merchant_id):
        for number, cost in ((1, 310_000), (2, None)):
            tried = PaidAttempt(
                import_id="imp_1",
                provider="zyte",
                number=number,
                merchant_id=merchant_id,
                batch_id=batch_id,
                host="shop.example",
                at=now(),
                counted=1,
            )
            await store.spending.reserve(tried, NO_CAPS, now())
            await store.spending.settle("imp_1", "zyte", number, cost)


def test_rows_come_back_on_stdout(cartage: Terminal, folder: Path) -> None:
    """Each row with what became of it; some failed is exit 3, and stderr says how many."""
    (folder / "list.csv").write_text(f"sku;url\nA;{KNOWN}\nB;{REFUSED}\n")

    result = cartage("import", "list.csv")

    head, *rows = csv.reader(io.StringIO(result.stdout), delimiter=";")
    assert result.code == 3, result.stderr
    assert head[:4] == ["sku", "url", "import_status", "error_code"]
    assert [row[:4] for row in rows] == [
        ["A", KNOWN, "already_imported", ""],
        ["B", REFUSED, "invalid", "url_not_allowed"],
    ]
    assert "1 already imported, 1 invalid" in result.stderr
    assert "\x1b[" not in result.stdout + result.stderr


def test_what_cartage_writes_as_json_lines_is_a_list(cartage: Terminal, folder: Path) -> None:
    """Its own records a line and its lossless export are read by the address of each product."""
    (folder / "listed.jsonl").write_text(cartage("ls", "--jsonl").stdout)
    cartage("export", "jsonl", "-o", "whole.jsonl")

    results = [cartage("import", name) for name in ("listed.jsonl", "whole.jsonl")]

    for result in results:
        (row,) = csv.DictReader(io.StringIO(result.stdout))
        assert (row["source_url"], row["import_status"], result.code) == (KNOWN, "already_imported", 0)


def test_a_list_s_retry_leaves_what_would_fail_again(cartage: Terminal, folder: Path) -> None:
    """Before and after, it says how many rows run again, how many cannot, and with what they failed."""
    batch_id = asyncio.run(failed(folder))

    dry = cartage("retry", batch_id, "--dry-run")
    done = cartage("retry", batch_id)

    why = "3 cannot be retried, for they would fail again: 2 not_found, 1 bot_challenge"
    assert "1 can be done, 3 cannot." in dry.stderr
    assert f"{batch_id}: {why}" in dry.stderr
    assert f"{batch_id}: 1 rows run again.\n  {why}.\n" in done.stderr


def test_what_a_list_cost_is_told(cartage: Terminal, folder: Path) -> None:
    """While it is waited for, and at its end: what is known, what is not, and what it may cost; else nothing."""
    handed_in = cartage("import", "-", "--no-wait", "--max-cost=2", stdin=REFUSED + "\n").stderr.split()[-1]
    free = cartage("import", "--resume", handed_in)
    asyncio.run(paid(folder, handed_in))

    told = cartage("import", "--resume", handed_in)

    assert "spent" not in free.stderr
    assert f"{handed_in}: $0.31 and 1 of unknown cost of $2 spent" in told.stderr


@pytest.mark.parametrize(("line", "code"), [(KNOWN, 0), (REFUSED, 1)])
def test_the_exit_code_says_how_it_went(cartage: Terminal, folder: Path, line: str, code: int) -> None:
    """All well is 0, none is 1; the list may come from a pipe, the result go to a file."""
    result = cartage("import", "-", "--output", "out.csv", stdin=line + "\n")

    assert (result.code, result.stdout) == (code, ""), result.stderr
    assert (folder / "out.csv").read_text().startswith("url,import_status")


def test_a_list_handed_in_is_waited_for_later(cartage: Terminal) -> None:
    """--no-wait gives the batch's id at once; --resume runs it and writes the result."""
    handed_in = cartage("import", "-", "--no-wait", stdin=f"{KNOWN}\n")
    batch_id = handed_in.stderr.split()[-1]

    resumed = cartage("import", "--resume", batch_id)

    assert (handed_in.code, handed_in.stdout) == (0, "")
    assert batch_id.startswith("bat_")
    assert resumed.code == 0, resumed.stderr
    assert "already_imported" in resumed.stdout


@pytest.mark.parametrize("arguments", [["missing.csv"], ["--resume", "bat_unknown"]])
def test_what_is_not_there_is_one_sentence(cartage: Terminal, arguments: list[str]) -> None:
    """A missing file or batch is said so, without a traceback."""
    result = cartage("import", *arguments)

    assert result.code in {1, 5}
    assert result.stderr.startswith("cartage: ")
    assert "Traceback" not in result.stderr


def test_a_list_has_terms_of_its_own(cartage: Terminal) -> None:
    """What it may spend, what happens to known products, the column, and when the exit code tells of failures."""
    all_failed = cartage("import", "-", "--fail-on", "never", stdin=f"{REFUSED}\n")
    some_failed = cartage(
        "import", "-", "--fail-on", "all", "--column", "url=Link", stdin=f"Link\n{KNOWN}\n{REFUSED}\n"
    )
    refused = cartage("import", "--resume", "bat_1", "--max-cost", "1")
    handed_in = cartage(
        "import",
        "-",
        "--no-wait",
        "--max-cost=2.00",
        "--on-duplicate=refresh",
        "--tag=spring",
        "--language=ar",
        "--multiplier=2.5",
        "--percent=10",
        "--concurrency=4",
        stdin=f"{KNOWN}\n",
    )
    told = json.loads(
        cartage(
            "status",
            handed_in.stderr.split()[-1],
            "--json=max_cost,on_duplicate,language,tags,own_rule,at_once,asked_by",
        ).stdout
    )

    assert (all_failed.code, some_failed.code, refused.code) == (0, 0, ExitCode.USAGE), some_failed.stderr
    assert told == {
        "max_cost": {"amount": "2", "currency": "USD"},
        "on_duplicate": "refresh",
        "language": "ar",
        "tags": ["spring"],
        "own_rule": {"multiplier": "2.5", "percent": "10", "fixed": "0"},
        "at_once": 4,
        "asked_by": "command line",
    }


def test_an_import_has_terms_of_its_own(cartage: Terminal) -> None:
    """What one import may spend, and how it is to be done, goes with it."""
    added = cartage(
        "add", "https://shop.example/p/new", "--no-wait", "--max-cost=0.05", "--render=never", "--json=max_cost,render"
    )

    assert json.loads(added.stdout) == [{"max_cost": {"amount": "0.05", "currency": "USD"}, "render": "never"}]


@pytest.mark.parametrize(
    ("option", "named"),
    [("--language=123!", "--language"), ("--tag=a,b", "--tag"), ("--multiplier=-1", "--multiplier")],
)
def test_a_wish_that_cannot_be_is_named(cartage: Terminal, option: str, named: str) -> None:
    """An option that is nonsense is refused in one sentence, before anything is handed in."""
    result = cartage("import", "-", option, stdin=f"{KNOWN}\n")

    assert (result.code, result.stdout) == (ExitCode.USAGE, "")
    assert named in result.stderr


async def paused(folder: Path) -> str:
    """Keep an import that stopped at a bound of its own, and give its id."""
    async with kept_catalogue(folder) as (store, merchant_id):
        product, import_ = await kept_product(store, merchant_id)
        failure = BudgetReached("The import's own bound is used up (0.05 USD).").failure()
        over = {"state": ImportState.FAILED, "failure": failure, "finished_at": now()}
        failed = product.model_copy(update={"status": Status.FAILED, "failure": failure})
        await store.catalogue.end_import(failed, import_.model_copy(update=over), an_event(import_))
    return import_.id


@pytest.mark.parametrize(
    ("options", "bound"), [((), None), (("--max-cost=0.20",), {"amount": "0.20", "currency": "USD"})]
)
def test_what_stopped_at_a_budget_goes_on(
    cartage: Terminal, folder: Path, options: tuple[str, ...], bound: dict[str, str] | None
) -> None:
    """--anyway lifts the import's own bound, or sets the one that is named; a list has no such thing."""
    import_id = asyncio.run(paused(folder))

    begun = cartage("retry", import_id, "--anyway", *options, "--json=resumes,max_cost")
    of_a_list = cartage("retry", "bat_1", "--anyway")

    assert json.loads(begun.stdout) == [{"resumes": import_id, "max_cost": bound}]
    assert (of_a_list.code, "--anyway and --max-cost are for ids" in of_a_list.stderr) == (ExitCode.USAGE, True)


def test_a_dry_run_tells_what_a_list_holds(cartage: Terminal) -> None:
    """Which columns are used and which come back only, the seconds and the cost; nothing is kept."""
    told = cartage(
        "import", "-", "--dry-run", "--column=sku=Supplier SKU", "--column", "tags=",
        stdin="url,Supplier SKU,tags,price,action\nhttps://shop.example/p/new,A,b,9,\nhttps://shop.example/p/2,,,,skip\n",
    )  # fmt: skip
    kept = cartage("products", "ls", "--json=source_url")

    check = json.loads(told.stdout)
    assert told.code == 0
    assert (check["new"], check["skipped"]) == (1, 1)
    assert check["used"] == {"sku": "Supplier SKU", "action": "action"}
    assert check["handed_back"] == ["tags", "price"]
    assert check["most_cost"] == {"amount": "0", "currency": "USD"}
    assert check["seconds"][0] > 0
    assert [each["source_url"] for each in json.loads(kept.stdout)] == [KNOWN]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("list.csv", f'url,note\n{KNOWN},"two\nlines"\n\noops,x\n'.encode(), 5),
        ("list.txt", f"{KNOWN}\n\noops\n".encode(), 3),
        ("list.jsonl", f'{{"url": "{KNOWN}"}}\n\n{{"url": "oops"}}\n'.encode(), 3),
        ("list.xlsx", workbook([["", ""], ["url", "note"], ["", ""], [KNOWN, "a"], ["oops", "b"]]), 5),
    ],
)
def test_a_wrong_row_is_named_by_its_line(
    cartage: Terminal, tmp_path: Path, name: str, content: bytes, line: int
) -> None:
    """That of the file, however it is written."""
    (tmp_path / name).write_bytes(content)

    told = cartage("import", str(tmp_path / name), "--dry-run", "--csv=errors.row,errors.error.line")

    assert told.stdout == f"errors.row,errors.error.line\n2,{line}\n", told.stderr


@pytest.mark.parametrize("option", ["--results", "--output", "-o"])
def test_the_result_goes_to_standard_output_by_its_usual_sign(cartage: Terminal, option: str) -> None:
    """A lone - after the option is standard output, as the help says."""
    done = cartage("import", "-", option, "-", stdin=f"url\n{KNOWN}\n")

    (row,) = csv.DictReader(io.StringIO(done.stdout))
    assert (done.code, row["import_status"]) == (0, "already_imported"), done.stderr


def test_a_terminal_is_told_before_a_list_starts(cartage: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds, how long it takes and what it costs, on one line; a pipe is not."""
    listed = f"url\n{KNOWN}\nnonsense\n"
    piped = cartage("import", "-", stdin=listed)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    told = cartage("import", "-", "--no-color", stdin=listed)

    assert "2 rows: 1 already imported, 1 not usable; 0 s, free\n" in told.stderr
    assert "2 rows" not in piped.stderr


@pytest.mark.parametrize(
    ("seconds", "most", "told"),
    [
        ((3.2, 9.6), Decimal("1.90"), "12 rows: 10 new, 2 already imported; 3 s to 10 s, $1.90 at most"),
        ((600, 1800), None, "12 rows: 10 new, 2 already imported; 10 min to 30 min, no bound on what it costs"),
        ((9000, 27000), Decimal(0), "12 rows: 10 new, 2 already imported; 2.5 h to 7.5 h, free"),
    ],
)
def test_an_estimate_is_one_line(seconds: tuple[float, float], most: Decimal | None, told: str) -> None:
    """Times in the unit that suits them, and a cost only where it is known."""
    check = Check(rows=12, new=10, known=2)
    cost = None if most is None else Money(amount=most, currency="USD")

    assert check_told(BatchCheck.of(check, seconds, cost)) == told


def test_an_address_has_an_id_of_ones_own(cartage: Terminal) -> None:
    """It goes with the import of one address; several cannot share one."""
    added = cartage("add", "https://shop.example/p/new", "--no-wait", "--external-id=row-17", "--json=external_id")
    refused = cartage("add", "https://shop.example/p/1", "https://shop.example/p/2", "--external-id=row-17")

    assert json.loads(added.stdout) == [{"external_id": "row-17"}]
    assert refused.code == ExitCode.USAGE
    assert "--external-id is for one address" in refused.stderr
