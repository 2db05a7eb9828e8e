"""The stand-in for language models beside a test that waits for a process or a browser."""

from contextlib import AbstractContextManager

from tests.beside import beside
from tests.language_models.stand_in import Mind, StandIn, running_stand_in


def stand_in_beside(mind: Mind) -> AbstractContextManager[StandIn]:
    """Run a stand-in until the block ends."""
    return beside(lambda _: running_stand_in(mind))
