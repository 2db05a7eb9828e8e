"""Where a language model answers, whose API it speaks there, and what the operator says its tokens cost."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, cast, get_args

from cartage.fetching.address import is_private, parse
from cartage.model.errors import CartageError, Misconfigured

Maker = Literal["openai", "anthropic", "google"]
HOMES: dict[Maker, str] = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "google": "https://generativelanguage.googleapis.com",
}
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Name a model and the address of its API; `own` tells that the operator set the address."""

    maker: Maker
    model: str
    url: str
    own: bool

    @property
    def name(self) -> str:
        """Name the model with its maker."""
        return f"{self.maker}:{self.model}"

    @property
    def local(self) -> bool:
        """Tell whether the operator's address leads into the operator's own network."""
        return self.own and is_private(parse(self.url))

    @property
    def needs_key(self) -> bool:
        """Tell whether it certainly answers nobody without a key."""
        return not self.own

    @property
    def door(self) -> frozenset[tuple[str, int]]:
        """Give the one host and port that may be reached although it is private: the operator's own."""
        address = parse(self.url)
        return frozenset([(address.host, address.port)] if self.own else [])


@dataclass(frozen=True, slots=True)
class Rates:
    """Hold the operator's own prices, in US dollars for a million tokens; cached ones cost as others by default."""

    tokens_in: Decimal
    tokens_out: Decimal
    tokens_cached: Decimal | None = None

    def cost(self, tokens_in: int, tokens_out: int, cached: int) -> Decimal:
        """Reckon what tokens cost."""
        for_cached = self.tokens_in if self.tokens_cached is None else self.tokens_cached
        return ((tokens_in - cached) * self.tokens_in + cached * for_cached + tokens_out * self.tokens_out) / MILLION


def find_endpoint(model: str, url: str) -> Endpoint:
    """Read the settings `maker:model` and its address, the maker's own if empty; raises `Misconfigured`."""
    maker, _, name = model.strip().partition(":")
    if maker not in get_args(Maker) or not name:
        known = ", ".join(f"{each}:…" for each in get_args(Maker))
        raise Misconfigured(f"CARTAGE_MODEL is {model!r}, which is none of {known}.")
    own = url.strip().rstrip("/")
    try:
        parse(own or HOMES[cast("Maker", maker)])
    except CartageError as error:
        raise Misconfigured(f"CARTAGE_MODEL_URL is not usable: {error.detail}") from error
    return Endpoint(cast("Maker", maker), name, own or HOMES[cast("Maker", maker)], bool(own))
