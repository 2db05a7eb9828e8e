"""Digits with separators, as the values that they may mean."""

import re
from decimal import Decimal

LONGEST_NUMBER = 40
GROUP = 3


def readings(text: str) -> frozenset[Decimal]:
    """Give what digits with separators may mean: `1,299` is 1299 or 1.299; nothing for a version or a date."""
    digits = re.sub(r"['\u00a0 ]", "", text)
    marks = [each for each in digits if each in ".,"]
    if len(digits) > LONGEST_NUMBER:
        return frozenset()
    if not marks:
        return frozenset({Decimal(digits)})
    groups = re.split(r"[.,]", digits)
    if len(set(marks)) > 1:
        decimal = marks[-1] not in marks[:-1]
        whole = "".join(groups[:-1])
        return frozenset({Decimal(f"{whole}.{groups[-1]}" if decimal else whole + groups[-1])})
    if len(marks) > 1:
        grouped = len(groups[-1]) == GROUP and all(len(each) in {2, GROUP} for each in groups[1:])
        return frozenset({Decimal("".join(groups))}) if grouped else frozenset()
    plain = Decimal(f"{groups[0]}.{groups[1]}")
    may_group = len(groups[1]) == GROUP and len(groups[0]) <= GROUP and groups[0].strip("0") != ""
    return frozenset({plain, Decimal(groups[0] + groups[1])}) if may_group else frozenset({plain})
