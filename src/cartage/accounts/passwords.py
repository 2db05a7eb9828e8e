"""Passwords: hashed by argon2id, a few at a time, and looked at for as long whatever is wrong with them."""

import asyncio
from dataclasses import dataclass, field

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from cartage.model.errors import InvalidInput
from cartage.model.merchant import User

SHORTEST, LONGEST = 10, 1024
HASHES_AT_ONCE = 4
DECOY = (  # nobody's, and looked at for as long as a hash that the same hasher made
    "$argon2id$v=19$m={0.memory_cost},t={0.time_cost},p={0.parallelism}"
    "$IrkQSqNIDjJKAKF5z6cQOQ$bQI2yjrB/+v88aYPbRKNDuT6/O9AKHFhq+jRZYLosUs"
)


@dataclass(frozen=True, slots=True)
class Passwords:
    """Hash passwords, and tell whether one is a user's."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(HASHES_AT_ONCE))

    async def hash(self, password: str) -> str:
        """Hash a password."""
        async with self.hashing:
            return await asyncio.to_thread(self.hasher.hash, password)

    async def fits(self, user: User | None, password: str) -> bool:
        """Tell whether a password is the user's; of nobody it takes as long to say no."""
        if len(password.encode()) > LONGEST:
            return False
        stored = user.password_hash if user else DECOY.format(self.hasher)
        async with self.hashing:
            try:
                return await asyncio.to_thread(self.hasher.verify, stored, password) and user is not None
            except VerificationError:
                return False


def check_password(password: str) -> None:
    """Raise `InvalidInput` for a password that is too short or too long to be one."""
    if not SHORTEST <= len(password.encode()) <= LONGEST:
        raise InvalidInput(f"A password has at least {SHORTEST} characters.", "/password")
