"""How a shop is to present a product, as far as the merchant says so: its address there, and how it is found."""

import re
from typing import Annotated

from pydantic import Field

from cartage.model.product import Value

HANDLE = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
Handle = Annotated[str, Field(max_length=200, examples=["linen-camp-shirt"])]
SeoTitle = Annotated[str, Field(max_length=200)]
SeoDescription = Annotated[str, Field(max_length=1000)]
PRESENTED = ("handle", "seo_title", "seo_description")


class Presentation(Value):
    """Hold the end of a product's address in a shop, and what search engines are told; None is made from facts."""

    handle: Handle | None = None
    seo_title: SeoTitle | None = None
    seo_description: SeoDescription | None = None


def is_handle(text: str) -> bool:
    """Tell whether a text may stand in a shop's address."""
    return HANDLE.fullmatch(text) is not None
