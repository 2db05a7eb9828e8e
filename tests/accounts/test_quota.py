"""How many requests a token may make."""

import pytest

from cartage.accounts.quota import Allowance, Quota
from cartage.model.request_errors import TooManyRequests


class Clock:
    """Tell the time that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def test_what_is_spent_comes_back_with_time() -> None:
    """A minute's requests may come at once; then each comes back after its share of a minute."""
    clock = Clock()
    quota = Quota(6, clock)

    left = [quota.spend("till") for _ in range(6)]
    with pytest.raises(TooManyRequests) as refused:
        quota.spend("till")
    clock.now = 10
    one_more = quota.spend("till")

    assert left[0] == Allowance(limit=6, remaining=5, reset_seconds=10)
    assert [each and each.remaining for each in left] == [5, 4, 3, 2, 1, 0]
    assert refused.value.retry_after_seconds == 10
    assert one_more == Allowance(limit=6, remaining=0, reset_seconds=60)


def test_each_name_has_its_own() -> None:
    """One that asks too much leaves the others what is theirs."""
    quota = Quota(1, Clock())
    quota.spend("till")

    assert quota.spend("app") == Allowance(limit=1, remaining=0, reset_seconds=60)


def test_without_a_bound_nothing_is_counted() -> None:
    """0 lets everything through."""
    quota = Quota(0, Clock())

    assert [quota.spend("till") for _ in range(1000)] == [None] * 1000
