"""Accounts that nobody has signed up to, with a hasher that counts and a clock that a test sets."""

from dataclasses import dataclass, field
from typing import Literal

import pytest
from argon2 import PasswordHasher

from cartage.accounts.passwords import Passwords
from cartage.accounts.service import Accounts
from cartage.accounts.throttle import Throttle
from cartage.model.errors import NotAuthenticated
from cartage.stores.memory import MemoryStore

EMAIL, PASSWORD = "ada@shop.example", "correct horse"
TRIES = 10


@dataclass
class Clock:
    """Tell a time that a test sets."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.seconds


@dataclass
class CountingHasher(PasswordHasher):
    """Hash cheaply, and count the passwords that were looked at."""

    verified: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the parent's name
        """Count, and verify."""
        self.verified.append(str(password))
        return super().verify(hash, password)


@dataclass
class Door:
    """Hold accounts and what they stand on."""

    accounts: Accounts
    store: MemoryStore
    hasher: CountingHasher
    clock: Clock


def a_door() -> Door:
    """Give accounts that nobody has signed up to."""
    store, hasher, clock = MemoryStore(), CountingHasher(), Clock()
    throttles = Throttle(clock=clock), Throttle(most=20, clock=clock)
    return Door(Accounts(store, Passwords(hasher), *throttles), store, hasher, clock)


async def signed_up(door: Door) -> str:
    """Sign a person up and give the merchant's id."""
    login = await door.accounts.sign_up(await door.accounts.invite(), EMAIL, PASSWORD, "Ada's Shop")
    return login.user.merchant_id


async def wrong_logins(door: Door, times: int, email: str = EMAIL) -> None:
    """Try wrong passwords."""
    for _ in range(times):
        with pytest.raises(NotAuthenticated):
            await door.accounts.log_in(email, "wrong password")
