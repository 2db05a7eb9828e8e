"""The options that say how addresses are to be imported."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from cyclopts import Parameter
from pydantic import ValidationError

from cartage.cli.outcome import Miswritten
from cartage.model.pricing import Markup
from cartage.model.wishes import Render, Wishes

AMISS = {
    "language": "--language is a tag of a language, such as ar or pt-BR.",
    "tags": "A --tag has at most 60 characters, without commas, and there are at most 50.",
    "max_cost_usd": "--max-cost is a number of US dollars, such as 0.05.",
    "multiplier": "--multiplier is a number from 0 to 1000, such as 2.5.",
    "percent": "--percent is a number from -100 to 100000, such as 10.",
    "fixed": "--fixed is a number up to a billion, such as 1.50.",
}


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class Wished:
    """Say how addresses are to be imported."""

    render: Render = Render.AUTO
    """When to open pages in a browser: where plain reading does not do (auto), first of all, or never."""
    language: str = ""
    """What sites with several languages are asked for, such as ar or pt-BR."""
    tag: Annotated[tuple[str, ...], Parameter(negative=())] = ()
    """A tag of new products; give it several times for several."""
    multiplier: Decimal | None = None
    """A pricing rule of new products' own, instead of your ranges: so many times the cost, such as 2.5."""
    percent: Decimal | None = None
    """Of that rule: so many percent more, such as 10."""
    fixed: Decimal | None = None
    """Of that rule: so much more, such as 1.50."""

    @property
    def wishes(self) -> Wishes:
        """Give what is wished; raises `Miswritten` for what is no language, no tag or no rule."""
        return self.wishes_within(None)

    def wishes_within(self, max_cost: Decimal | None) -> Wishes:
        """Give what is wished, to be done for so many US dollars each; raises `Miswritten`."""
        try:
            own_rule = Markup.of(multiplier=self.multiplier, percent=self.percent, fixed=self.fixed)
            return Wishes(
                render=self.render,
                language=self.language or None,
                tags=self.tag,
                own_rule=own_rule,
                max_cost_usd=max_cost,
            )
        except ValidationError as error:
            raise Miswritten(AMISS[str(error.errors()[0]["loc"][0])]) from error


AS_EVER = Wished()
