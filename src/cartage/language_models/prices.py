"""What tokens cost: what the operator says, nothing on own machines, what a public table says, or unknown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import genai_prices
from genai_prices import Usage as Tokens
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, StartDateConstraint

from cartage.language_models.endpoint import Endpoint, Rates
from cartage.model.product import Money

TABLE = f"genai-prices {genai_prices.__version__}"
SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Prices:
    """Know what one model's tokens cost."""

    endpoint: Endpoint
    rates: Rates | None = None

    @property
    def free(self) -> bool:
        """Tell whether questions cost nothing but time."""
        return self.endpoint.local and self.rates is None

    @property
    def table(self) -> str | None:
        """Name what costs are reckoned by; None where there is no price."""
        if self.rates:
            return SETTINGS
        return None if self.free or self.cost(0, 0) is None else TABLE

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> Money | None:
        """Reckon what tokens cost, the cached ones among `tokens_in`; None where nobody knows."""
        if self.rates:
            return _dollars(self.rates.cost(tokens_in, tokens_out, cached))
        if self.free:
            return _dollars(Decimal(0))
        tokens = Tokens(input_tokens=tokens_in, output_tokens=tokens_out, cache_read_tokens=cached)
        try:
            found = genai_prices.calc_price(tokens, self.endpoint.model, provider_api_url=self.endpoint.url)
        except LookupError:
            return None
        return _dollars(found.total_price)


def newest_price() -> date | None:
    """Give since when the latest price of the public table holds, of those that hold already."""
    models = (model for provider in get_snapshot().providers for model in provider.models)
    starts = (start for model in models for start in _starts(model) if start <= datetime.now(UTC).date())
    return max(starts, default=None)


def _starts(model: ModelInfo) -> Iterator[date]:
    prices = model.prices if isinstance(model.prices, list) else []
    for each in (*prices, *(model.price_variants or ())):
        if isinstance(each.constraint, StartDateConstraint):
            yield each.constraint.start_date


def _dollars(amount: Decimal) -> Money:
    return Money(amount=amount, currency="USD")
