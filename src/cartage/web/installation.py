"""The installation as its pages tell it: settings with what they say, and providers in the order they are asked."""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import SecretStr

from cartage.imports.workflow import HOSTED
from cartage.model.product import Money
from cartage.model.spending import DOLLAR, CostLine, millionths
from cartage.parts import make_bounds
from cartage.scraping.plan import Hosted, make_plan
from cartage.settings import Settings

NETWORK = (
    "robots", "host_spacing_seconds", "contact", "signing_key_file", "proxy", "extra_ports",
    "fetch_deadline_seconds",
    "retry_attempts", "retry_first_delay_seconds", "browser", "concurrency", "merchant_concurrency",
    "host_concurrency", "pictures", "pictures_per_product", "pictures_space_mb", "disk_reserve_mb", "api_rate",
)  # fmt: skip
BUDGETS = ("budget_import", "budget_batch", "budget_merchant_day", "budget_day", "assumed_cost")
MODEL = (
    "model", "model_url", "model_key", "fill", "model_deadline_seconds", "model_price_in", "model_price_out",
    "model_price_cached",
)  # fmt: skip
SHOWN = (*NETWORK, *BUDGETS, *MODEL)
UNSAID = ("browser", "model_url")  # where things are on the operator's machines concerns nobody else
ANY_PRODUCT = "https://shop.example/products/any"

Standing = Literal["used", "no_key", "no_browser"]


@dataclass(frozen=True, slots=True)
class Row:
    """Show one setting: its variable, what it says, and its value; None where only whether it is set may be told."""

    variable: str
    says: str
    value: str | None
    is_set: bool = False
    by_default: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Show one provider: whether it is used, what a call costs (None where nobody said), and what it cost lately."""

    name: str
    standing: Standing
    price: Money | None = None
    free: bool = False
    line: CostLine | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """Hold what the pages may tell of an installation; `browser` tells whether there is one to drive."""

    settings: Settings = field(default_factory=Settings.model_construct)
    browser: bool = False

    @property
    def python(self) -> str:
        """Name the Python that runs it."""
        return platform.python_version()

    @property
    def database(self) -> str:
        """Name the kind of database, never where it is."""
        scheme = self.settings.store_url.partition(":")[0].partition("+")[0]
        return {"sqlite": "SQLite", "postgresql": "Postgres"}.get(scheme, scheme)

    def rows(self, names: Sequence[str]) -> list[Row]:
        """List settings."""
        return [self._row(name) for name in names]

    def offers(self, lines: Sequence[CostLine]) -> list[Offer]:
        """List all providers of addresses: those in use in the order they are asked first, then the others."""
        lately = {line.name: line for line in lines}
        configured = [name for name in HOSTED if self._has_key(name)]
        hosted = [Hosted(name=name, price=self._millionths(name)) for name in configured]
        order = make_plan(ANY_PRODUCT, pasted=False, browser=self.browser, hosted=hosted).providers
        used = [self._offer(name, "used", lately.get(name)) for name in order]
        return [*used, *self._unused(lately)]

    def most_of(self, imports: int, *, asks_model: bool) -> Money | None:
        """Give what so many imports of a list cost at most before they ask; None where no budget bounds it."""
        return make_bounds(self.settings, asks_model=asks_model).most_of(imports)

    def _unused(self, lately: Mapping[str, CostLine]) -> Iterator[Offer]:
        if not self.browser:
            yield self._offer("browser", "no_browser", None)
        for name in HOSTED:
            if not self._has_key(name):
                yield self._offer(name, "no_key", lately.get(name))

    def _offer(self, name: str, standing: Standing, line: CostLine | None) -> Offer:
        return Offer(name, standing, self._price(name), free=name not in HOSTED, line=line)

    def _has_key(self, name: str) -> bool:
        key: SecretStr = getattr(self.settings, f"{name}_key")
        return bool(key.get_secret_value())

    def _price(self, name: str) -> Money | None:
        amount: Decimal | None = getattr(self.settings, f"{name}_price", None)
        return None if amount is None else Money(amount=amount, currency=DOLLAR)

    def _millionths(self, name: str) -> int | None:
        price = self._price(name)
        return None if price is None else millionths(price)

    def _row(self, name: str) -> Row:
        kept = Settings.model_fields[name]
        value = getattr(self.settings, name)
        by_default = value == kept.get_default(call_default_factory=True)
        told = None if isinstance(value, SecretStr | Path) or (name in UNSAID and not by_default) else _written(value)
        is_set = bool(value.get_secret_value()) if isinstance(value, SecretStr) else bool(value)
        return Row(f"CARTAGE_{name.upper()}", kept.description or "", told, is_set, by_default)


def _written(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, frozenset):
        return ", ".join(sorted(str(each) for each in cast("frozenset[object]", value)))
    return f"{value:f}" if isinstance(value, Decimal) else f"{value:g}" if isinstance(value, float) else str(value)
