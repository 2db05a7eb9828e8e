"""Commands on the catalogue: the same on this machine's own data as against a running Cartage."""

import csv
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cartage.cli.add import summary
from cartage.cli.outcome import ExitCode
from cartage.wire.catalogue import ImportOut, ProductOut
from tests.cli.running import Running, running_cartage
from tests.cli.terminal import Outcome, Terminal

GOOD = "/products/linen-camp-shirt"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give a running Cartage, made once."""
    with running_cartage(tmp_path_factory.mktemp("running")) as made:
        yield made


@pytest.fixture
def folder(running: Running) -> Path:
    """Give its folder, whose data commands without CARTAGE_URL use themselves."""
    return running.folder


@pytest.fixture(params=["own data", "running"])
def settings(request: pytest.FixtureRequest, running: Running) -> dict[str, str]:
    """Give the settings of both ways to the same catalogue."""
    return running.settings if request.param == "running" else {}


@pytest.fixture(scope="module")
def added(running: Running, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Give the ids of a product that was imported and of one that failed, by `cartage add`."""
    environment = {**os.environ, **running.settings}  # noqa: TID251 - the child's
    command = [
        sys.executable,
        "-m",
        "cartage",
        "add",
        f"{running.shop}{GOOD}",
        f"{running.shop}/gone/old-kettle",
        "--jsonl",
    ]
    folder = tmp_path_factory.mktemp("elsewhere")
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == ExitCode.SOME_FAILED, done.stderr
    assert "✓ Ask the shop's own product data  " in done.stderr
    assert "\x1b[" not in done.stdout + done.stderr
    good, bad = map(json.loads, done.stdout.splitlines())
    return {"good": good["id"], "import": good["import_id"], "bad": bad["id"], "name": good["facts"]["name"]}


def records(outcome: Outcome) -> list[dict[str, object]]:
    """Read JSON lines."""
    assert outcome.code == 0, outcome.stderr
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_records_come_in_every_form(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """JSON whole or cut down, a JSON object a line, CSV with or without a choice of fields, and lines with tabs."""
    listed = cartage("ls", "status:imported", "--json=id,facts.name", **settings)
    lines = records(cartage("ls", "--jsonl", **settings))
    table = list(csv.reader(io.StringIO(cartage("ls", "--csv", "--sort", "name", **settings).stdout)))
    chosen = cartage("ls", "status:failed", "--csv=id,error.code", **settings)
    plain = cartage("ls", "status:failed", **settings)

    assert json.loads(listed.stdout) == [{"id": added["good"], "facts.name": added["name"]}]
    assert {each["id"] for each in lines} == {added["good"], added["bad"]}
    assert table[0] == ["id", "status", "price", "name", "error"]
    assert added["name"] in [row[3] for row in table[1:]]
    assert chosen.stdout == f"id,error.code\n{added['bad']},not_found\n"
    assert plain.stdout.startswith(f"{added['bad']}\tFAILED\t-\t")
    assert plain.stderr == "1 shown\n"


def test_a_product_is_shown_and_explained(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """`show` gives the record, by its import's id too, `explain` who claimed what, `status` how its import stands."""
    shown = cartage("show", added["import"], "--json=status,facts.name", **settings)
    explained = cartage("explain", added["good"], **settings)
    stands = cartage("status", added["bad"], "--json=status,error.code", **settings)
    failed = cartage("explain", added["bad"], **settings)

    assert json.loads(shown.stdout) == {"status": "IMPORTED", "facts.name": added["name"]}
    assert f"/name = {added['name']}" in explained.stdout
    assert json.loads(stands.stdout) == {"status": "failed", "error.code": "not_found"}
    assert failed.stdout.splitlines()[2] == "  direct 1: not_found, HTTP 404"


def test_an_import_is_summed_up_on_a_line(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """What came of it, how many variants, what they cost, and the id; what failed is called so."""
    imported = ImportOut.model_validate_json(cartage("status", added["import"], **settings).stdout)
    good, bad = (
        ProductOut.model_validate_json(cartage("show", added[each], **settings).stdout) for each in ("good", "bad")
    )

    assert summary(good, imported) == f"{added['name']} · 8 variants · 64.00 USD · {good.id}"
    assert summary(bad, imported) == f"{bad.source_url} · FAILED · {bad.id}"


def test_an_edit_is_locked(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """Fields are set by hand, and left to the page again."""
    edited = cartage(
        "products", "edit", added["good"], "--set", "price=12.50 eur", "--json=facts.price,locked", **settings
    )
    freed = cartage("products", "edit", added["good"], "--unlock", "price", "--json=locked", **settings)
    refused = cartage("products", "edit", added["good"], "--set", "price=cheap", **settings)

    assert json.loads(edited.stdout) == {"facts.price": {"amount": "12.50", "currency": "EUR"}, "locked": ["price"]}
    assert json.loads(freed.stdout) == {"locked": []}
    assert (refused.code, refused.stdout) == (ExitCode.USAGE, "")


def test_what_one_price_does_to_variants_is_told(
    cartage: Terminal, settings: dict[str, str], added: dict[str, str]
) -> None:
    """Where they cost the same they sell at it; where not each keeps its own, and standard error says how to set it."""
    edit = ("products", "edit", added["good"])
    facts = json.loads(cartage("show", added["good"], "--json=facts.variants.options", **settings).stdout)
    dear = [{"options": facts["facts.variants.options"][0], "price": {"amount": "99", "currency": "USD"}}]

    same = cartage(*edit, "--set", "price=12.50 USD", **settings)
    cartage(*edit, "--set", f"variants={json.dumps(dear)}", **settings)
    some = cartage(*edit, "--set", "price=12.50 USD", **settings)
    cartage(*edit, "--unlock", "price", "--unlock", "variants", **settings)
    wrong = cartage(*edit, "--set", "variants=S", **settings)

    assert "Its 8 variants sell at 12.50 USD." in same.stderr
    assert "Its 8 variants sell at 99 USD, 12.50 USD." in some.stderr
    assert (wrong.code, "variants=[{" in wrong.stderr) == (ExitCode.USAGE, True)


def test_a_weight_and_a_bare_price_are_set(cartage: Terminal, added: dict[str, str]) -> None:
    """A weight with its unit is kept in grams; a price without a currency is in that of the business, or refused."""
    edit = ("products", "edit", added["good"], "--set", "price=12.50")
    refused = cartage(*edit)
    chosen = cartage("merchant", "--currency", "chf", "--units", "us", "--json=currency,units")

    edited = cartage(*edit, "--set", "weight_grams=1.5 lb", "--json=facts.price,facts.weight_grams")
    cartage("products", "edit", added["good"], "--unlock", "price", "--unlock", "weight_grams")
    unknown = cartage("merchant", "--currency", "franc")
    given_back = cartage("merchant", "--currency", "none", "--units", "none", "--json=currency,units")

    assert (refused.code, "cartage merchant --currency" in refused.stderr) == (1, True)
    assert json.loads(chosen.stdout) == {"currency": "CHF", "units": "us"}
    assert json.loads(edited.stdout) == {
        "facts.price": {"amount": "12.50", "currency": "CHF"},
        "facts.weight_grams": "680.389",
    }
    assert (unknown.code, "Traceback" in unknown.stderr) == (1, False)
    assert json.loads(given_back.stdout) == {"currency": None, "units": None}


def test_all_that_a_filter_wants_is_edited(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """A dry run counts and changes nothing; then what cannot be edited is told, and what can is."""
    change = ("--set", "breadcrumbs=Home > Tees", "--set", "add_tags=home, sale", "--unlock", "price")
    both = f"id:{added['good']},{added['bad']}"

    looked = cartage("products", "edit", "--filter", both, *change, "--dry-run", **settings)
    done = cartage("products", "edit", "--filter", both, *change, "--json=total,done", **settings)
    product = json.loads(cartage("show", added["good"], "--json=facts.breadcrumbs,tags", **settings).stdout)
    cartage("products", "edit", added["good"], "--set", "remove_tags=home, sale", "--unlock", "breadcrumbs", **settings)
    neither = cartage("products", "edit", *change, **settings)

    assert (looked.code, looked.stdout) == (3, "")
    assert "2 match, 1 can be edited, 1 cannot. Run again without --dry-run." in looked.stderr
    assert (done.code, json.loads(done.stdout)) == (3, {"total": 2, "done": 1})
    assert product == {"facts.breadcrumbs": ["Home", "Tees"], "tags": ["home", "sale"]}
    assert (neither.code, "one of both" in neither.stderr) == (ExitCode.USAGE, True)


def test_a_category_is_written_as_its_way(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """The steps to a product are parted by >, and given back by unlocking."""
    trail = cartage(
        "products", "edit", added["good"], "--set", "breadcrumbs=A > B", "--json=facts.breadcrumbs", **settings
    )

    freed = cartage("products", "edit", added["good"], "--unlock", "breadcrumbs", "--json=locked", **settings)

    assert json.loads(trail.stdout) == {"facts.breadcrumbs": ["A", "B"]}
    assert json.loads(freed.stdout) == {"locked": []}


def test_a_page_is_looked_at_before_a_refresh(cartage: Terminal, running: Running, added: dict[str, str]) -> None:
    """A look lists what differs, here nothing, and changes no fact; what was never read cannot be looked at."""
    before = cartage("show", added["good"], "--json=facts", **running.settings).stdout
    looked = cartage("products", "look", added["good"], "--json=", **running.settings)
    gone = cartage("products", "look", added["bad"], **running.settings)

    assert (looked.code, json.loads(looked.stdout)) == (0, []), looked.stderr
    assert "0 differ" in looked.stderr
    assert cartage("show", added["good"], "--json=facts", **running.settings).stdout == before
    assert gone.code == ExitCode.FAILED
    assert "Nothing was read of" in gone.stderr


def test_what_failed_is_tried_again(cartage: Terminal, running: Running, added: dict[str, str]) -> None:
    """A product has a new import, which can be followed; what of it failed shows in the exit code."""
    before = json.loads(cartage("show", added["bad"], "--json=import_id", **running.settings).stdout)
    again = records(cartage("retry", added["bad"], "--render=never", "--jsonl", **running.settings))
    watched = cartage("watch", added["bad"], "--json=status,id", **running.settings)

    assert again[0]["id"] != before["import_id"]
    assert again[0]["render"] == "never"
    assert json.loads(watched.stdout) == {"status": "failed", "id": again[0]["id"]}
    assert watched.code == ExitCode.FAILED
    assert "✗ Read the page directly  " in watched.stderr


def test_many_are_tried_again_by_a_filter(cartage: Terminal, settings: dict[str, str], added: dict[str, str]) -> None:
    """A dry run counts, says what would be left alone by its address and id, and does nothing."""
    dry = cartage("retry", "--filter", "status:failed", "--dry-run", **settings)

    first, second, third = dry.stderr.splitlines()
    assert third.startswith(f"    {added['bad']}  http://")
    assert third.endswith("/gone/old-kettle")
    assert first == "1 match, 0 can be done, 1 cannot."
    assert second.startswith("  1 left as they are: failed for good: the page is gone,")
    assert (dry.code, dry.stdout) == (0, "")


@pytest.mark.parametrize(
    "act",
    [
        ("retry", "--filter", "status:failed"),
        ("cancel", "--filter", "status:failed"),
        ("products", "edit", "--filter", "status:failed", "--set", "brand=Oak"),
        ("products", "rm", "--filter", "status:failed"),
    ],
)
@pytest.mark.usefixtures("added")
def test_what_an_act_would_do_is_a_record(cartage: Terminal, settings: dict[str, str], act: tuple[str, ...]) -> None:
    """A dry run writes its forecast in the form that is asked for, as the act itself does."""
    whole = cartage(*act, "--dry-run", "--json", **settings)
    line = cartage(*act, "--dry-run", "--jsonl", "--json=status,total", **settings)
    cells = cartage(*act, "--dry-run", "--csv=status,total", **settings)

    assert json.loads(whole.stdout)["status"] == "dry_run"
    assert (line.stdout, cells.stdout) == ('{"status": "dry_run", "total": 1}\n', "status,total\ndry_run,1\n")


def test_what_a_retry_of_ids_would_do_is_a_record_for_each(cartage: Terminal, added: dict[str, str]) -> None:
    """How many imports each id would begin, and why not."""
    forecast = cartage("retry", added["bad"], "--from-step", "pictures", "--dry-run", "--jsonl")

    (told,) = records(forecast)
    assert (told["id"], told["can"], told["cannot"]) == (added["bad"], 0, 1)
    assert str(told["why_not"]).startswith("is not imported")


def test_ids_are_looked_at_before_they_are_tried_again(
    cartage: Terminal, settings: dict[str, str], added: dict[str, str]
) -> None:
    """A dry run with ids says what it may cost, how many can be done and why not the others, and does nothing."""
    before = cartage("show", added["bad"], "--json=import_id", **settings).stdout

    dry = cartage("retry", added["bad"], added["import"], "--dry-run", **settings)
    pictures = cartage("retry", added["bad"], "--from-step", "pictures", "--dry-run", **settings)
    unknown = cartage("retry", "prd_unknown", "--dry-run", **settings)
    refused = cartage("cancel", added["bad"], "--dry-run", **settings)

    first, second = dry.stderr.splitlines()
    assert first.startswith("Estimated cost: not known")
    assert (second, dry.code, dry.stdout) == ("2 can be done, 0 cannot. Run again without --dry-run.", 0, "")
    assert f"{added['bad']}: is not imported" in pictures.stderr
    assert (unknown.code, refused.code) == (ExitCode.NOT_FOUND, ExitCode.USAGE)
    assert cartage("show", added["bad"], "--json=import_id", **settings).stdout == before


def test_cancelling_what_is_over_changes_nothing(
    cartage: Terminal, settings: dict[str, str], added: dict[str, str]
) -> None:
    """`cancel` gives the import as it stands."""
    cancelled = records(cartage("cancel", added["import"], "--jsonl", **settings))

    assert [each["status"] for each in cancelled] == ["succeeded"]


def test_a_list_comes_back(cartage: Terminal, running: Running) -> None:
    """A list in a pipe comes back on stdout, against a running Cartage too; some rows failed is exit 3."""
    stdin = f"sku\tlink\nA\t{running.shop}{GOOD}\nB\tnowhere\n"

    handed_in = cartage("import", "-", "--no-wait", stdin=stdin, **running.settings)
    done = cartage("import", "--resume", handed_in.stderr.strip(), **running.settings)
    stands = json.loads(cartage("status", handed_in.stderr.strip(), **running.settings).stdout)

    rows = list(csv.DictReader(io.StringIO(done.stdout), delimiter="\t"))
    assert [(row["sku"], row["import_status"]) for row in rows] == [("A", "already_imported"), ("B", "invalid")]
    assert (done.code, stands["status"]) == (ExitCode.SOME_FAILED, "done")


def test_an_export_comes_from_elsewhere(
    cartage: Terminal, running: Running, added: dict[str, str], tmp_path: Path
) -> None:
    """The file and what was found, as on one's own data."""
    there = cartage("export", "jsonl", "--filter", "status:imported", **running.settings)
    cartage("export", "prestashop", "-o", f"{tmp_path}/", **running.settings)
    cartage("export", "jsonl", "--filter", "status:imported", "-o", str(tmp_path / "all.zip"), **running.settings)

    assert there.code == 0, there.stderr
    assert added["good"] in there.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.zip", "combinations.csv", "products.csv"]
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        assert [packed.read(each).decode() for each in packed.namelist()] == [there.stdout]


def test_costs_are_summed_up(cartage: Terminal, settings: dict[str, str]) -> None:
    """Lines on stdout, the total and what was fetched on stderr."""
    spent = cartage("costs", "--by", "site", "--since", "7d", "--json", **settings)

    assert json.loads(spent.stdout) == []
    assert re.search(r" USD in 7 days\nfetched: \d+\.\d kB \(.*direct \d+\.\d kB", spent.stderr)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["show", "prd_nothing"], ExitCode.NOT_FOUND, "not_found_here"),
        (["watch", "imp_nothing"], ExitCode.NOT_FOUND, "not_found_here"),
        (["ls", "--server", "http://127.0.0.1:1"], ExitCode.FAILED, "installation_unreachable"),
        (["ls", "--token-file", "nothing.txt"], ExitCode.FAILED, "invalid_input"),
        (["retry"], ExitCode.USAGE, "one of both"),
        (["costs", "--since", "ages"], ExitCode.USAGE, "7d"),
        (["show", "--nonsense"], ExitCode.USAGE, "nonsense"),
        (["ls", "--profile", "nowhere"], ExitCode.FAILED, "there are: none"),
        (["products", "rm", "imp_1"], ExitCode.USAGE, "no product's id"),
        (["products", "rm", "prd_1", "--filter", "mug"], ExitCode.USAGE, "one of both"),
        (["ls", "status:bogus"], ExitCode.USAGE, "does not know 'bogus'"),
        (["ls", "bogus:bogus"], ExitCode.USAGE, "There is no `bogus:`"),
        (["add"], ExitCode.USAGE, "There is no address to import"),
    ],
)
def test_how_it_ends_is_in_the_exit_code(
    cartage: Terminal, running: Running, words: list[str], code: ExitCode, said: str
) -> None:
    """Each way to fail has its code, a sentence on stderr, once, and nothing on stdout."""
    patience = {"CARTAGE_TOKEN": "wrong"} if "--server" in words else {}
    result = cartage(*words, **running.settings | patience)

    assert (result.code, result.stdout) == (code, "")
    assert result.stderr.count(said) == 1


def test_a_wrong_token_is_its_own_exit_code(cartage: Terminal, running: Running, tmp_path: Path) -> None:
    """A token that nobody knows is exit 4; one in a file comes first."""
    wrong = {"CARTAGE_URL": running.url, "CARTAGE_TOKEN": "wrong"}
    (tmp_path / "token").write_text(running.token + "\n")

    assert cartage("ls", **wrong).code == ExitCode.NOT_AUTHORISED
    assert cartage("ls", "--token-file", str(tmp_path / "token"), **wrong).code == ExitCode.OK


def test_the_doctor_looks_at_the_running_one(cartage: Terminal, running: Running) -> None:
    """Whether it answers, whose the token is and what runs imports; of this machine's data it says that it did not."""
    well = cartage("doctor", **running.settings)
    unknown = cartage("doctor", CARTAGE_URL=running.url, CARTAGE_TOKEN="wrong")
    away = cartage("doctor", "--server", "http://127.0.0.1:1")

    named = {each["name"]: each["detail"] for each in json.loads(well.stdout)["findings"]}
    assert named["server"] == f"{running.url}; the data on this machine was not looked at"
    assert named["token"] == f"of the merchant {running.merchant.name}"
    assert "workers" in named
    assert "database" not in named
    assert (unknown.code, "✗ token: " in unknown.stderr) == (ExitCode.FAILED, True)
    assert (away.code, "✗ server: Cartage at http://127.0.0.1:1 does not answer" in away.stderr) == (1, True)


def test_a_list_of_products_says_what_to_type(cartage: Terminal, running: Running) -> None:
    """The address of a category says how many products it has, and the command that it names hands them in."""
    found = cartage("add", f"{running.shop}/category/home", **running.settings)
    command = re.search(r"cartage (import --from imp_\w+)", found.stderr)
    assert command
    handed_in = cartage(*command[1].split(), "--no-wait", **running.settings)
    nothing = cartage("import", "--from", "imp_none", **running.settings)

    assert found.code == ExitCode.FAILED
    assert "products_listed: The page looks like a list of 9 products." in found.stderr
    batch = json.loads(cartage("status", handed_in.stderr.strip(), "--json=total", **running.settings).stdout)
    assert batch == {"total": 9}
    assert nothing.code == ExitCode.NOT_FOUND
