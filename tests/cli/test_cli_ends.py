"""How commands end when somebody stops them, what they say of themselves, and how they look."""

import json
import subprocess
import sys

import pytest
from cyclopts import App
from rich.text import Text

from cartage.cli import GROUPS, short_help
from cartage.cli.installation import UnderWay
from cartage.cli.manner import heed_manner
from cartage.cli.outcome import MEANINGS, ExitCode, run
from cartage.cli.reading import warn_once
from cartage.cli.record import AS_USUAL, write_all
from cartage.cli.schema import Kind
from cartage.cli.screen import console
from cartage.cli.shown import PRODUCT
from cartage.cli.steps import step_line
from cartage.model.client_errors import NotOverYet
from tests.cli.terminal import Terminal


def raising(error: BaseException) -> App:
    """Make a command line whose one command ends so."""
    app = App(name="cartage")

    @app.command
    def break_() -> None:
        raise error

    heed_manner(app)
    return app


def test_an_interruption_says_how_to_watch_on(capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C is exit 130 and names what goes on."""
    app = App(name="cartage")

    @app.command
    def wait() -> None:
        with UnderWay(["imp_1", "bat_2"]).told():
            raise KeyboardInterrupt

    heed_manner(app)

    assert run(app, ["wait"]) == ExitCode.INTERRUPTED
    assert capfd.readouterr().err == "Still running: cartage watch imp_1\nStill running: cartage watch bat_2\n"


@pytest.mark.parametrize(
    ("error", "code"), [(NotOverYet("It is running."), ExitCode.TIMED_OUT), (KeyboardInterrupt(), ExitCode.INTERRUPTED)]
)
def test_what_goes_on_has_a_code_of_its_own(error: BaseException, code: ExitCode) -> None:
    """Running out of patience is exit 6."""
    assert run(raising(error), ["break"]) == code


def test_a_reader_who_has_enough_is_no_error() -> None:
    """`cartage schema | head -c 1` ends quietly."""
    command = [sys.executable, "-m", "cartage", "schema", "product"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", ExitCode.OK)


def test_every_exit_code_has_a_meaning() -> None:
    """The table in the reference is whole."""
    assert set(MEANINGS) == set(ExitCode)


def test_the_short_help_names_every_command() -> None:
    """`cartage --help` is written without the machinery, and leaves nothing out."""
    text = short_help()

    assert all(f"  {name} " in text for commands in GROUPS.values() for name in commands)
    assert max(map(len, text.splitlines())) <= 100


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_record_has_a_schema(cartage: Terminal, kind: Kind) -> None:
    """`cartage schema KIND` writes JSON Schema."""
    schema = json.loads(cartage("schema", kind.value).stdout)

    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["properties"]


def test_secrets_are_not_shown(cartage: Terminal) -> None:
    """`cartage config show` says of a secret that it is set, and nothing else."""
    shown = cartage("config", "show", "--json", CARTAGE_TOKEN="hush", CARTAGE_METRICS_TOKEN="hush", CARTAGE_PORT="9000")

    told = {each["setting"]: each["value"] for each in json.loads(shown.stdout)}
    assert "hush" not in shown.stdout
    assert (told["CARTAGE_TOKEN"], told["CARTAGE_PORT"], told["CARTAGE_DATABASE_URL"]) == ("(secret)", "9000", "")


def test_config_says_where_each_value_comes_from(cartage: Terminal) -> None:
    """The environment beats the file, and another program's name for a setting counts as the environment."""
    (cartage.folder / ".env").write_text("CARTAGE_PORT=9000\nCARTAGE_CONTACT=me@shop.example\n")

    shown = cartage("config", "show", "--json", CARTAGE_PORT="9001", INNGEST_EVENT_KEY="hush")

    told = {each["setting"]: (each["value"], each["from"]) for each in json.loads(shown.stdout)}
    assert told["CARTAGE_PORT"] == ("9001", "environment")
    assert told["CARTAGE_CONTACT"] == ("me@shop.example", "file")
    assert told["CARTAGE_INNGEST_EVENT_KEY"] == ("(secret)", "environment")
    assert told["CARTAGE_ROBOTS"] == ("obey", "default")


def test_a_variable_that_is_no_setting_is_named_once(cartage: Terminal) -> None:
    """On stderr, with the nearest that is one, from the environment and the file; and only once in a process."""
    (cartage.folder / ".env").write_text("CARTAGE_XYLOPHONE=1\nOTHER_PROGRAM=1\n")
    strange = {"CARTAGE_DATABSE_URL": "sqlite://"}
    warn_once.cache_clear()

    first = cartage("config", "show", "--json", **strange)
    second = cartage("config", "show", "--json", **strange)

    warned = first.stderr.splitlines()
    assert [line for line in warned if "CARTAGE_DATABSE_URL" in line and "mean CARTAGE_DATABASE_URL?" in line]
    assert "cartage: CARTAGE_XYLOPHONE is no setting and changes nothing." in warned
    assert json.loads(first.stdout)
    assert "OTHER_PROGRAM" not in first.stderr
    assert "no setting" not in second.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(cartage: Terminal, shell: str) -> None:
    """The completions know the commands."""
    assert "retry" in cartage("completions", shell).stdout


def test_no_colour_is_no_colour(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """NO_COLOR leaves no styles, on a terminal either."""
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")

    console().print(Text("Mug", style="bold red"))

    assert capfd.readouterr().out == "Mug\n"


def test_a_step_that_is_over_is_a_line() -> None:
    """A step tells what it did, in how many seconds, and what came of it; in the words of the pages."""
    told = {"step": "try direct 2", "state": "succeeded", "detail": "Found the product."}

    assert step_line(told, 0.84) == "✓ Read the page directly, again  0.8 s  Found the product."


def test_a_step_without_words_is_a_line_all_the_same() -> None:
    """What a newer server tells is shown as far as it is understood."""
    assert step_line({"step": "polish", "state": "new"}) == "· polish"


def test_what_the_next_command_needs_stays_whole(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """On a terminal of 80 columns a long name is cut, not an id or a price."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    product = {
        "id": f"prd_{'0' * 26}",
        "status": "FAILED",
        "facts": {"name": "Lamp " * 20, "price": {"amount": "1870.00", "currency": "EUR"}},
        "error": {"code": "product_not_found"},
    }

    write_all([product], AS_USUAL, PRODUCT)

    (line,) = [each for each in capfd.readouterr().out.splitlines() if "Lamp" in each]
    assert line.startswith(f"prd_{'0' * 26}  ")
    assert "  1870.00 EUR  " in line


@pytest.mark.parametrize(
    ("width", "line", "left_out"),
    [
        ("60", f"prd_{'0' * 26}   FAILED   1870.00 EUR", "name, error"),
        ("40", "FAILED   1870.00 EUR   Lamp Lam", "id, error"),
    ],
)
def test_a_price_is_whole_however_narrow_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], width: str, line: str, left_out: str
) -> None:
    """Other columns are left out before it is cut, and standard error says which."""
    monkeypatch.setenv("COLUMNS", width)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    price = {"amount": "1870.00", "currency": "EUR"}
    product = {"id": f"prd_{'0' * 26}", "status": "FAILED", "facts": {"name": "Lamp Lamp Lamp", "price": price}}

    write_all([{**product, "error": {"code": "product_not_found"}}], AS_USUAL, PRODUCT)

    out, told = capfd.readouterr()
    assert line in out
    assert f"No room here for: {left_out}" in told
