"""How a command ends: its exit code, and errors as one sentence on stderr."""

import sys
from enum import IntEnum

from cyclopts import App, CycloptsError

from cartage.model.errors import CartageError, NotAuthenticated, NotFound
from cartage.model.export import LinkTemplateMissing


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


def run(app: App, arguments: list[str]) -> int:
    """Run a command and give its exit code; no traceback reaches the person for an error we know."""
    words = ["--json=" if word == "--json" else word for word in arguments]
    try:
        result = app(words, exit_on_error=False, print_error=True, result_action="return_value")
    except CycloptsError:
        return ExitCode.USAGE
    except CartageError as error:
        complain(error)
        return code_for(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        return ExitCode.FAILED
    return result if isinstance(result, int) else ExitCode.OK


def complain(error: CartageError) -> None:
    """Write an error to stderr: its code, what happened, and what to do."""
    failure = error.failure()
    sys.stderr.write(f"cartage: {failure.code}: {failure}\n")


def code_for(error: CartageError) -> ExitCode:
    """Choose the exit code for an error."""
    match error:
        case NotAuthenticated():
            return ExitCode.NOT_AUTHORISED
        case NotFound():
            return ExitCode.NOT_FOUND
        case LinkTemplateMissing():
            return ExitCode.LINT_ERRORS
        case _:
            return ExitCode.FAILED
