"""What keeps replies to requests with an idempotency key."""

from datetime import datetime
from typing import Protocol

from cartage.model.reply import Reply


class Replies(Protocol):
    """Keep replies for a while, one for each token and key."""

    async def claim(self, reply: Reply, *, kept_since: datetime, running_since: datetime) -> Reply | None:
        """Write that a request is about to be met; where its key is taken, give what is kept instead.

        What began before `kept_since` is forgotten, and likewise a request of this key that began before
        `running_since` and has no reply: whoever ran it is gone. Of many at once one claims the key.
        """
        ...

    async def settle(self, reply: Reply) -> None:
        """Write the reply to the request that claimed its key at `begun_at`; do nothing where another holds it."""
        ...

    async def release(self, reply: Reply) -> None:
        """Free the key that the request claimed at `begun_at`, as though it had never come."""
        ...
