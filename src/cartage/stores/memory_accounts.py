"""Accounts in memory: merchants, users, sessions, tokens, invitations and the log."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from cartage.model.access import AuditEntry, Role
from cartage.model.catalogue import CatalogueProduct, Import
from cartage.model.errors import Conflict, NotFound
from cartage.model.merchant import ApiToken, Invitation, Merchant, MerchantChange, Session, User

Owned = TypeVar("Owned", CatalogueProduct, Import, ApiToken, User)


def own(value: Owned | None, merchant_id: str, wanted_id: str) -> Owned:
    """Give a value where it is the merchant's; raises `NotFound`."""
    if value is None or value.merchant_id != merchant_id:
        raise NotFound(f"There is no {wanted_id}.")
    return value


class MemoryAccounts:
    """Keep merchants, users, sessions, tokens and invitations in memory."""

    def __init__(self) -> None:
        self._merchants: dict[str, Merchant] = {}
        self._users: dict[str, User] = {}
        self._sessions: dict[str, Session] = {}
        self._tokens: dict[str, ApiToken] = {}
        self._invitations: dict[str, Invitation] = {}
        self._audit: list[AuditEntry] = []

    async def add_merchant(self, merchant: Merchant) -> None:
        """Write a merchant."""
        self._merchants[merchant.id] = merchant

    async def merchant(self, merchant_id: str) -> Merchant:
        """Get a merchant."""
        if merchant_id not in self._merchants:
            raise NotFound(f"There is no merchant {merchant_id}.")
        return self._merchants[merchant_id]

    async def change_merchant(self, merchant_id: str, change: MerchantChange) -> None:
        """Write what is named of a merchant."""
        changes = {name: getattr(change, name) for name in change.model_fields_set}
        self._merchants[merchant_id] = (await self.merchant(merchant_id)).model_copy(update=changes)

    async def merchants(self) -> Sequence[Merchant]:
        """List all merchants, oldest first."""
        return sorted(self._merchants.values(), key=lambda merchant: merchant.id)

    async def has_users(self) -> bool:
        """Tell whether there is any user."""
        return bool(self._users)

    async def user_by_email(self, email: str) -> User | None:
        """Find a user by e-mail address, whatever the case."""
        wanted = email.casefold()
        return next((user for user in self._users.values() if user.email.casefold() == wanted), None)

    async def user(self, user_id: str) -> User:
        """Get a user."""
        if user_id not in self._users:
            raise NotFound(f"There is no user {user_id}.")
        return self._users[user_id]

    async def users(self, merchant_id: str) -> Sequence[User]:
        """List a merchant's users, oldest first."""
        own = (user for user in self._users.values() if user.merchant_id == merchant_id)
        return sorted(own, key=lambda user: user.id)

    async def set_role(self, merchant_id: str, user_id: str, role: Role) -> None:
        """Change a user's role and end all their sessions."""
        user = own(self._users.get(user_id), merchant_id, user_id)
        if role is not Role.ADMIN:
            await self._keep_an_admin(merchant_id, user_id)
        self._users[user_id] = user.model_copy(update={"role": role})
        self._end_sessions(user_id)

    async def remove_user(self, merchant_id: str, user_id: str) -> None:
        """Delete a user with their sessions and links."""
        own(self._users.get(user_id), merchant_id, user_id)
        await self._keep_an_admin(merchant_id, user_id)
        del self._users[user_id]
        self._end_sessions(user_id)
        self._invitations = {key: each for key, each in self._invitations.items() if each.user_id != user_id}

    async def set_password(self, user_id: str, password_hash: str, keeping: str = "") -> None:
        """Change a user's password and end their other sessions."""
        self._users[user_id] = (await self.user(user_id)).model_copy(update={"password_hash": password_hash})
        self._end_sessions(user_id, keeping)

    async def renew_password(self, secret_hash: str, user_id: str, password_hash: str) -> bool:
        """Use a link up and change its user's password."""
        if self._invitations.pop(secret_hash, None) is None:
            return False
        await self.set_password(user_id, password_hash)
        return True

    async def _keep_an_admin(self, merchant_id: str, without: str) -> None:
        others = [each for each in await self.users(merchant_id) if each.id != without]
        if not any(each.role is Role.ADMIN for each in others):
            raise Conflict("Somebody must stay admin.")

    def _end_sessions(self, user_id: str, keeping: str = "") -> None:
        kept = ((key, each) for key, each in self._sessions.items() if each.user_id != user_id or key == keeping)
        self._sessions = dict(kept)

    async def add_audit(self, entry: AuditEntry) -> None:
        """Write an entry of the audit log."""
        self._audit.append(entry)

    async def audit(self, merchant_id: str, limit: int = 50) -> Sequence[AuditEntry]:
        """List a merchant's entries, newest first."""
        own = [entry for entry in self._audit if entry.merchant_id == merchant_id]
        return sorted(own, key=lambda entry: entry.id, reverse=True)[:limit]

    async def add_session(self, session: Session) -> None:
        """Write a session."""
        self._sessions[session.secret_hash] = session

    async def session(self, secret_hash: str) -> Session | None:
        """Find a session."""
        return self._sessions.get(secret_hash)

    async def end_session(self, secret_hash: str) -> None:
        """Delete a session."""
        self._sessions.pop(secret_hash, None)

    async def add_token(self, token: ApiToken) -> None:
        """Write an API token."""
        self._tokens[token.id] = token

    async def token(self, token_id: str) -> ApiToken | None:
        """Find an API token."""
        return self._tokens.get(token_id)

    async def tokens(self, merchant_id: str) -> Sequence[ApiToken]:
        """List a merchant's API tokens, oldest first."""
        own = (token for token in self._tokens.values() if token.merchant_id == merchant_id)
        return sorted(own, key=lambda token: token.id)

    async def touch_token(self, token_id: str, at: datetime, place: str = "") -> None:
        """Note when a token was last used, and from where."""
        if token_id in self._tokens:
            noted = {"last_used_at": at, "last_used_from": place}
            self._tokens[token_id] = self._tokens[token_id].model_copy(update=noted)

    async def revoke_token(self, merchant_id: str, token_id: str, at: datetime) -> None:
        """Revoke a token."""
        token = own(self._tokens.get(token_id), merchant_id, token_id)
        self._tokens[token_id] = token.model_copy(update={"revoked_at": token.revoked_at or at})

    async def add_invitation(self, invitation: Invitation) -> None:
        """Write an invitation."""
        self._invitations[invitation.secret_hash] = invitation

    async def invitation(self, secret_hash: str) -> Invitation | None:
        """Find an invitation."""
        return self._invitations.get(secret_hash)

    async def join(self, secret_hash: str, user: User, founded: Merchant | None = None) -> bool:
        """Use an invitation up and write its user, unless the e-mail address is taken."""
        if secret_hash not in self._invitations:
            return False
        if await self.user_by_email(user.email):
            raise Conflict("This e-mail address has an account already.")
        del self._invitations[secret_hash]
        if founded:
            self._merchants[founded.id] = founded
        self._users[user.id] = user
        return True
