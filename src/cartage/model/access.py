"""Who may do what: roles of people, scopes of tokens, the audit log's entries, and the error for too little."""

from datetime import datetime
from enum import StrEnum

from cartage.model.failure import Refused
from cartage.model.product import Value


class Role(StrEnum):
    """Name what a person may do for their merchant; each role may do what the ones before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Tell whether this role is enough."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


class Scope(StrEnum):
    """Name what a token may do; none holds another.

    `products:read` is for everything there is to see, `imports:write` for getting pages, `products:write` for what is
    kept of products, `exports:write` for making files, and `admin` for settings, tokens and webhook endpoints.
    """

    READ = "products:read"
    IMPORTS = "imports:write"
    PRODUCTS = "products:write"
    EXPORTS = "exports:write"
    ADMIN = "admin"


USUAL = (Scope.READ, Scope.IMPORTS, Scope.PRODUCTS, Scope.EXPORTS)


class AuditEntry(Value):
    """Keep that someone asked for something; `actor` is a person's e-mail address or a token's name."""

    id: str
    merchant_id: str
    actor: str
    action: str
    target: str = ""
    at: datetime


class Forbidden(Refused):
    """The caller is known, but may not do this."""

    code = "forbidden"
    advice = "Ask an admin of your business for a role that may, or use a token with the scope."
