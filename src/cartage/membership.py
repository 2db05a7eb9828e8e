"""What keeps merchants, and whoever may act for them: people, their sessions, and API tokens."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from cartage.model.access import AuditEntry, Role
from cartage.model.merchant import ApiToken, Invitation, Merchant, MerchantChange, Session, User


class Accounts(Protocol):
    """Keep merchants, users, sessions, API tokens and invitations. Secrets come hashed."""

    async def add_merchant(self, merchant: Merchant) -> None:
        """Write a merchant."""
        ...

    async def merchant(self, merchant_id: str) -> Merchant:
        """Get a merchant."""
        ...

    async def change_merchant(self, merchant_id: str, change: MerchantChange) -> None:
        """Write what is named of a merchant; raises `NotFound`."""
        ...

    async def merchants(self) -> Sequence[Merchant]:
        """List all merchants, oldest first."""
        ...

    async def has_users(self) -> bool:
        """Tell whether there is any user."""
        ...

    async def user_by_email(self, email: str) -> User | None:
        """Find a user by e-mail address, whatever the case."""
        ...

    async def user(self, user_id: str) -> User:
        """Get a user."""
        ...

    async def users(self, merchant_id: str) -> Sequence[User]:
        """List a merchant's users, oldest first."""
        ...

    async def set_role(self, merchant_id: str, user_id: str, role: Role) -> None:
        """Change a user's role and end all their sessions, in one transaction.

        Raises `NotFound` for another merchant's user, and `Conflict` when nobody would be left as admin.
        """
        ...

    async def remove_user(self, merchant_id: str, user_id: str) -> None:
        """Delete a user with their sessions and links, in one transaction; raises as `set_role` does."""
        ...

    async def set_password(self, user_id: str, password_hash: str, keeping: str = "") -> None:
        """Change a user's password and end their sessions but the one with the secret's hash `keeping`."""
        ...

    async def renew_password(self, secret_hash: str, user_id: str, password_hash: str) -> bool:
        """Use a user's link up, change their password and end their sessions, in one transaction.

        False, with nothing written, where the link was used already.
        """
        ...

    async def add_audit(self, entry: AuditEntry) -> None:
        """Write an entry of the audit log."""
        ...

    async def audit(self, merchant_id: str, limit: int = 50) -> Sequence[AuditEntry]:
        """List a merchant's entries, newest first."""
        ...

    async def add_session(self, session: Session) -> None:
        """Write a session."""
        ...

    async def session(self, secret_hash: str) -> Session | None:
        """Find a session by its secret's hash, expired or not."""
        ...

    async def end_session(self, secret_hash: str) -> None:
        """Delete a session; an unknown one is no error."""
        ...

    async def add_token(self, token: ApiToken) -> None:
        """Write an API token."""
        ...

    async def token(self, token_id: str) -> ApiToken | None:
        """Find an API token by id."""
        ...

    async def tokens(self, merchant_id: str) -> Sequence[ApiToken]:
        """List a merchant's API tokens, oldest first."""
        ...

    async def touch_token(self, token_id: str, at: datetime, place: str = "") -> None:
        """Note when a token was last used, and from which address."""
        ...

    async def revoke_token(self, merchant_id: str, token_id: str, at: datetime) -> None:
        """Revoke a token; raises `NotFound` when the merchant has no such token."""
        ...

    async def add_invitation(self, invitation: Invitation) -> None:
        """Write an invitation."""
        ...

    async def invitation(self, secret_hash: str) -> Invitation | None:
        """Find an invitation that was not used yet, expired or not."""
        ...

    async def join(self, secret_hash: str, user: User, founded: Merchant | None = None) -> bool:
        """Use an invitation up and write its user, with the merchant that it founds, in one transaction.

        False when the invitation was used already; raises `Conflict` when the e-mail address is taken
        (whatever the case). Either way nothing is written, and the invitation stays as it was.
        """
        ...
