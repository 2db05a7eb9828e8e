"""The merchant and the workers, as they are told."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from cartage.model.merchant import Merchant, MerchantChange
from cartage.model.pricing import Currency
from cartage.model.weight import Units
from cartage.wire.body import Body


class MerchantOut(BaseModel):
    """Show the merchant that the token belongs to, and what it prefers; null where nobody chose."""

    id: str
    name: str
    currency: str | None
    units: Units | None

    @classmethod
    def of(cls, merchant: Merchant) -> "MerchantOut":
        """Map a merchant."""
        return cls(id=merchant.id, name=merchant.name, currency=merchant.currency, units=merchant.units)


class MerchantBody(Body):
    """Change what is named: what the merchant is called, or what it prefers, null for no preference.

    A price of a list without a currency is in `currency`, which never says anything of a page. In `units` weights are
    shown to people, and a weight of a list without a unit is in them: `metric` in grams, `us` in ounces.
    """

    name: Annotated[str, Field(min_length=1, max_length=1000)] = Field(default_factory=str)
    currency: Annotated[Currency, Field(examples=["EUR"])] | None = None
    units: Units | None = None

    def as_change(self) -> MerchantChange:
        """Map it."""
        return MerchantChange(**{field: getattr(self, field) for field in self.model_fields_set})


class WorkerOut(BaseModel):
    """Show a process that runs imports; `running` names those of the merchant's own that it works on."""

    engine: str
    started_at: datetime
    seen_at: datetime
    silent: bool
    running: list[str]


class WorkerList(BaseModel):
    """List the workers seen within the last hour, the longest running first."""

    workers: list[WorkerOut]
