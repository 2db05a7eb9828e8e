"""Who gets in: sign-up, login and sessions."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from cartage.accounts.service import SESSION_LASTS
from cartage.accounts.throttle import Throttle, place_of
from cartage.model.errors import InvalidInput, NotAuthenticated
from tests.accounts.doorway import EMAIL, PASSWORD, TRIES, Door, signed_up, wrong_logins


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
