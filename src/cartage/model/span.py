"""Moments as filters write them: an age such as `7d`, counted back from another moment, a day, or a time of a day."""

import re
from datetime import UTC, datetime, timedelta

AGE = re.compile(r"([1-9]\d{0,3})([hdw])")
DAY = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")
HOURS = {"h": 1, "d": 24, "w": 168}
WHOLE_DAY = timedelta(days=1)


def is_age(value: str) -> bool:
    """Tell whether a value is an age such as `24h`, `7d` or `2w`."""
    return AGE.fullmatch(value) is not None


def is_moment(value: str) -> bool:
    """Tell whether a value is an age, or a day or a time that there is, such as `2026-11-20` or `2026-11-20T14:00`."""
    return is_age(value) or _written(value) is not None


def moment_of(value: str, at: datetime) -> datetime:
    """Give the moment that a value names: an age counts back from another moment, a day begins at midnight UTC."""
    found = AGE.fullmatch(value)
    if found:
        return at - timedelta(hours=int(found[1]) * HOURS[found[2]])
    written = _written(value)
    if written is None:
        raise ValueError(value)
    return written


def end_of(value: str, at: datetime) -> datetime:
    """Give the moment before which a value ends: a day is meant with all its hours."""
    moment = moment_of(value, at)
    return moment + WHOLE_DAY if _is_day(value) else moment


def tidied(value: str) -> str:
    """Write a value the same way, however it was typed."""
    return value.upper() if DAY.fullmatch(value.upper()) else value.casefold()


def _is_day(value: str) -> bool:
    found = DAY.fullmatch(value)
    return found is not None and not found[1]


def _written(value: str) -> datetime | None:
    if not DAY.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        return None
