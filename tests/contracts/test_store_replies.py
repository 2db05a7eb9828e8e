"""What every store promises of replies to requests with an idempotency key."""

import asyncio
from datetime import datetime, timedelta

from cartage.model.reply import Reply
from cartage.store import Store
from tests.contracts.records import NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def a_reply(token_id: str = "tok_1", key: str = "key", at: datetime = NOON, fingerprint: str = "f") -> Reply:
    """Make a claim that has no reply yet."""
    return Reply(merchant_id="mer_1", token_id=token_id, key=key, fingerprint=fingerprint, begun_at=at)


async def claim(store: Store, reply: Reply) -> Reply | None:
    """Claim a key, as requests do: replies are kept for a day, and nothing runs for longer than ten minutes."""
    at = reply.begun_at
    return await store.replies.claim(reply, kept_since=at - DAY, running_since=at - 10 * MINUTE)


async def test_of_many_at_once_one_claims_a_key(store: Store) -> None:
    """Twenty requests with one key arrive together: one may run, the others are told of it."""
    claims = [a_reply(at=NOON + number * timedelta(milliseconds=1)) for number in range(20)]

    kept = await asyncio.gather(*(claim(store, each) for each in claims))

    assert kept.count(None) == 1
    assert len({each.begun_at for each in kept if each}) == 1


async def test_a_reply_is_kept_for_its_key(store: Store) -> None:
    """The same key again gives the reply and what its request was; other keys and tokens are free."""
    first = a_reply()
    await claim(store, first)
    await store.replies.settle(first.model_copy(update={"sealed": "reply"}))

    again = await claim(store, a_reply(fingerprint="other", at=NOON + MINUTE))

    assert again == first.model_copy(update={"sealed": "reply"})
    assert await claim(store, a_reply(key="other")) is None
    assert await claim(store, a_reply(token_id="tok_2")) is None


async def test_a_reply_is_forgotten_after_its_time(store: Store) -> None:
    """A day later the key is free again."""
    first = a_reply()
    await claim(store, first)
    await store.replies.settle(first.model_copy(update={"sealed": "reply"}))

    assert await claim(store, a_reply(at=NOON + DAY)) is not None
    assert await claim(store, a_reply(at=NOON + DAY + MINUTE)) is None


async def test_a_request_that_nobody_runs_any_more_frees_its_key(store: Store) -> None:
    """What a killed process began is taken over after a while, and its late reply is not written."""
    killed, taker = a_reply(), a_reply(at=NOON + 11 * MINUTE)
    await claim(store, killed)

    assert await claim(store, a_reply(at=NOON + 9 * MINUTE)) == killed
    assert await claim(store, taker) is None
    await store.replies.settle(killed.model_copy(update={"sealed": "late"}))
    await store.replies.release(killed)
    assert await claim(store, a_reply(at=NOON + 12 * MINUTE)) == taker


async def test_a_released_key_is_free(store: Store) -> None:
    """A refused request leaves its key to the mended one; a reply that is there stays."""
    refused = a_reply()
    await claim(store, refused)
    await store.replies.release(refused)
    mended = a_reply(fingerprint="mended")

    assert await claim(store, mended) is None
    kept = mended.model_copy(update={"sealed": "reply"})
    await store.replies.settle(kept)
    await store.replies.release(mended)
    assert await claim(store, a_reply()) == kept
