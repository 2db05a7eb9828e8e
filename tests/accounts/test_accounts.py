"""Who gets in: sign-up, login, sessions and API tokens."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from argon2 import PasswordHasher

from cartage.accounts.passwords import Passwords
from cartage.accounts.service import SESSION_LASTS, Accounts
from cartage.accounts.throttle import Throttle, place_of
from cartage.model.errors import InvalidInput, NotAuthenticated, NotFound
from cartage.stores.memory import MemoryStore

EMAIL, PASSWORD = "ada@shop.example", "correct horse"
TRIES = 10


@dataclass
class Clock:
    """Tell a time that a test sets."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.seconds


@dataclass
class CountingHasher(PasswordHasher):
    """Hash cheaply, and count the passwords that were looked at."""

    verified: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the parent's name
        """Count, and verify."""
        self.verified.append(str(password))
        return super().verify(hash, password)


@dataclass
class Door:
    """Hold accounts and what they stand on."""

    accounts: Accounts
    store: MemoryStore
    hasher: CountingHasher
    clock: Clock


@pytest.fixture
def door() -> Door:
    """Give accounts that nobody has signed up to."""
    store, hasher, clock = MemoryStore(), CountingHasher(), Clock()
    throttles = Throttle(clock=clock), Throttle(most=20, clock=clock)
    return Door(Accounts(store, Passwords(hasher), *throttles), store, hasher, clock)


async def signed_up(door: Door) -> str:
    """Sign a person up and give the merchant's id."""
    login = await door.accounts.sign_up(await door.accounts.invite(), EMAIL, PASSWORD, "Ada's Shop")
    return login.user.merchant_id


async def wrong_logins(door: Door, times: int, email: str = EMAIL) -> None:
    """Try wrong passwords."""
    for _ in range(times):
        with pytest.raises(NotAuthenticated):
            await door.accounts.log_in(email, "wrong password")


async def test_an_invitation_founds_a_merchant(door: Door) -> None:
    """Signing up makes merchant and user, and begins a session."""
    login = await door.accounts.sign_up(await door.accounts.invite(), f" {EMAIL} ", PASSWORD, " Ada's Shop ")

    merchant = await door.accounts.merchant(login.user.merchant_id)
    assert (merchant.name, login.user.email) == ("Ada's Shop", EMAIL)
    assert await door.accounts.session(login.secret) == login.session
    assert await door.accounts.has_users()


async def test_an_invitation_into_a_merchant_joins_it(door: Door) -> None:
    """A colleague's link makes no merchant of its own."""
    merchant_id = await signed_up(door)

    login = await door.accounts.sign_up(await door.accounts.invite(merchant_id), "bob@shop.example", PASSWORD, "Bob's")

    assert login.user.merchant_id == merchant_id
    assert len(await door.store.accounts.merchants()) == 1


async def test_an_invitation_works_once(door: Door) -> None:
    """A second sign-up with the same link is refused, and makes no user."""
    secret = await door.accounts.invite()
    await door.accounts.sign_up(secret, EMAIL, PASSWORD, "")

    with pytest.raises(NotAuthenticated):
        await door.accounts.sign_up(secret, "eve@shop.example", PASSWORD, "")

    assert await door.store.accounts.user_by_email("eve@shop.example") is None


async def test_an_invitation_works_once_for_people_at_the_same_time(door: Door) -> None:
    """Of three who use one link in the same moment, one gets in."""
    secret = await door.accounts.invite()
    people = [door.accounts.sign_up(secret, f"{name}@shop.example", PASSWORD, "") for name in ("a", "b", "c")]

    outcomes = await asyncio.gather(*people, return_exceptions=True)

    assert sum(isinstance(outcome, NotAuthenticated) for outcome in outcomes) == 2
    assert len(await door.store.accounts.merchants()) == 1


async def test_one_address_at_the_same_time_keeps_the_loser_s_invitation(door: Door) -> None:
    """Two links used with one e-mail address in the same moment: one user, one merchant, and one link left."""
    secrets = [await door.accounts.invite() for _ in range(2)]
    people = [door.accounts.sign_up(secret, EMAIL, PASSWORD, "") for secret in secrets]

    outcomes = await asyncio.gather(*people, return_exceptions=True)

    lost = [secret for secret, outcome in zip(secrets, outcomes, strict=True) if isinstance(outcome, InvalidInput)]
    assert len(lost) == 1
    assert len(await door.store.accounts.merchants()) == 1
    assert await door.accounts.sign_up(lost[0], "bob@shop.example", PASSWORD, "")


async def test_an_old_or_unknown_invitation_is_refused(door: Door) -> None:
    """Neither an expired link nor an invented one lets anyone in."""
    expired = await door.accounts.invite(valid_for=timedelta(seconds=-1))

    for secret in (expired, "invented", ""):
        with pytest.raises(NotAuthenticated):
            await door.accounts.sign_up(secret, EMAIL, PASSWORD, "")

    assert not await door.accounts.has_users()


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada", PASSWORD), ("@", PASSWORD), ("ada@", PASSWORD), (EMAIL, "too short"), (EMAIL, "x" * 1025), (EMAIL, "")],
)
async def test_fields_to_mend_do_not_use_the_invitation_up(door: Door, email: str, password: str) -> None:
    """A wrong field is refused, and the same link still works."""
    secret = await door.accounts.invite()

    with pytest.raises(InvalidInput):
        await door.accounts.sign_up(secret, email, password, "")

    assert await door.accounts.sign_up(secret, EMAIL, PASSWORD, "")


async def test_a_taken_address_does_not_use_the_invitation_up(door: Door) -> None:
    """An address that has an account, in any case, is refused, and the link still works."""
    await signed_up(door)
    secret = await door.accounts.invite()

    with pytest.raises(InvalidInput):
        await door.accounts.sign_up(secret, EMAIL.upper(), PASSWORD, "")

    assert await door.accounts.sign_up(secret, "bob@shop.example", PASSWORD, "")


async def test_secrets_are_stored_as_hashes_only(door: Door) -> None:
    """Nothing that was stored holds the password, the session's, the invitation's or the token's secret."""
    invitation = await door.accounts.invite()
    login = await door.accounts.sign_up(invitation, EMAIL, PASSWORD, "")
    unused = await door.accounts.invite()
    token, plain = await door.accounts.create_token(login.user.merchant_id, "till")

    stored = repr(vars(door.store.accounts))

    assert token.id in stored
    for secret in (PASSWORD, login.secret, invitation, unused, plain.removeprefix(f"cartage_{token.id}_")):
        assert secret not in stored
    assert login.user.password_hash.startswith("$argon2id$")


async def test_the_right_password_begins_a_session(door: Door) -> None:
    """Any case of the address will do; each login is a session of its own that lasts as promised."""
    merchant_id = await signed_up(door)

    login = await door.accounts.log_in(f" {EMAIL.upper()} ", PASSWORD)
    other = await door.accounts.log_in(EMAIL, PASSWORD)

    assert login.session.merchant_id == merchant_id
    assert login.secret != other.secret
    assert login.session.csrf != other.session.csrf
    assert timedelta(0) < login.session.expires_at - datetime.now(UTC) <= SESSION_LASTS


async def test_a_wrong_password_and_an_unknown_user_read_the_same(door: Door) -> None:
    """The answer does not say whether there is such a user, and both take a look at the password."""
    await signed_up(door)

    with pytest.raises(NotAuthenticated) as wrong:
        await door.accounts.log_in(EMAIL, "wrong password")
    with pytest.raises(NotAuthenticated) as unknown:
        await door.accounts.log_in("nobody@shop.example", "wrong password")

    assert str(wrong.value) == str(unknown.value)
    assert len(door.hasher.verified) == 2


async def test_an_endless_password_is_not_hashed(door: Door) -> None:
    """A password beyond the limit is wrong at no cost."""
    await signed_up(door)

    with pytest.raises(NotAuthenticated):
        await door.accounts.log_in(EMAIL, "x" * 10_000_000)

    assert door.hasher.verified == []


async def test_too_many_wrong_tries_are_refused_for_a_while(door: Door) -> None:
    """After ten wrong tries even the right password is refused; five minutes later it works."""
    await signed_up(door)
    await wrong_logins(door, TRIES)

    with pytest.raises(NotAuthenticated, match="Too many"):
        await door.accounts.log_in(EMAIL.upper(), PASSWORD)
    door.clock.seconds += 301

    assert await door.accounts.log_in(EMAIL, PASSWORD)


async def test_guesses_at_the_same_time_are_counted_too(door: Door) -> None:
    """Forty guesses in one moment: no more passwords are looked at than in forty moments."""
    await signed_up(door)

    guesses = [door.accounts.log_in(EMAIL, f"wrong password {number}") for number in range(40)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)

    assert all(isinstance(outcome, NotAuthenticated) for outcome in outcomes)
    assert len(door.hasher.verified) <= TRIES


async def test_a_right_login_forgets_the_wrong_ones(door: Door) -> None:
    """Nine mistakes, a success, and nine more mistakes do not lock anyone out."""
    await signed_up(door)
    await wrong_logins(door, TRIES - 1)
    await door.accounts.log_in(EMAIL, PASSWORD)
    await wrong_logins(door, TRIES - 1)

    assert await door.accounts.log_in(EMAIL, PASSWORD)


async def test_one_persons_mistakes_are_not_anothers(door: Door) -> None:
    """The brake is on one address."""
    await signed_up(door)

    await wrong_logins(door, TRIES + 1, "bob@shop.example")

    assert await door.accounts.log_in(EMAIL, PASSWORD)


async def test_a_session_runs_out(door: Door) -> None:
    """A session past its time is none; nor is an invented one."""
    await signed_up(door)
    login = await door.accounts.log_in(EMAIL, PASSWORD)
    past = datetime.now(UTC) - timedelta(seconds=1)
    await door.store.accounts.add_session(login.session.model_copy(update={"expires_at": past}))

    assert await door.accounts.session(login.secret) is None
    assert await door.accounts.session("invented") is None


async def test_logging_out_ends_the_session_at_once(door: Door) -> None:
    """The cookie's secret is worth nothing afterwards; the other session goes on."""
    await signed_up(door)
    here, there = await door.accounts.log_in(EMAIL, PASSWORD), await door.accounts.log_in(EMAIL, PASSWORD)

    await door.accounts.log_out(here.secret)

    assert await door.accounts.session(here.secret) is None
    assert await door.accounts.session(there.secret) == there.session


async def test_a_token_stands_for_its_merchant(door: Door) -> None:
    """The plain text is known once, authenticates, and its use is noted."""
    merchant_id = await signed_up(door)
    token, plain = await door.accounts.create_token(merchant_id, " till ")

    known = await door.accounts.authenticate(plain)

    assert (known.id, known.merchant_id, known.name) == (token.id, merchant_id, "till")
    (listed,) = await door.accounts.tokens(merchant_id)
    assert listed.last_used_at


async def test_no_other_text_is_a_token(door: Door) -> None:
    """A changed secret, another token's secret, a bare id and nonsense are all refused."""
    merchant_id = await signed_up(door)
    token, plain = await door.accounts.create_token(merchant_id, "till")
    _, other = await door.accounts.create_token(merchant_id, "office")
    swapped = plain[: -len("x" * 43)] + other[-43:]

    for text in (plain[:-1], plain + "x", swapped, f"cartage_{token.id}_", token.id, "", "cartage_", "é" * 60):
        with pytest.raises(NotAuthenticated):
            await door.accounts.authenticate(text)


async def test_a_revoked_token_is_refused_at_once(door: Door) -> None:
    """Revoked tokens authenticate nobody; only their own merchant can revoke them."""
    merchant_id = await signed_up(door)
    token, plain = await door.accounts.create_token(merchant_id, "till")

    with pytest.raises(NotFound):
        await door.accounts.revoke_token("mer_2", token.id)
    assert await door.accounts.authenticate(plain)
    await door.accounts.revoke_token(merchant_id, token.id)

    with pytest.raises(NotAuthenticated):
        await door.accounts.authenticate(plain)


async def test_a_token_ends_when_it_was_said_to(door: Door) -> None:
    """It holds until its moment and no longer; one that has ended already is not made."""
    merchant_id = await signed_up(door)
    token, plain = await door.accounts.create_token(
        merchant_id, "till", expires_at=datetime.now(UTC) + timedelta(days=1)
    )
    assert await door.accounts.authenticate(plain, "192.0.2.7")
    assert [each.last_used_from for each in await door.accounts.tokens(merchant_id)] == ["192.0.2.7"]

    await door.store.accounts.add_token(token.model_copy(update={"expires_at": datetime.now(UTC)}))

    with pytest.raises(NotAuthenticated, match="ended on"):
        await door.accounts.authenticate(plain)
    with pytest.raises(InvalidInput):
        await door.accounts.create_token(merchant_id, "late", expires_at=datetime.now(UTC))


async def test_a_password_is_changed_by_who_knows_it(door: Door) -> None:
    """The old one lets nobody in any more; a wrong one, and a short new one, change nothing."""
    await signed_up(door)
    here = await door.accounts.log_in(EMAIL, PASSWORD)

    for current, password in (("wrong password", "battery staple"), (PASSWORD, "short")):
        with pytest.raises(InvalidInput):
            await door.accounts.change_password(here.session, current, password)
    await door.accounts.change_password(here.session, PASSWORD, "battery staple")

    assert await door.accounts.session(here.secret) == here.session
    assert await door.accounts.log_in(EMAIL, "battery staple")
    await wrong_logins(door, 1)
    with pytest.raises(NotAuthenticated):
        await door.accounts.log_in(EMAIL, PASSWORD)


async def test_guessing_the_password_that_one_has_is_slowed_down(door: Door) -> None:
    """A session that somebody left open does not give its password away."""
    await signed_up(door)
    here = await door.accounts.log_in(EMAIL, PASSWORD)
    for _ in range(TRIES):
        with pytest.raises(InvalidInput):
            await door.accounts.change_password(here.session, "wrong password", "battery staple")

    with pytest.raises(NotAuthenticated):
        await door.accounts.change_password(here.session, PASSWORD, "battery staple")


async def test_a_lost_password_is_renewed_by_a_link(door: Door) -> None:
    """The link works once, for its own merchant's user, keeps after a short password, and lets nobody sign up."""
    merchant_id = await signed_up(door)
    (user,) = await door.accounts.people(merchant_id)
    there = await door.accounts.log_in(EMAIL, PASSWORD)
    with pytest.raises(NotFound):
        await door.accounts.password_link("mer_2", user.id)
    link = await door.accounts.password_link(merchant_id, user.id)
    with pytest.raises(InvalidInput):
        await door.accounts.renew_password(link, "short")
    with pytest.raises(NotAuthenticated):
        await door.accounts.sign_up(link, "eve@shop.example", PASSWORD, "Eve's")

    login = await door.accounts.renew_password(link, "battery staple")

    assert login.user.id == user.id
    assert await door.accounts.session(there.secret) is None
    assert await door.accounts.log_in(EMAIL, "battery staple")
    with pytest.raises(NotAuthenticated):
        await door.accounts.renew_password(link, "another battery")
    with pytest.raises(NotAuthenticated):
        await door.accounts.renew_password(await door.accounts.invite(), "another battery")


async def test_a_token_needs_a_name(door: Door) -> None:
    """A nameless token is refused, and none is kept."""
    with pytest.raises(InvalidInput):
        await door.accounts.create_token("mer_1", "  ")

    assert await door.accounts.tokens("mer_1") == []


def test_the_throttle_forgets_rather_than_grows() -> None:
    """However many names are tried, a bounded number is remembered."""
    throttle = Throttle()

    for number in range(12_000):
        throttle.note_failure(f"{number}@shop.example")

    assert len(throttle.failures) <= 10_000


async def test_one_place_cannot_try_many_names(door: Door) -> None:
    """Wrong logins of ever other names from one address are refused; others go on, and so does everybody later."""
    await signed_up(door)
    for number in range(20):
        with pytest.raises(NotAuthenticated):
            await door.accounts.log_in(f"{number}@shop.example", "wrong password", client="203.0.113.7")

    with pytest.raises(NotAuthenticated, match="Too many"):
        await door.accounts.log_in(EMAIL, PASSWORD, client="203.0.113.7")

    await door.accounts.log_in(EMAIL, PASSWORD, client="203.0.113.8")
    door.clock.seconds += 301
    await door.accounts.log_in(EMAIL, PASSWORD, client="203.0.113.7")


async def test_right_logins_fill_no_place_and_wash_none_clean(door: Door) -> None:
    """Many people behind one address may log in, and one right login does not forget the wrong ones."""
    await signed_up(door)
    for _ in range(30):
        await door.accounts.log_in(EMAIL, PASSWORD, client="203.0.113.7")
    for number in range(20):
        with pytest.raises(NotAuthenticated):
            await door.accounts.log_in(f"{number}@shop.example", "wrong password", client="203.0.113.7")
        if number == 10:
            await door.accounts.log_in(EMAIL, PASSWORD, client="203.0.113.7")

    with pytest.raises(NotAuthenticated, match="Too many"):
        await door.accounts.log_in("another@shop.example", PASSWORD, client="203.0.113.7")


def test_a_place_is_a_network_where_one_person_has_one() -> None:
    """IPv6 addresses of one network are one place; what is no address stands for itself."""
    assert place_of("2001:db8::1") == place_of("2001:db8::ffff") != place_of("2001:db8:0:1::1")
    assert place_of("203.0.113.7") == "203.0.113.7"
    assert place_of("unix") == "unix"
