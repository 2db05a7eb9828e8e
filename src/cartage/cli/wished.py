"""The options that say how addresses are to be imported."""

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter
from pydantic import ValidationError

from cartage.model.errors import InvalidInput
from cartage.model.wishes import Render, Wishes

LANGUAGE = "--language is a tag of a language, such as ar or pt-BR."
TAG = "A --tag has at most 60 characters, without commas."


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

    @property
    def wishes(self) -> Wishes:
        """Give what is wished; raises `InvalidInput` for what is no language or no tag."""
        try:
            return Wishes(render=self.render, language=self.language or None, tags=self.tag)
        except ValidationError as error:
            raise InvalidInput(LANGUAGE if error.errors()[0]["loc"][0] == "language" else TAG) from error


AS_EVER = Wished()
