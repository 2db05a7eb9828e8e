"""Every error says what happened, whose side it is on and what to do, and has its place in the reference."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from cartage import model
from cartage.model.failure import CartageError, Misconfigured, Origin, Permanent, Refused, TryAnother, TryLater

REFERENCE = (Path(__file__).parents[2] / "docs/reference/errors.md").read_text()
PARENTS = {CartageError, Permanent, TryAnother, TryLater, Misconfigured, Refused}


def known() -> Iterator[type[CartageError]]:
    """Give every error of the model that can happen."""
    for each in pkgutil.iter_modules(model.__path__):
        for found in vars(import_module(f"cartage.model.{each.name}")).values():
            if isinstance(found, type) and issubclass(found, CartageError) and found not in PARENTS:
                yield found


ERRORS = sorted(set(known()), key=lambda error: error.code)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_an_error_says_all_that_a_person_needs(error: type[CartageError]) -> None:
    """What happened, whose side, what to do, and a place to read on."""
    assert (error.__doc__ or "").split()
    assert error.origin in Origin
    assert error.advice.endswith((".", "!", "?"))
    assert f'<a id="{error.code}"></a>' in REFERENCE
