"""What every store promises about merchants, users, sessions, tokens and invitations, whichever it is."""

import asyncio
from datetime import timedelta

import pytest

from cartage.model.errors import Conflict, NotFound
from cartage.model.merchant import MerchantChange, User
from cartage.model.weight import Units
from cartage.store import Store
from tests.contracts.records import (
    NOON,
    a_founder,
    a_session,
    an_invitation,
    kept_merchant,
    kept_token,
    kept_user,
)


async def test_merchants_are_listed_oldest_first(store: Store) -> None:
    """Every merchant comes back as it was kept, in order; an unknown one is not found."""
    first, second = await kept_merchant(store, "First"), await kept_merchant(store, "Second")

    assert await store.accounts.merchants() == [first, second]
    assert await store.accounts.merchant(second.id) == second
    with pytest.raises(NotFound):
        await store.accounts.merchant("mer_unknown")


async def test_a_merchant_is_changed(store: Store, mine: str, theirs: str) -> None:
    """What is named of one is changed and all else stays, of others as well; one that is not there is not found."""
    before = await store.accounts.merchant(theirs)

    await store.accounts.change_merchant(mine, MerchantChange(name="Kiln & Co", currency="EUR", units=Units.US))
    await store.accounts.change_merchant(mine, MerchantChange(currency=None))
    await store.accounts.change_merchant(mine, MerchantChange())

    changed = await store.accounts.merchant(mine)
    assert (changed.name, changed.currency, changed.units) == ("Kiln & Co", None, Units.US)
    assert await store.accounts.merchant(theirs) == before
    with pytest.raises(NotFound):
        await store.accounts.change_merchant("mer_none", MerchantChange(name="Kiln & Co"))


async def test_a_user_is_found_whatever_the_case(store: Store, mine: str) -> None:
    """A user is found by e-mail address in any case, and by id."""
    user = await kept_user(store, mine, "Ada@Shop.example")

    assert await store.accounts.user_by_email("aDA@shop.EXAMPLE") == user
    assert await store.accounts.user(user.id) == user
    assert await store.accounts.user_by_email("bob@shop.example") is None
    with pytest.raises(NotFound):
        await store.accounts.user("usr_unknown")


async def test_the_first_user_is_noticed(store: Store, mine: str) -> None:
    """There is no user, then there is."""
    before = await store.accounts.has_users()
    await kept_user(store, mine)

    assert (before, await store.accounts.has_users()) == (False, True)


async def test_an_address_has_one_user(store: Store, mine: str, theirs: str) -> None:
    """The same e-mail address in another case is taken, for every merchant."""
    await kept_user(store, mine, "ada@shop.example")

    with pytest.raises(Conflict):
        await kept_user(store, theirs, "ADA@shop.example")


async def test_of_users_added_at_the_same_time_one_wins(store: Store, mine: str) -> None:
    """Four sign-ups with one address in the same moment make one user."""
    outcomes = await asyncio.gather(*(kept_user(store, mine) for _ in range(4)), return_exceptions=True)

    assert sum(isinstance(outcome, User) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 3


async def test_a_session_lives_until_it_is_ended(store: Store, mine: str) -> None:
    """A session is found by its hash, expired or not; once ended it is gone, and ending it again is no error."""
    session = a_session(await kept_user(store, mine))
    await store.accounts.add_session(session)

    found = await store.accounts.session(session.secret_hash)
    await store.accounts.end_session(session.secret_hash)
    await store.accounts.end_session(session.secret_hash)

    assert found == session
    assert await store.accounts.session(session.secret_hash) is None


async def test_ending_one_session_leaves_the_others(store: Store, mine: str) -> None:
    """Logging out here does not log out there."""
    user = await kept_user(store, mine)
    here, there = a_session(user, "1" * 64), a_session(user, "3" * 64)
    for session in (here, there):
        await store.accounts.add_session(session)

    await store.accounts.end_session(here.secret_hash)

    assert await store.accounts.session(there.secret_hash) == there


async def test_tokens_are_listed_for_their_merchant(store: Store, mine: str, theirs: str) -> None:
    """A merchant's tokens come oldest first, and no other's among them."""
    first, second = await kept_token(store, mine), await kept_token(store, mine)
    await kept_token(store, theirs)

    assert await store.accounts.tokens(mine) == [first, second]
    assert await store.accounts.token(second.id) == second
    assert await store.accounts.token("tok_unknown") is None


async def test_a_tokens_use_is_noted(store: Store, mine: str) -> None:
    """The last use is kept with the address it came from; an unknown token's is nothing."""
    token = await kept_token(store, mine)

    await store.accounts.touch_token(token.id, NOON + timedelta(hours=1), "192.0.2.7")
    await store.accounts.touch_token("tok_unknown", NOON)

    used = {"last_used_at": NOON + timedelta(hours=1), "last_used_from": "192.0.2.7"}
    assert await store.accounts.token(token.id) == token.model_copy(update=used)


async def test_a_token_is_revoked_for_good(store: Store, mine: str) -> None:
    """Revoking again keeps the first moment."""
    token = await kept_token(store, mine)

    await store.accounts.revoke_token(mine, token.id, NOON)
    await store.accounts.revoke_token(mine, token.id, NOON + timedelta(hours=1))

    kept = await store.accounts.token(token.id)
    assert kept
    assert kept.revoked_at == NOON


async def test_anothers_token_cannot_be_revoked(store: Store, mine: str, theirs: str) -> None:
    """Another merchant's token is not found, and stays alive."""
    token = await kept_token(store, mine)

    with pytest.raises(NotFound):
        await store.accounts.revoke_token(theirs, token.id, NOON)

    assert await store.accounts.token(token.id) == token


async def test_an_invitation_works_once(store: Store) -> None:
    """Joining writes user and merchant and uses the invitation up; an unknown one lets nobody in."""
    invitation, (founded, user) = an_invitation(), a_founder("ada@shop.example")
    await store.accounts.add_invitation(invitation)
    assert await store.accounts.invitation(invitation.secret_hash) == invitation

    joined = await store.accounts.join(invitation.secret_hash, user, founded)

    late_merchant, late = a_founder("bob@shop.example")
    assert joined
    assert await store.accounts.invitation(invitation.secret_hash) is None
    assert not await store.accounts.join(invitation.secret_hash, late, late_merchant)
    assert not await store.accounts.join("9" * 64, late, late_merchant)
    assert await store.accounts.merchants() == [founded]
    assert await store.accounts.user(user.id) == user
    assert await store.accounts.user_by_email(late.email) is None


async def test_of_joiners_at_the_same_time_one_gets_in(store: Store) -> None:
    """Eight people opening one link in the same moment: one is let in, and one merchant is made."""
    invitation = an_invitation()
    await store.accounts.add_invitation(invitation)
    people = [a_founder(f"{number}@shop.example") for number in range(8)]

    joined = await asyncio.gather(
        *(store.accounts.join(invitation.secret_hash, user, founded) for founded, user in people)
    )

    assert joined.count(True) == 1
    assert len(await store.accounts.merchants()) == 1


async def test_a_taken_address_leaves_the_invitation_as_it_was(store: Store, mine: str) -> None:
    """Where the e-mail address is taken, no merchant is left behind and the link still works."""
    await kept_user(store, mine, "ada@shop.example")
    invitation, (founded, user) = an_invitation(), a_founder("ADA@shop.example")
    await store.accounts.add_invitation(invitation)

    with pytest.raises(Conflict):
        await store.accounts.join(invitation.secret_hash, user, founded)

    assert await store.accounts.invitation(invitation.secret_hash) == invitation
    assert [merchant.id for merchant in await store.accounts.merchants()] == [mine]
