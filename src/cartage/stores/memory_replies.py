"""Replies to requests with an idempotency key, in memory."""

from datetime import datetime

from cartage.model.reply import Reply


class MemoryReplies:
    """Keep replies in memory."""

    def __init__(self) -> None:
        self._replies: dict[tuple[str, str], Reply] = {}

    async def claim(self, reply: Reply, *, kept_since: datetime, running_since: datetime) -> Reply | None:
        """Write that a request is about to be met, or give what is kept."""
        self._replies = {key: each for key, each in self._replies.items() if each.begun_at >= kept_since}
        kept = self._replies.get((reply.token_id, reply.key))
        if kept and (kept.sealed is not None or kept.begun_at >= running_since):
            return kept
        self._replies[reply.token_id, reply.key] = reply
        return None

    async def settle(self, reply: Reply) -> None:
        """Write the reply."""
        if self._holds(reply):
            self._replies[reply.token_id, reply.key] = reply

    async def release(self, reply: Reply) -> None:
        """Free the key."""
        if self._holds(reply):
            del self._replies[reply.token_id, reply.key]

    def _holds(self, reply: Reply) -> bool:
        kept = self._replies.get((reply.token_id, reply.key))
        return kept is not None and kept.begun_at == reply.begun_at and kept.sealed is None
