"""Asking a language model: one question, one answer in the form asked for, one repair, everything counted."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from pydantic_ai import BinaryContent, UserContent
from pydantic_ai.direct import model_request
from pydantic_ai.exceptions import AgentRunError, UserError
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, ToolCallPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.output import OutputObjectDefinition
from pydantic_ai.settings import ModelSettings
from pydantic_ai.tools import ToolDefinition

from cartage.fetching.client import Fetcher
from cartage.language_model import Answer
from cartage.language_models.answers import Unreadable, read_answer
from cartage.language_models.endpoint import Endpoint, Rates
from cartage.language_models.failing import named
from cartage.language_models.makers import make_model
from cartage.language_models.prices import TABLE, Prices, newest_price
from cartage.model.language import Photo, Usage
from cartage.model.language_errors import AnswerUnusable, ModelRefused
from cartage.model.product import Money, Value
from cartage.model.spending import PriceList

T = TypeVar("T", bound=Value)

BYTES_PER_TOKEN = 3  # at most: about four in English, three in Arabic and Chinese
TOKENS_PER_PICTURE = 1600
CALLS = 2
REPAIR = "That cannot be used: {fault}\nAnswer again, with nothing but one JSON object of this schema:\n{schema}"


@dataclass(slots=True)
class _Spent:
    """Add up what the calls of one question used up; what one call does not tell is not known of their sum."""

    calls: int = 0
    tokens_in: int | None = 0
    tokens_out: int | None = 0
    cached: int | None = 0
    started: float = field(default_factory=time.monotonic)

    def add(self, response: ModelResponse | None) -> None:
        self.calls += 1
        told = response is not None and response.usage.unmeasured_requests == 0 and response.usage.has_values()
        if response is None or not told or self.tokens_in is None:
            self.tokens_in = self.tokens_out = self.cached = None
            return
        used = response.usage
        self.tokens_in += used.input_tokens
        self.tokens_out = (self.tokens_out or 0) + used.output_tokens
        self.cached = (self.cached or 0) + used.cache_read_tokens


class AskedModel:
    """Ask the model at an endpoint, through `fetcher`; the SDKs neither retry nor see the network themselves."""

    def __init__(
        self, endpoint: Endpoint, key: str, fetcher: Fetcher, *, seconds: float, rates: Rates | None = None
    ) -> None:
        self.name = endpoint.name
        self.local = endpoint.local
        self._fetcher = fetcher
        self._prices = Prices(endpoint, rates)
        self._model = make_model(endpoint, key, fetcher, seconds)

    def estimate(self, instructions: str, content: Sequence[str | Photo], *, most_tokens: int) -> Money | None:
        """State what one question and its repair may cost at most."""
        said = len(instructions.encode()) + sum(len(each.encode()) for each in content if isinstance(each, str))
        pictures = sum(isinstance(each, Photo) for each in content)
        tokens_in = said // BYTES_PER_TOKEN + pictures * TOKENS_PER_PICTURE
        # The repair repeats the question, with the answer to be mended.
        return self._prices.cost(tokens_in * CALLS + most_tokens, most_tokens * CALLS)

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> Money | None:
        """Reckon what tokens cost."""
        return self._prices.cost(tokens_in, tokens_out, cached)

    @property
    def price_list(self) -> PriceList | None:
        """Name what costs are reckoned by."""
        name = self._prices.table
        return None if name is None else PriceList(name=name, newest=newest_price() if name == TABLE else None)

    async def ask(
        self, instructions: str, content: Sequence[str | Photo], answer: type[T], *, most_tokens: int
    ) -> Answer[T]:
        """Ask one question, and once more where the answer cannot be used."""
        said: list[ModelMessage] = [_request(instructions, [_as_content(each) for each in content])]
        spent, fault = _Spent(), ""
        for _ in range(CALLS):
            response = await self._call(said, answer, most_tokens, spent)
            try:
                return Answer(self._read(response, answer), self._usage(spent))
            except Unreadable as error:
                fault = str(error)
            schema = json.dumps(answer.model_json_schema())
            said += [_as_text(response), _request(instructions, [REPAIR.format(fault=fault, schema=schema)])]
        raise AnswerUnusable(f"{self.name}'s answer cannot be used: {_short(fault)}", self._usage(spent))

    async def aclose(self) -> None:
        """Let go of connections."""
        await self._fetcher.aclose()

    async def _call(
        self, said: Sequence[ModelMessage], answer: type[Value], most_tokens: int, spent: _Spent
    ) -> ModelResponse:
        settings = ModelSettings(
            max_tokens=most_tokens, max_retries=0, cache={"messages": False}, framing_announcement="never"
        )
        try:
            response = await model_request(
                self._model, said, model_settings=settings, model_request_parameters=self._form(answer)
            )
        except (AgentRunError, UserError, ValueError, TypeError, LookupError) as error:
            raise named(error, self.name) from error
        spent.add(response)
        if response.finish_reason == "content_filter":
            raise ModelRefused(f"{self.name} declines to answer.", self._usage(spent))
        return response

    def _form(self, answer: type[Value]) -> ModelRequestParameters:
        schema = answer.model_json_schema()
        if self._model.profile.get("supports_json_schema_output", False):
            form = OutputObjectDefinition(json_schema=schema, name="answer", strict=True)
            return ModelRequestParameters(output_mode="native", output_object=form)
        tool = ToolDefinition(name="answer", parameters_json_schema=schema, kind="output")
        return ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)

    def _read(self, response: ModelResponse, answer: type[T]) -> T:
        if response.finish_reason == "length":
            raise Unreadable("The answer broke off, as it is too long.")
        return read_answer(_text_of(response), answer)

    def _usage(self, spent: _Spent) -> Usage:
        known = spent.tokens_in is not None or self._prices.free
        cost = self._prices.cost(spent.tokens_in or 0, spent.tokens_out or 0, spent.cached or 0) if known else None
        return Usage(
            model=self.name,
            calls=spent.calls,
            tokens_in=spent.tokens_in,
            tokens_out=spent.tokens_out,
            tokens_cached=spent.cached,
            cost=cost,
            price_table=self._prices.table if cost is not None else None,
            duration_ms=round((time.monotonic() - spent.started) * 1000),
        )


def _request(instructions: str, content: Sequence[UserContent]) -> ModelRequest:
    return ModelRequest(parts=[UserPromptPart(content=content)], instructions=instructions)


def _as_content(each: str | Photo) -> UserContent:
    return each if isinstance(each, str) else BinaryContent(data=each.content, media_type=each.media_type)


def _as_text(response: ModelResponse) -> ModelResponse:
    """Repeat an answer in plain words, so that the repair needs no answer to a tool call."""
    return ModelResponse(parts=[TextPart(content=_text_of(response) or "-")])


def _text_of(response: ModelResponse) -> str:
    calls = [part.args for part in response.parts if isinstance(part, ToolCallPart)]
    if calls:
        return calls[0] if isinstance(calls[0], str) else json.dumps(cast("dict[str, Any]", calls[0] or {}))
    return "".join(part.content for part in response.parts if isinstance(part, TextPart))


def _short(fault: str) -> str:
    return fault if len(fault) <= 200 else f"{fault[:199]}…"  # noqa: PLR2004 - a sentence's worth
