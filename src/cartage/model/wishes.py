"""Wishes: how an import is to be done where it is not as usual."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from cartage.model.enhancement import LanguageTag
from cartage.model.pricing import Markup
from cartage.model.product import Value

MOST_TAGS = 50
Tag = Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^,\s](?:[^,\n\r\t]*[^,\s])?$")]
MOST_DOLLARS = 1_000_000
Dollars = Annotated[Decimal, Field(ge=0, le=MOST_DOLLARS)]
Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]


class Render(StrEnum):
    """Name when a page is opened in a browser: where plain reading does not do, before anything else, or never."""

    AUTO = "auto"
    FIRST = "first"
    NEVER = "never"


class Wishes(Value):
    """Say how an address is to be imported.

    `language` is what the site is asked for; what it has is its own affair. A product that is new, or that no import
    found yet, gets the `tags` and is priced by `own_rule` instead of the merchant's ranges. `max_cost_usd` is how many
    US dollars the import may spend before it stops and asks. With `look` the page is only looked at: the product stays
    as it is, and goes back to this status.
    """

    render: Render = Render.AUTO
    language: LanguageTag | None = None
    tags: Tags = ()
    own_rule: Markup | None = None
    max_cost_usd: Dollars | None = None
    look: str | None = None


AS_USUAL = Wishes()
