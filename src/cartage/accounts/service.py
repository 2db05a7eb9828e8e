"""Accounts: invitations, sign-up, login, sessions and API tokens."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from babel.numbers import is_currency

from cartage.accounts.passwords import Passwords, check_password
from cartage.accounts.throttle import MOST_FROM_A_PLACE, Throttle, place_of
from cartage.model.access import USUAL, AuditEntry, Forbidden, Role, Scope
from cartage.model.errors import Conflict, InvalidInput, NotAuthenticated, NotFound
from cartage.model.ids import new_id
from cartage.model.merchant import ApiToken, Invitation, Merchant, MerchantChange, Session, User
from cartage.store import Store

SESSION_LASTS = timedelta(days=14)
INVITATION_LASTS = timedelta(days=7)
PASSWORD_LINK_LASTS = timedelta(days=1)
NOTED_EVERY = timedelta(minutes=1)  # a write for each call would make every call wait for the disk
NEVER = datetime.min.replace(tzinfo=UTC)
LONGEST_EMAIL = 1024
LONGEST_TARGET = 300
LONGEST_NAME = 200
TOKEN_PREFIX = "cartage_"  # noqa: S105 - the public prefix that secret scanners look for
USED_UP = "This sign-up link was used already, or is too old."
LINK_USED_UP = "This link to choose a password was used already, or is too old."
WRONG_LOGIN = "The e-mail address or the password is wrong."


@dataclass(frozen=True, slots=True)
class Login:
    """Hold a new login: the secret for the cookie, shown once, the session and the user."""

    secret: str
    session: Session
    user: User


@dataclass(frozen=True, slots=True)
class Accounts:
    """Say who may act for which merchant. Secrets are stored as hashes only."""

    store: Store
    passwords: Passwords = field(default_factory=Passwords)
    throttle: Throttle = field(default_factory=Throttle)
    places: Throttle = field(default_factory=lambda: Throttle(most=MOST_FROM_A_PLACE))
    noted: dict[str, datetime] = field(default_factory=dict[str, datetime])

    async def has_users(self) -> bool:
        """Tell whether anyone has signed up."""
        return await self.store.accounts.has_users()

    async def invite(
        self, merchant_id: str | None = None, valid_for: timedelta = INVITATION_LASTS, role: Role = Role.ADMIN
    ) -> str:
        """Make a secret for a one-time sign-up link: into a merchant in a role, or to found one as its admin."""
        return await self._link(valid_for, merchant_id=merchant_id, role=role if merchant_id else Role.ADMIN)

    async def sign_up(self, secret: str, email: str, password: str, merchant_name: str) -> Login:
        """Use an invitation up: make the user, and the merchant where the invitation founds one.

        Raises `InvalidInput` for fields to mend, keeping the invitation, and `NotAuthenticated` for an
        invitation that is unknown, used or too old.
        """
        email, name = email.strip(), merchant_name.strip()
        _check_sign_up(email, password)
        invitation = await self.store.accounts.invitation(_digest(secret))
        if invitation is None or invitation.user_id or invitation.expires_at < _now():
            raise NotAuthenticated(USED_UP)
        founded = None if invitation.merchant_id else Merchant(id=new_id("mer"), name=name or email, created_at=_now())
        user = User(
            id=new_id("usr"),
            merchant_id=founded.id if founded else invitation.merchant_id or "",
            email=email,
            password_hash=await self.passwords.hash(password),
            role=invitation.role,
            created_at=_now(),
        )
        try:
            joined = await self.store.accounts.join(invitation.secret_hash, user, founded)
        except Conflict as error:
            raise InvalidInput(error.detail, "/email") from error
        if not joined:
            raise NotAuthenticated(USED_UP)
        await self.note(user.merchant_id, user.email, "join", user.role.value)
        return await self._begin_session(user)

    async def log_in(self, email: str, password: str, replacing: str = "", client: str = "") -> Login:
        """Begin a session anew, and end the one it replaces; whatever is wrong takes as long and reads the same.

        Raises `NotAuthenticated`, also after too many wrong tries of one e-mail address, or from the place that the
        address `client` stands for.
        """
        name, place = email.strip().casefold(), place_of(client)
        self.throttle.check(name)
        self.places.check(place)
        # Counted before the slow look at the password, so that guesses at the same time are counted too.
        self.throttle.note_failure(name)
        self.places.note_failure(place)
        user = await self.store.accounts.user_by_email(email.strip())
        right = await self.passwords.fits(user, password)
        if user is None or not right:
            raise NotAuthenticated(WRONG_LOGIN)
        self.throttle.forget(name)
        self.places.take_back(place)
        if replacing:
            await self.log_out(replacing)
        await self.note(user.merchant_id, user.email, "log in")
        return await self._begin_session(user)

    async def change_password(self, session: Session, current: str, password: str) -> None:
        """Give whoever is logged in another password, and end their other sessions.

        Raises `InvalidInput` for fields to mend, and `NotAuthenticated` after too many wrong tries.
        """
        check_password(password)
        user = await self.store.accounts.user(session.user_id)
        name = user.email.casefold()
        self.throttle.check(name)
        self.throttle.note_failure(name)
        if not await self.passwords.fits(user, current):
            raise InvalidInput("The password that you have now is another one.", "/current")
        self.throttle.forget(name)
        await self.store.accounts.set_password(user.id, await self.passwords.hash(password), session.secret_hash)

    async def password_link(self, merchant_id: str, user_id: str) -> str:
        """Make a secret for a one-time link by which a merchant's user chooses a new password; raises `NotFound`."""
        user = await self.store.accounts.user(user_id)
        if user.merchant_id != merchant_id:
            raise NotFound(f"There is no {user_id}.")
        return await self._link(PASSWORD_LINK_LASTS, merchant_id=merchant_id, user_id=user.id, role=user.role)

    async def renew_password(self, secret: str, password: str) -> Login:
        """Use a password link up: its user has the new password, and is logged in here alone.

        Raises `InvalidInput` for one that is too short, keeping the link, and `NotAuthenticated` for a link that is
        unknown, used or too old.
        """
        check_password(password)
        link = await self.store.accounts.invitation(_digest(secret))
        if link is None or link.user_id is None or link.expires_at < _now():
            raise NotAuthenticated(LINK_USED_UP)
        renewed = await self.passwords.hash(password)
        if not await self.store.accounts.renew_password(link.secret_hash, link.user_id, renewed):
            raise NotAuthenticated(LINK_USED_UP)
        user = await self.store.accounts.user(link.user_id)
        await self.note(user.merchant_id, user.email, "renew password")
        return await self._begin_session(user)

    async def session(self, secret: str) -> Session | None:
        """Find the session that a cookie's secret belongs to, unless it has run out."""
        session = await self.store.accounts.session(_digest(secret))
        return session if session and session.expires_at > _now() else None

    async def log_out(self, secret: str) -> None:
        """End a session, at once."""
        await self.store.accounts.end_session(_digest(secret))

    async def user(self, user_id: str) -> User:
        """Get a user."""
        return await self.store.accounts.user(user_id)

    async def merchant(self, merchant_id: str) -> Merchant:
        """Get a merchant."""
        return await self.store.accounts.merchant(merchant_id)

    async def check_operates(self, merchant_id: str) -> None:
        """Raise `Forbidden` for every merchant but the operator's own, which is the first one there was."""
        first = next(iter(await self.store.accounts.merchants()), None)
        if first is None or first.id != merchant_id:
            raise Forbidden("This is for the business that runs this Cartage, for it concerns all others, too.")

    async def change_merchant(self, merchant_id: str, change: MerchantChange) -> None:
        """Change what is named of a merchant; raises `InvalidInput` for a name or a currency that is none."""
        if "name" in change.model_fields_set:
            change = change.model_copy(update={"name": " ".join(change.name.split())})
            if not 1 <= len(change.name) <= LONGEST_NAME:
                raise InvalidInput(f"A name has 1 to {LONGEST_NAME} characters.", "/name")
        if change.currency and not is_currency(change.currency):
            raise InvalidInput(f"There is no currency {change.currency}.", "/currency")
        await self.store.accounts.change_merchant(merchant_id, change)

    async def people(self, merchant_id: str) -> Sequence[User]:
        """List a merchant's users, oldest first."""
        return await self.store.accounts.users(merchant_id)

    async def change_role(self, merchant_id: str, user_id: str, role: str) -> None:
        """Give a user another role, and end their sessions; raises `Conflict` for the last admin."""
        if role not in set(Role):
            raise InvalidInput("There is no such role.", "/role")
        await self.store.accounts.set_role(merchant_id, user_id, Role(role))

    async def remove(self, merchant_id: str, user_id: str) -> None:
        """Delete a user, who is logged out at once; raises `NotFound`, and `Conflict` for the last admin."""
        await self.store.accounts.remove_user(merchant_id, user_id)

    async def note(self, merchant_id: str, actor: str, action: str, target: str = "") -> None:
        """Write into the audit log that someone asked for something."""
        entry = AuditEntry(
            id=new_id("aud"),
            merchant_id=merchant_id,
            actor=actor,
            action=action,
            target=target[:LONGEST_TARGET],
            at=_now(),
        )
        await self.store.accounts.add_audit(entry)

    async def audit(self, merchant_id: str) -> Sequence[AuditEntry]:
        """List the newest entries of the audit log."""
        return await self.store.accounts.audit(merchant_id)

    async def create_token(
        self,
        merchant_id: str,
        name: str,
        scopes: tuple[Scope, ...] = USUAL,
        expires_at: datetime | None = None,
    ) -> tuple[ApiToken, str]:
        """Make an API token; its plain text (`cartage_<id>_<secret>`) is given once and never stored.

        It holds until `expires_at`, or until it is revoked. Raises `InvalidInput`.
        """
        if not name.strip():
            raise InvalidInput("A token needs a name.", "/name")
        if not scopes:
            raise InvalidInput("A token may do something: choose what.", "/scopes")
        if expires_at and expires_at <= _now():
            raise InvalidInput("A token ends in the future.", "/expires_at")
        secret = secrets.token_urlsafe(32)
        token = ApiToken(
            id=new_id("tok"),
            merchant_id=merchant_id,
            name=name.strip()[:100],
            secret_hash=_digest(secret),
            scopes=scopes,
            created_at=_now(),
            expires_at=expires_at,
        )
        await self.store.accounts.add_token(token)
        return token, f"{TOKEN_PREFIX}{token.id}_{secret}"

    async def authenticate(self, token: str, client: str = "") -> ApiToken:
        """Find the live token that a plain text stands for, and note its use by `client`; raises `NotAuthenticated`."""
        prefix_length = len(TOKEN_PREFIX) + len(new_id("tok"))
        token_id, secret = token[len(TOKEN_PREFIX) : prefix_length], token[prefix_length + 1 :]
        known = await self.store.accounts.token(token_id) if token.startswith(TOKEN_PREFIX) else None
        expected = known.secret_hash if known else ""
        if not hmac.compare_digest(expected.encode(), _digest(secret).encode()):
            raise NotAuthenticated("The token is not known.")
        if known is None or known.revoked_at:
            raise NotAuthenticated("The token was revoked.")
        if known.expires_at and known.expires_at <= _now():
            raise NotAuthenticated(f"The token ended on {known.expires_at:%Y-%m-%d}.")
        await self._note_use(known, client)
        return known

    async def _note_use(self, token: ApiToken, client: str) -> None:
        """Note that a token is used, unless that was noted lately: once, also where a thousand calls come at once."""
        at = _now()
        noted_at = max(self.noted.get(token.id, NEVER), token.last_used_at or NEVER)
        if at - noted_at > NOTED_EVERY:
            self.noted[token.id] = at
            await self.store.accounts.touch_token(token.id, at, client)

    async def tokens(self, merchant_id: str) -> Sequence[ApiToken]:
        """List a merchant's tokens, oldest first."""
        return await self.store.accounts.tokens(merchant_id)

    async def revoke_token(self, merchant_id: str, token_id: str) -> None:
        """Revoke a token, at once; raises `NotFound`."""
        await self.store.accounts.revoke_token(merchant_id, token_id, _now())

    async def _link(self, lasts: timedelta, *, merchant_id: str | None, role: Role, user_id: str | None = None) -> str:
        """Keep a one-time link, and give its secret."""
        secret, at = secrets.token_urlsafe(32), _now()
        link = Invitation(
            secret_hash=_digest(secret),
            merchant_id=merchant_id,
            user_id=user_id,
            role=role,
            created_at=at,
            expires_at=at + lasts,
        )
        await self.store.accounts.add_invitation(link)
        return secret

    async def _begin_session(self, user: User) -> Login:
        secret, at = secrets.token_urlsafe(32), _now()
        session = Session(
            secret_hash=_digest(secret),
            user_id=user.id,
            merchant_id=user.merchant_id,
            csrf=secrets.token_urlsafe(32),
            created_at=at,
            expires_at=at + SESSION_LASTS,
        )
        await self.store.accounts.add_session(session)
        return Login(secret, session, user)


def _check_sign_up(email: str, password: str) -> None:
    if "@" not in email.strip("@") or len(email) > LONGEST_EMAIL:
        raise InvalidInput("That is not an e-mail address.", "/email")
    check_password(password)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC)
