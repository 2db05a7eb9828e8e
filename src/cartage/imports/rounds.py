"""Rounds: what is done again and again for ever, and is not to end because one round failed."""

import contextlib
import logging
from collections.abc import Generator

from cartage.model.errors import CartageError


@contextlib.contextmanager
def going_on(logger: logging.Logger, what: str) -> Generator[None]:
    """Tell of an error and go on: in its sentence where it is one of ours, with its trace where nobody foresaw it."""
    try:
        yield
    except CartageError as error:
        logger.warning("%s", error)
    except Exception:
        logger.exception("%s failed and goes on.", what)
