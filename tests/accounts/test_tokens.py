"""API tokens: for whom one stands, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from cartage.model.errors import InvalidInput, NotAuthenticated, NotFound
from tests.accounts.doorway import Door, signed_up


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


async def test_a_token_needs_a_name(door: Door) -> None:
    """A nameless token is refused, and none is kept."""
    with pytest.raises(InvalidInput):
        await door.accounts.create_token("mer_1", "  ")

    assert await door.accounts.tokens("mer_1") == []
