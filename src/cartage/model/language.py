"""What is said to a language model beside text, and what a question to it used up."""

from pydantic import ConfigDict

from cartage.model.product import Money, Value


class Photo(Value):
    """Hold one picture's bytes, to be looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    media_type: str
    content: bytes


class Usage(Value):
    """Keep what a question used up, its repair included: tokens, money and time; None where nobody tells.

    `tokens_in` counts the cached ones too. `price_table` names what `cost` was reckoned by.
    """

    model: str
    calls: int = 1
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None
    cost: Money | None = None
    price_table: str | None = None
    duration_ms: int = 0
