"""What an import may do, and what it left out of that, and why: told to the person watching."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.model.catalogue import Attempt
from cartage.scraping.plan import Plan
from cartage.scraping.policy import BROWSER, LANGUAGE_MODEL, failure_of

FOUND = "The product was found without it."
NOTHING_NEW = "A browser would not have seen more of this page."
OF_NO_USE = "What stood in the way stands in the way of this, too."
UNCHANGED = "The page has not changed since it was last read."
NO_MODEL = "No language model is asked for gaps here."
NOTHING_MISSING = "Nothing was missing that a language model could have found."
NO_PAGE = "There was no page of a product to look through."
NO_PICTURES = "This Cartage keeps no pictures."
NO_PRODUCT = "No product was found."
REASONS = (
    FOUND, NOTHING_NEW, OF_NO_USE, UNCHANGED, NO_MODEL, NOTHING_MISSING, NO_PAGE, NO_PICTURES, NO_PRODUCT,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Skipped:
    """Name a step that was left out, and say why."""

    name: str
    reason: str


def planned(plan: Plan, *, pictures: bool) -> tuple[str, ...]:
    """Name the steps that an import may take, in their order; `pictures` tells that pictures are kept."""
    tries = (f"try {name} 1" for name in plan.providers)
    fill = ("fill 1",) if plan.fill != "off" else ()
    return (*tries, *fill, *(("try pictures",) if pictures else ()), "save")


def skipped(plan: Plan, attempts: Sequence[Attempt], *, found: bool, pictures: bool) -> list[Skipped]:
    """List the steps that an import left out, in the order they would have come.

    `found` tells that it ended with a product, `pictures` that pictures are kept.
    """
    asked = {attempt.provider for attempt in attempts}
    left = [
        Skipped(f"try {name} 1", _passed_over(name, attempts, found=found))
        for name in plan.providers
        if name not in asked
    ]
    if LANGUAGE_MODEL not in asked:
        left.append(Skipped("fill 1", _not_filled(plan, attempts, found=found)))
    if not (found and pictures):
        left.append(Skipped("try pictures", NO_PICTURES if found else NO_PRODUCT))
    return left if found else [*left, Skipped("save", NO_PRODUCT)]


def _passed_over(provider: str, attempts: Sequence[Attempt], *, found: bool) -> str:
    if attempts and attempts[-1].unchanged:
        return UNCHANGED
    if found:
        return FOUND
    last = failure_of(attempts[-1]) if attempts else None
    return NOTHING_NEW if provider == BROWSER and not (last and last.retry == "never") else OF_NO_USE


def _not_filled(plan: Plan, attempts: Sequence[Attempt], *, found: bool) -> str:
    if attempts and attempts[-1].unchanged:
        return UNCHANGED
    if plan.fill == "off":
        return NO_MODEL
    return NOTHING_MISSING if found else NO_PAGE
