"""What a language model is: instructions and content in, an answer of a given form out, nothing done on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from cartage.model.language import Photo, Usage
from cartage.model.product import Money, Value
from cartage.model.spending import PriceList

T = TypeVar("T", bound=Value)


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Hold one question: `answer` is the form that is asked for (see `LanguageModel.ask`)."""

    instructions: str
    content: Sequence[str | Photo]
    answer: type[T]
    most_tokens: int


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """Hold an answer in the form that was asked for, and what it used up."""

    value: T
    usage: Usage


class LanguageModel(Protocol):
    """Answer questions in one go, without tools, without following an address. Nothing it says is to be trusted."""

    @property
    def name(self) -> str:
        """Name the model as costs show it: `openai:gpt-5-mini`."""
        ...

    @property
    def local(self) -> bool:
        """Tell whether it runs on the operator's own machines, where it costs time instead of money."""
        ...

    def estimate(self, instructions: str, content: Sequence[str | Photo], *, most_tokens: int) -> Money | None:
        """State what one question may cost at most, to be reserved before it is asked.

        Nothing for a local model; None where no price is known.
        """
        ...

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> Money | None:
        """Reckon what tokens cost, the cached ones among `tokens_in`; None where no price is known."""
        ...

    @property
    def price_list(self) -> PriceList | None:
        """Name what costs are reckoned by; None for a local model, and where no price is known."""
        ...

    async def ask(
        self, instructions: str, content: Sequence[str | Photo], answer: type[T], *, most_tokens: int
    ) -> Answer[T]:
        """Ask one question, and once more where the answer is not of the form `answer`, saying what is wrong with it.

        `instructions` hold what never changes from question to question, so that providers can keep them cached;
        `content` holds the rest. The answer has at most `most_tokens` tokens. Raises `ModelUnavailable` or
        `ModelRateLimited` where the same question may be answered in a while, and `ModelKeyRefused`,
        `ModelQuotaSpent`, `ModelNotFound`, `QuestionRejected`, `ModelRefused` or `AnswerUnusable` where it will not.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...
