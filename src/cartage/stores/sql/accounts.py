"""Merchants, users, sessions, tokens and invitations in the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Executable, Select, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cartage.model.access import AuditEntry, Role
from cartage.model.errors import Conflict, NotFound
from cartage.model.merchant import ApiToken, Invitation, Merchant, MerchantChange, Session, User
from cartage.stores.sql.database import glance, read, writing
from cartage.stores.sql.gathered import KEYS, gathered_by
from cartage.stores.sql.rows import row_of, value_of
from cartage.stores.sql.tables import audit, invitations, merchants, sessions, tokens, users

V = TypeVar("V", bound=BaseModel)

# Asked for every call: made once, as making a query takes longer than running it.
SESSIONS_AMONG = select(sessions).where(sessions.c.secret_hash.in_(KEYS))
TOKENS_AMONG = select(tokens).where(tokens.c.id.in_(KEYS))


class SqlAccounts:
    """Keep accounts."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._sessions = gathered_by(engine, "secret_hash", Session, SESSIONS_AMONG)
        self._tokens = gathered_by(engine, "id", ApiToken, TOKENS_AMONG)

    async def add_merchant(self, merchant: Merchant) -> None:
        """Write a merchant."""
        await self._write(insert(merchants).values(row_of(merchant)))

    async def merchant(self, merchant_id: str) -> Merchant:
        """Get a merchant."""
        found = await self._find(Merchant, select(merchants).where(merchants.c.id == merchant_id))
        return _known(found, merchant_id)

    async def change_merchant(self, merchant_id: str, change: MerchantChange) -> None:
        """Write what is named of a merchant."""
        changes = row_of(change)
        changing = update(merchants).where(merchants.c.id == merchant_id).values(changes or {"id": merchant_id})
        async with writing(self._engine) as connection:
            if not (await connection.execute(changing)).rowcount:
                raise NotFound(f"There is no {merchant_id}.")

    async def merchants(self) -> Sequence[Merchant]:
        """List all merchants, oldest first."""
        return await self._list(Merchant, select(merchants).order_by(merchants.c.id))

    async def has_users(self) -> bool:
        """Tell whether there is any user."""
        return await self._find(User, select(users).limit(1)) is not None

    async def user_by_email(self, email: str) -> User | None:
        """Find a user by e-mail address, whatever the case."""
        return await self._find(User, select(users).where(users.c.email_folded == email.casefold()))

    async def user(self, user_id: str) -> User:
        """Get a user."""
        return _known(await self._find(User, select(users).where(users.c.id == user_id)), user_id)

    async def users(self, merchant_id: str) -> Sequence[User]:
        """List a merchant's users, oldest first."""
        return await self._list(User, select(users).where(users.c.merchant_id == merchant_id).order_by(users.c.id))

    async def set_role(self, merchant_id: str, user_id: str, role: Role) -> None:
        """Change a user's role and end all their sessions, in one transaction."""
        async with writing(self._engine) as connection:
            await _keep_an_admin(connection, merchant_id, user_id, role.value)
            await connection.execute(update(users).where(users.c.id == user_id).values(role=role.value))
            await connection.execute(delete(sessions).where(sessions.c.user_id == user_id))

    async def remove_user(self, merchant_id: str, user_id: str) -> None:
        """Delete a user with their sessions and links, in one transaction."""
        async with writing(self._engine) as connection:
            await _keep_an_admin(connection, merchant_id, user_id, "")
            await connection.execute(delete(sessions).where(sessions.c.user_id == user_id))
            await connection.execute(delete(invitations).where(invitations.c.user_id == user_id))
            await connection.execute(delete(users).where(users.c.id == user_id))

    async def set_password(self, user_id: str, password_hash: str, keeping: str = "") -> None:
        """Change a user's password and end their other sessions."""
        async with writing(self._engine) as connection:
            await _change_password(connection, user_id, password_hash, keeping)

    async def renew_password(self, secret_hash: str, user_id: str, password_hash: str) -> bool:
        """Use a link up and change its user's password, in one transaction."""
        using_up = delete(invitations).where(invitations.c.secret_hash == secret_hash)
        async with writing(self._engine) as connection:
            if (await connection.execute(using_up)).rowcount != 1:
                return False
            await _change_password(connection, user_id, password_hash)
        return True

    async def add_audit(self, entry: AuditEntry) -> None:
        """Write an entry of the audit log."""
        await self._write(insert(audit).values(row_of(entry)))

    async def audit(self, merchant_id: str, limit: int = 50) -> Sequence[AuditEntry]:
        """List a merchant's entries, newest first."""
        own = select(audit).where(audit.c.merchant_id == merchant_id)
        return await self._list(AuditEntry, own.order_by(audit.c.id.desc()).limit(limit))

    async def add_session(self, session: Session) -> None:
        """Write a session."""
        await self._write(insert(sessions).values(row_of(session)))

    async def session(self, secret_hash: str) -> Session | None:
        """Find a session."""
        return await self._sessions.get(secret_hash)

    async def end_session(self, secret_hash: str) -> None:
        """Delete a session."""
        await self._write(delete(sessions).where(sessions.c.secret_hash == secret_hash))

    async def add_token(self, token: ApiToken) -> None:
        """Write an API token."""
        await self._write(insert(tokens).values(row_of(token)))

    async def token(self, token_id: str) -> ApiToken | None:
        """Find an API token."""
        return await self._tokens.get(token_id)

    async def tokens(self, merchant_id: str) -> Sequence[ApiToken]:
        """List a merchant's API tokens, oldest first."""
        own = select(tokens).where(tokens.c.merchant_id == merchant_id)
        return await self._list(ApiToken, own.order_by(tokens.c.id))

    async def touch_token(self, token_id: str, at: datetime, place: str = "") -> None:
        """Note when a token was last used, and from where."""
        used = update(tokens).where(tokens.c.id == token_id).values(last_used_at=at, last_used_from=place)
        await self._write(used)

    async def revoke_token(self, merchant_id: str, token_id: str, at: datetime) -> None:
        """Revoke a token."""
        own = (tokens.c.id == token_id) & (tokens.c.merchant_id == merchant_id)
        known = await self._find(ApiToken, select(tokens).where(own))
        _known(known, token_id)
        await self._write(update(tokens).where(own, tokens.c.revoked_at.is_(None)).values(revoked_at=at))

    async def add_invitation(self, invitation: Invitation) -> None:
        """Write an invitation."""
        await self._write(insert(invitations).values(row_of(invitation)))

    async def invitation(self, secret_hash: str) -> Invitation | None:
        """Find an invitation."""
        return await self._find(Invitation, select(invitations).where(invitations.c.secret_hash == secret_hash))

    async def join(self, secret_hash: str, user: User, founded: Merchant | None = None) -> bool:
        """Use an invitation up and write its user in one transaction, unless the e-mail address is taken."""
        using_up = delete(invitations).where(invitations.c.secret_hash == secret_hash)
        try:
            async with writing(self._engine) as connection:
                if (await connection.execute(using_up)).rowcount != 1:
                    return False
                if founded:
                    await connection.execute(insert(merchants).values(row_of(founded)))
                row = row_of(user, email_folded=user.email.casefold())
                await connection.execute(insert(users).values(row))
        except IntegrityError as error:
            raise Conflict("This e-mail address has an account already.") from error
        return True

    async def _write(self, statement: Executable) -> None:
        async with writing(self._engine) as connection:
            await connection.execute(statement)

    async def _find(self, kind: type[V], query: Select[Any]) -> V | None:
        rows = await glance(self._engine, query)
        return value_of(kind, rows[0]) if rows else None

    async def _list(self, kind: type[V], query: Select[Any], **parameters: Any) -> Sequence[V]:
        return [value_of(kind, row) for row in await read(self._engine, query, **parameters)]


async def _keep_an_admin(connection: AsyncConnection, merchant_id: str, user_id: str, role: str) -> None:
    """Lock a merchant's users; raises where one is not among them, or where nobody is admin once they have a role."""
    rows = select(users.c.id, users.c.role).where(users.c.merchant_id == merchant_id).with_for_update()
    roles = {row.id: row.role for row in await connection.execute(rows)}
    if user_id not in roles:
        raise NotFound(f"There is no {user_id}.")
    if Role.ADMIN.value not in (roles | {user_id: role}).values():
        raise Conflict("Somebody must stay admin.")


async def _change_password(connection: AsyncConnection, user_id: str, password_hash: str, keeping: str = "") -> None:
    changing = update(users).where(users.c.id == user_id).values(password_hash=password_hash)
    if not (await connection.execute(changing)).rowcount:
        raise NotFound(f"There is no {user_id}.")
    others = (sessions.c.user_id == user_id) & (sessions.c.secret_hash != keeping)
    await connection.execute(delete(sessions).where(others))


def _known(value: V | None, wanted_id: str) -> V:
    if value is None:
        raise NotFound(f"There is no {wanted_id}.")
    return value
