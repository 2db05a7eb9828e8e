"""How a command ends: its exit code, and errors as one sentence on stderr."""

import contextlib
import os
import sys
from enum import IntEnum
from typing import TYPE_CHECKING

from cartage.model.access import Forbidden
from cartage.model.client_errors import NotOverYet
from cartage.model.errors import CartageError, InvalidInput, NotAuthenticated, NotFound
from cartage.model.export import LinkTemplateMissing, TargetUnknown
from cartage.model.filtering import FilterInvalid

if TYPE_CHECKING:
    from cyclopts import App

HELP = frozenset({"--help", "-h"})
NO_COLOR = "--no-color"
EVERYWHERE = (NO_COLOR, "--no-input", "--quiet", "--verbose", "-v")
BARE = ("--json", "--csv")  # options whose value may be left out


class ExitCode(IntEnum):
    """Number the ways a command can end."""

    OK = 0
    FAILED = 1
    USAGE = 2
    SOME_FAILED = 3
    NOT_AUTHORISED = 4
    NOT_FOUND = 5
    TIMED_OUT = 6
    LINT_ERRORS = 7
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "All went well.",
    ExitCode.FAILED: "It failed, or all of it did; the sentence on standard error says why.",
    ExitCode.USAGE: "The command was not written as it has to be.",
    ExitCode.SOME_FAILED: "Some of it failed.",
    ExitCode.NOT_AUTHORISED: "The token is missing, wrong, or may not do this.",
    ExitCode.NOT_FOUND: "What was asked for is not there.",
    ExitCode.TIMED_OUT: "It was not over within --timeout; it goes on.",
    ExitCode.LINT_ERRORS: "An export's products have errors.",
    ExitCode.INTERRUPTED: "Ctrl-C; what had begun goes on, and standard error says how to watch it.",
}


class Miswritten(InvalidInput):
    """The command's own words are not as they have to be, whatever there is to do it to."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C, while things with these ids go on without us."""


def run(app: "App", arguments: list[str]) -> int:
    """Run a command and give its exit code; no traceback reaches the person for an error we know."""
    from cyclopts import CycloptsError

    app.suppress_keyboard_interrupt = False  # it would exit by itself, without a word
    app.meta.suppress_keyboard_interrupt = False
    words = _ordered([f"{word}=" if word in BARE else word for word in arguments])
    if sys.stdout.isatty() or sys.stderr.isatty() or not HELP.isdisjoint(words):
        _dress(app, plain=NO_COLOR in words)
    try:
        result = app.meta(words, exit_on_error=False, print_error=True, result_action="return_value")
        sys.stdout.flush()
    except CycloptsError:
        return ExitCode.USAGE
    except CartageError as error:
        complain(error)
        return code_for(error)
    except KeyboardInterrupt as error:
        for each in error.args:
            sys.stderr.write(f"Still running: cartage watch {each}\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _hush()
        return ExitCode.OK
    return result if isinstance(result, int) else ExitCode.OK


def complain(error: CartageError) -> None:
    """Write an error to stderr: its code, what happened, and what to do."""
    failure = error.failure()
    sys.stderr.write(f"cartage: {failure.code}: {failure}\n")


def code_for(error: CartageError) -> ExitCode:
    """Choose the exit code for an error."""
    match error:
        case NotAuthenticated() | Forbidden():
            return ExitCode.NOT_AUTHORISED
        case NotFound():
            return ExitCode.NOT_FOUND
        case NotOverYet():
            return ExitCode.TIMED_OUT
        case Miswritten() | FilterInvalid() | TargetUnknown():
            return ExitCode.USAGE
        case LinkTemplateMissing():
            return ExitCode.LINT_ERRORS
        case _:
            return ExitCode.FAILED


def _ordered(words: list[str]) -> list[str]:
    """Put what every command knows first, as `cartage ls` would take it for words to search for."""
    end = words.index("--") if "--" in words else len(words)
    everywhere = [word for word in words[:end] if word in EVERYWHERE]
    return everywhere + [word for word in words[:end] if word not in EVERYWHERE] + words[end:]


def _dress(app: "App", *, plain: bool) -> None:
    """Have help and complaints about options look as everything else does; they come before any option is heeded."""
    from cartage.cli.screen import console

    app.console = console(plain=plain)
    app.error_console = console(stderr=True, plain=plain)


def _hush() -> None:
    """Let Python write what is left to nowhere: whoever read our output has read enough."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
