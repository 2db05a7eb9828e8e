"""What a failed try means for the next one: the failure, and from when on it may be tried again."""

import random
from datetime import timedelta

from cartage.imports.progress import now
from cartage.model.errors import CartageError, Failure, TryLater
from cartage.scraping.plan import RetryPreset


def failure_of_try(error: CartageError | None, number: int, retry: RetryPreset) -> Failure | None:
    """Give a try's failure with the moment of the next one; a wait longer than the preset's goes on elsewhere."""
    if error is None:
        return None
    failure = error.failure()
    if not isinstance(error, TryLater):
        return failure
    asked = error.retry_after_seconds
    delay = retry.delay_seconds(number, random.random(), asked)  # noqa: S311 - jitter, not a secret
    kind = "another" if asked and asked > retry.longest_wait_seconds else "later"
    chosen = {"retry_at": now() + timedelta(seconds=delay), "retry_seconds": delay}
    return failure.model_copy(update={"retry": kind, **chosen})
