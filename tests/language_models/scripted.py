"""A language model that answers from a script, in this process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from cartage.language_model import Answer, T
from cartage.model.language import Photo, Usage
from cartage.model.product import Money
from cartage.model.spending import PriceList

CENT = Money(amount=Decimal("0.01"), currency="USD")


@dataclass(frozen=True)
class Asked:
    """Keep one question."""

    instructions: str
    content: tuple[str | Photo, ...]
    form: type[Any]

    @property
    def text(self) -> str:
        """Give its words."""
        return "\n".join(each for each in self.content if isinstance(each, str))

    @property
    def photos(self) -> list[Photo]:
        """Give its pictures."""
        return [each for each in self.content if isinstance(each, Photo)]


@dataclass
class ScriptedModel:
    """Answer with the script's next entry, the last one again and again; an exception is raised."""

    script: Sequence[dict[str, Any] | Exception | Callable[[Asked], dict[str, Any]]]
    price: Money | None = CENT
    name: str = "openai:scripted"
    local: bool = False
    asked: list[Asked] = field(default_factory=list[Asked])

    def estimate(self, instructions: str, content: Sequence[str | Photo], *, most_tokens: int) -> Money | None:
        """State the price."""
        del instructions, content, most_tokens
        return self.price

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> Money | None:
        """State the price, whatever was said."""
        del tokens_in, tokens_out, cached
        return self.price

    @property
    def price_list(self) -> PriceList | None:
        """Name a list that nobody keeps."""
        return PriceList(name="a test")

    async def ask(
        self, instructions: str, content: Sequence[str | Photo], answer: type[T], *, most_tokens: int
    ) -> Answer[T]:
        """Give the script's next answer."""
        del most_tokens
        entry = self.script[min(len(self.asked), len(self.script) - 1)]
        asked = Asked(instructions, tuple(content), answer)
        self.asked.append(asked)
        if isinstance(entry, Exception):
            raise entry
        value = answer.model_validate(entry(asked) if callable(entry) else entry)
        usage = Usage(
            model=self.name,
            tokens_in=1000,
            tokens_out=50,
            tokens_cached=200,
            cost=self.price,
            price_table="a test",
            duration_ms=5,
        )
        return Answer(value, usage)

    async def aclose(self) -> None:
        """Hold nothing."""
