"""Merchants, and the users, sessions and API tokens that act for them."""

from datetime import datetime

from cartage.model.access import USUAL, Role, Scope
from cartage.model.pricing import Currency
from cartage.model.product import Partial, Value
from cartage.model.weight import Units


class Preferences(Value):
    """Say what a merchant's own numbers mean where they do not say it themselves; None where nobody chose.

    `currency` is that of a price without one, and `units` is how weights are shown and what a bare one is in. Neither
    ever says anything of a page.
    """

    currency: Currency | None = None
    units: Units | None = None

    @property
    def bare_weight(self) -> str:
        """Name the unit of a weight that is a bare number; empty where nobody chose."""
        return self.units.small if self.units else ""

    @property
    def shown_units(self) -> Units:
        """Give the units that weights are shown in."""
        return self.units or Units.METRIC


UNSAID = Preferences()


class Merchant(Preferences):
    """Keep a tenant."""

    id: str
    name: str
    created_at: datetime


class MerchantChange(Partial):
    """Change what is named of a merchant: what it is called, or what it prefers, None for no preference."""

    name: str = ""
    currency: Currency | None = None
    units: Units | None = None


class User(Value):
    """Keep a person who may log in for one merchant; `password_hash` is argon2id's own text form."""

    id: str
    merchant_id: str
    email: str
    password_hash: str
    role: Role = Role.ADMIN
    created_at: datetime


class Session(Value):
    """Keep a login; `secret_hash` is SHA-256 of the cookie's secret, in hex."""

    secret_hash: str
    user_id: str
    merchant_id: str
    csrf: str
    created_at: datetime
    expires_at: datetime


class ApiToken(Value):
    """Keep an API token; `secret_hash` is SHA-256 of its secret part, in hex.

    `expires_at` is None where it holds until it is revoked. `last_used_from` is the address it last called from.
    """

    id: str
    merchant_id: str
    name: str
    secret_hash: str
    scopes: tuple[Scope, ...] = USUAL
    created_at: datetime
    expires_at: datetime | None = None
    last_used_at: datetime | None = None
    last_used_from: str = ""
    revoked_at: datetime | None = None


class Invitation(Value):
    """Keep a one-time link that lets someone sign up; `merchant_id` is None where they found a new merchant.

    With a `user_id` it lets that person choose a new password instead.
    """

    secret_hash: str
    merchant_id: str | None
    user_id: str | None = None
    role: Role = Role.ADMIN
    created_at: datetime
    expires_at: datetime
