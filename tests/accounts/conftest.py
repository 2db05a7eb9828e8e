"""Accounts that each test has for itself."""

import pytest

from tests.accounts.doorway import Door, a_door


@pytest.fixture
def door() -> Door:
    """Give accounts that nobody has signed up to."""
    return a_door()
