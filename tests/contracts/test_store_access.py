"""What every store promises of roles, scopes and the audit log."""

import pytest

from cartage.model.access import AuditEntry, Role, Scope
from cartage.model.errors import Conflict, NotFound
from cartage.model.ids import new_id
from cartage.store import Store
from tests.contracts.records import NOON, a_password_link, a_session, kept_token, kept_user


async def test_a_role_change_ends_the_sessions(store: Store, mine: str) -> None:
    """Whoever gets another role logs in anew; everyone else stays logged in."""
    boss, clerk = await kept_user(store, mine, "boss@shop.example"), await kept_user(store, mine, "clerk@shop.example")
    await store.accounts.add_session(a_session(boss, "a" * 64))
    await store.accounts.add_session(a_session(clerk, "b" * 64))

    await store.accounts.set_role(mine, clerk.id, Role.VIEWER)

    assert (await store.accounts.user(clerk.id)).role is Role.VIEWER
    assert await store.accounts.session("b" * 64) is None
    assert await store.accounts.session("a" * 64)
    assert [user.email for user in await store.accounts.users(mine)] == ["boss@shop.example", "clerk@shop.example"]


async def test_somebody_stays_admin(store: Store, mine: str) -> None:
    """The last admin cannot become less."""
    boss, clerk = await kept_user(store, mine, "boss@shop.example"), await kept_user(store, mine, "clerk@shop.example")
    await store.accounts.set_role(mine, clerk.id, Role.EDITOR)

    with pytest.raises(Conflict):
        await store.accounts.set_role(mine, boss.id, Role.EDITOR)

    assert (await store.accounts.user(boss.id)).role is Role.ADMIN


async def test_another_merchants_people_are_not_there(store: Store, mine: str, theirs: str) -> None:
    """A role can be changed by its own merchant only."""
    boss = await kept_user(store, mine)

    with pytest.raises(NotFound):
        await store.accounts.set_role(theirs, boss.id, Role.VIEWER)

    assert await store.accounts.users(theirs) == []


async def test_who_is_removed_is_gone_at_once(store: Store, mine: str, theirs: str) -> None:
    """A user is deleted with their sessions and links; not by another merchant, and never the last admin."""
    boss, clerk = await kept_user(store, mine, "boss@shop.example"), await kept_user(store, mine, "clerk@shop.example")
    await store.accounts.add_session(a_session(clerk, "b" * 64))
    await store.accounts.add_invitation(a_password_link(clerk, "c" * 64))

    with pytest.raises(NotFound):
        await store.accounts.remove_user(theirs, clerk.id)
    await store.accounts.remove_user(mine, clerk.id)
    with pytest.raises(Conflict):
        await store.accounts.remove_user(mine, boss.id)

    assert [each.id for each in await store.accounts.users(mine)] == [boss.id]
    assert await store.accounts.session("b" * 64) is None
    assert await store.accounts.invitation("c" * 64) is None
    assert await store.accounts.user_by_email("clerk@shop.example") is None


async def test_a_new_password_ends_the_other_sessions(store: Store, mine: str) -> None:
    """The session that asked for it goes on, and so do other people's."""
    boss, clerk = await kept_user(store, mine, "boss@shop.example"), await kept_user(store, mine, "clerk@shop.example")
    for user, secret_hash in ((boss, "a" * 64), (boss, "b" * 64), (clerk, "c" * 64)):
        await store.accounts.add_session(a_session(user, secret_hash))

    await store.accounts.set_password(boss.id, "new", keeping="a" * 64)

    assert (await store.accounts.user(boss.id)).password_hash == "new"
    there = [await store.accounts.session(each * 64) is not None for each in "abc"]
    assert there == [True, False, True]


async def test_a_password_link_works_once(store: Store, mine: str) -> None:
    """The first use changes the password and ends the sessions, the second changes nothing."""
    user = await kept_user(store, mine)
    await store.accounts.add_session(a_session(user, "a" * 64))
    await store.accounts.add_invitation(a_password_link(user, "c" * 64))

    first = await store.accounts.renew_password("c" * 64, user.id, "new")
    second = await store.accounts.renew_password("c" * 64, user.id, "newer")

    assert (first, second) == (True, False)
    assert (await store.accounts.user(user.id)).password_hash == "new"
    assert await store.accounts.session("a" * 64) is None


async def test_a_token_keeps_its_scopes(store: Store, mine: str) -> None:
    """Scopes come back as they were kept."""
    token = await kept_token(store, mine)
    narrow = token.model_copy(update={"id": new_id("tok"), "scopes": (Scope.READ,)})
    await store.accounts.add_token(narrow)

    kept = await store.accounts.token(narrow.id)

    assert kept
    assert kept.scopes == (Scope.READ,)


async def test_the_log_is_a_merchants_own_and_newest_first(store: Store, mine: str, theirs: str) -> None:
    """Entries come back newest first, to their merchant only."""
    for number in range(3):
        entry = AuditEntry(id=f"aud_{number}", merchant_id=mine, actor="ada", action="log in", at=NOON)
        await store.accounts.add_audit(entry)

    assert [entry.id for entry in await store.accounts.audit(mine, limit=2)] == ["aud_2", "aud_1"]
    assert await store.accounts.audit(theirs) == []
