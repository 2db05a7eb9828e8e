"""The options of an import as forms have them: how its page is opened, in which language, and what becomes of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from cartage.imports.edits import tags_in
from cartage.imports.enhancement import Enhancing
from cartage.imports.service import Imports
from cartage.model.batch import BatchTerms, OnDuplicate
from cartage.model.errors import InvalidInput
from cartage.model.pricing import Markup
from cartage.model.product import Money
from cartage.model.spending import DOLLAR, dollars, millionths
from cartage.model.wishes import MOST_DOLLARS, Render, Wishes
from cartage.web.bulk import markup_of
from cartage.web.language import gettext, spoken
from cartage.web.rendering import in_dollars, money, number
from cartage.web.words import RENDERS
from cartage.wording.tasks import language_name

RULE = ("multiplier", "percent", "fixed")
FOLDED = ("render", "language", "tags", *RULE, "max_cost")
ASKED = (*FOLDED, "on_duplicate", "enhance", "enhance_asked")
USUAL = {"render": "auto"}
LEAST_DOLLARS = Decimal("0.000001")
TONGUES = (
    "ar", "cs", "da", "de", "el", "en", "en-GB", "en-US", "es", "es-MX", "fa", "fi", "fr", "fr-CA", "he", "hi", "hu",
    "id", "it", "ja", "ko", "nb", "nl", "pl", "pt", "pt-BR", "ro", "ru", "sv", "th", "tr", "uk", "ur", "vi", "zh",
    "zh-TW",
)  # fmt: skip
AMISS = {
    "render": "A page is opened in a browser where that is needed, first of all, or never.",
    "language": "A language is a tag such as ar or pt-BR.",
    "tags": "A tag has at most 60 characters, and there are at most 50.",
}


@dataclass(frozen=True, slots=True)
class Options:
    """Hold what a form needs to show options: what was filled in, and what is wrong with a field, by its name."""

    asked: Mapping[str, str]
    wrong: Mapping[str, str]
    renders: bool
    texts: Iterable[Any] = ()
    enhance: bool = False
    tongues: tuple[tuple[str, str], ...] = field(default=())

    @property
    def unfolded(self) -> bool:
        """Tell whether they are to be seen: one is filled in, or wrong."""
        return any(self.wrong.get(name) or self.asked[name] != USUAL.get(name, "") for name in FOLDED)


@dataclass(frozen=True, slots=True)
class OptionsDesk:
    """Make options for whoever imports."""

    imports: Imports
    enhancing: Enhancing

    async def options(
        self, merchant_id: str, fields: Mapping[str, str], wrong: Mapping[str, str] | None = None
    ) -> Options:
        """Give the options as they were filled in, or as they are before; in the language of the page."""
        settings = await self.enhancing.settings(merchant_id)
        chosen = enhance_of(fields)
        return Options(
            asked={name: fields.get(name, "").strip() or USUAL.get(name, "") for name in ASKED},
            wrong=wrong or {},
            renders=self.imports.renders,
            texts=() if self.enhancing.off else settings.wanted,
            enhance=settings.automatic if chosen is None else chosen,
            tongues=_tongues(fields.get("language", "")),
        )


def enhance_of(fields: Mapping[str, str]) -> bool | None:
    """Read whether to enhance what an import brings; None where the form did not ask."""
    return "enhance" in fields if "enhance_asked" in fields else None


def wishes_of(fields: Mapping[str, str]) -> Wishes:
    """Read how to import; raises `InvalidInput`, which names the field."""
    given: dict[str, Any] = {"tags": tags_in(fields.get("tags", ""))}
    given |= {name: fields[name] for name in ("render", "language") if fields.get(name)}
    if any(fields.get(name, "").strip() for name in RULE):
        given["own_rule"] = markup_of(fields)
    try:
        return Wishes.model_validate(given)
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        raise InvalidInput(AMISS[name], f"/{name}") from error


def wishes_of_one(fields: Mapping[str, str]) -> Wishes:
    """Read how to import one address, and what that may cost; raises `InvalidInput`, which names the field."""
    wishes, bound = wishes_of(fields), _amount(fields.get("max_cost", ""))
    if bound is not None and (not 0 <= bound <= MOST_DOLLARS or 0 < bound < LEAST_DOLLARS):
        raise InvalidInput("An import may spend a number of dollars, such as 0.05, or 0.", "/max_cost")
    return wishes.model_copy(update={"max_cost_usd": bound})


def terms_of(fields: Mapping[str, str]) -> BatchTerms:
    """Read how to import a list; raises `InvalidInput`, which names the field."""
    return BatchTerms(
        max_cost=_bound(fields.get("max_cost", "")),
        on_duplicate=OnDuplicate.REFRESH if fields.get("on_duplicate") == OnDuplicate.REFRESH else OnDuplicate.SKIP,
        enhance=enhance_of(fields),
        wishes=wishes_of(fields),
    )


def terms_told(terms: BatchTerms) -> list[tuple[str, str]]:
    """Say in words how a list is imported, as (option, what was asked), where that is not as usual."""
    again, enhance, each = terms.on_duplicate is OnDuplicate.REFRESH, terms.enhance, terms.wishes.max_cost_usd
    told = (
        *_ways_told(terms.wishes, gettext("A pricing rule of their own")),
        (gettext("Spend at most"), "" if terms.max_cost is None else money(dollars(terms.max_cost))),
        (gettext("Spend at most on each"), "" if each is None else in_dollars(each)),
        (gettext("At the same time"), "" if terms.at_once is None else number(terms.at_once)),
        (gettext("What you have already"), gettext("Import it again") if again else ""),
        (gettext("Enhance it afterwards"), "" if enhance is None else gettext("yes") if enhance else gettext("no")),
    )
    return [(option, asked) for option, asked in told if asked]


def wishes_told(wishes: Wishes) -> list[tuple[str, str]]:
    """Say in words how one import is done, as (option, what was asked), where that is not as usual."""
    bound = "" if wishes.max_cost_usd is None else in_dollars(wishes.max_cost_usd)
    told = (*_ways_told(wishes, gettext("A pricing rule of its own")), (gettext("Spend at most"), bound))
    return [(option, asked) for option, asked in told if asked]


def _ways_told(wishes: Wishes, rule: str) -> tuple[tuple[str, str], ...]:
    return (
        (gettext("Open in a browser"), "" if wishes.render is Render.AUTO else gettext(RENDERS[wishes.render])),
        (gettext("Language to ask for"), language_name(wishes.language, spoken()) if wishes.language else ""),
        (gettext("Tags"), gettext(", ").join(wishes.tags)),
        (rule, _rule_told(wishes.own_rule) if wishes.own_rule else ""),
    )


def _rule_told(rule: Markup) -> str:
    parts = (
        (gettext("Times"), rule.multiplier if rule.multiplier != 1 else None),
        (gettext("Percent more"), rule.percent or None),
        (gettext("Plus"), rule.fixed or None),
    )
    return gettext(", ").join(f"{title} {amount:f}" for title, amount in parts if amount is not None)


def wrong_of(error: InvalidInput) -> dict[str, str]:
    """Say what is wrong with which field of the options; nothing where the error is about something else."""
    name = error.pointer.removeprefix("/")
    return {name: error.detail} if name in (*FOLDED, "own_rule") else {}


def _bound(written: str) -> int | None:
    amount = _amount(written)
    if amount is None:
        return None
    if not 0 <= amount <= MOST_DOLLARS:
        raise InvalidInput("A list may spend a number of dollars, such as 2.50.", "/max_cost")
    return millionths(Money(amount=amount, currency=DOLLAR))


def _amount(written: str) -> Decimal | None:
    """Read a number; one below zero for what is none."""
    plain = written.strip().replace(",", ".")
    try:
        amount = Decimal(plain) if plain else None
    except InvalidOperation:
        return Decimal(-1)
    return amount if amount is None or amount.is_finite() else Decimal(-1)


def _tongues(chosen: str) -> tuple[tuple[str, str], ...]:
    tags = TONGUES if not chosen or chosen in TONGUES else (*TONGUES, chosen)
    return tuple(sorted(((tag, language_name(tag, spoken())) for tag in tags), key=lambda each: each[1]))
