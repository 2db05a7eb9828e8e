"""Prefixed, time-ordered identifiers: `prd_01J9Z…`."""

from typing import Literal

from ulid import ULID

Prefix = Literal[
    "mer",
    "usr",
    "tok",
    "prd",
    "imp",
    "art",
    "pic",
    "evt",
    "bat",
    "aud",
    "whe",
    "msg",
    "exp",
    "fed",
    "run",
    "enh",
    "blk",
    "wrk",
]


def new_id(prefix: Prefix) -> str:
    """Make an identifier that sorts by creation time (a ULID, https://github.com/ulid/spec)."""
    return f"{prefix}_{ULID()}"
