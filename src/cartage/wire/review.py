"""Reviews as they are asked for: a person's decisions about a draft, field by field."""

from typing import Annotated

from pydantic import Field

from cartage.wire.body import Body

Pointer = Annotated[str, Field(max_length=300)]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]


class ReviewBody(Body):
    """Decide on fields by their pointers, as the product's `unverified` lists them; others stay to be looked at.

    What is accepted or edited is locked, so that no import overwrites it; what is rejected is removed.
    """

    accept: list[Pointer] = Field(default_factory=list[str], max_length=200)
    reject: list[Pointer] = Field(default_factory=list[str], max_length=200)
    edit: dict[Pointer, Text] = Field(default_factory=dict[str, str], max_length=200)
