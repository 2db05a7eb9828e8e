"""Passwords changed by who knows them, and renewed by a link."""

import pytest

from cartage.model.errors import InvalidInput, NotAuthenticated, NotFound
from tests.accounts.doorway import EMAIL, PASSWORD, TRIES, Door, signed_up, wrong_logins


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
