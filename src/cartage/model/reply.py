"""What was replied to a request with an idempotency key, so that the same request again gets the same reply."""

from datetime import datetime

from cartage.model.product import Value


class Reply(Value):
    """Keep a reply: `fingerprint` tells its request from others, `sealed` is None until there is one.

    Keys are a token's own. What is sealed can only be read by whoever has the token.
    """

    merchant_id: str
    token_id: str
    key: str
    fingerprint: str
    begun_at: datetime
    sealed: str | None = None
