"""A round that fails is told of and does not end those that follow."""

import logging

import pytest

from cartage.imports.rounds import going_on
from cartage.model.errors import EngineUnreachable

logger = logging.getLogger("cartage.test")


def test_an_error_of_ours_is_told_in_its_sentence(caplog: pytest.LogCaptureFixture) -> None:
    """What is foreseen, such as a database that is away, is one line of the log."""
    error = EngineUnreachable("The engine does not answer.")

    with going_on(logger, "Sweeping"):
        raise error

    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("WARNING", str(error))
    assert record.exc_info is None


def test_an_error_that_nobody_foresaw_is_told_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    """Anything else is told with what failed and where, and goes no further either."""
    with going_on(logger, "Sweeping"):
        raise ZeroDivisionError("by zero")

    (record,) = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "Sweeping failed and goes on.")
    assert record.exc_info


def test_a_stop_is_not_held_up() -> None:
    """What ends a process or a task passes."""
    with pytest.raises(KeyboardInterrupt), going_on(logger, "Sweeping"):
        raise KeyboardInterrupt
