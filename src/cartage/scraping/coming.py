"""What an import that is under way may still do: told to the person or the program watching."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartage.model.catalogue import Import, Step

FILL = "fill 1"
RANKS = {FILL: 1, "try pictures": 2, "save": 3}
IF_NEEDED = "It is done only where what comes before it does not bring the whole product."


@dataclass(frozen=True, slots=True)
class Coming:
    """Name a step that has not begun; `condition` says when it is done at all, empty where that is sure."""

    name: str
    condition: str = ""


def to_come(import_: Import, steps: Sequence[Step]) -> list[Coming]:
    """List what an import may still do: all that is planned and comes after what has begun; nothing once it is over."""
    if import_.state.over:
        return []
    begun = {first_of(step.name) for step in steps}
    reached = max(map(rank_of, begun), default=0)
    left = [name for name in import_.planned if name not in begun and rank_of(name) >= reached]
    tries = [name for name in left if rank_of(name) <= RANKS[FILL]]
    perhaps = tries if begun else tries[1:]
    return [Coming(name, IF_NEEDED if name in perhaps else "") for name in left]


def first_of(name: str) -> str:
    """Name the step that a step goes on with: a provider's first try stands for its others and their rests."""
    match name.split():
        case ["try", provider, _]:
            return f"try {provider} 1"
        case ["wait", "for", "language_model", _] | ["fill", _]:
            return FILL
        case ["wait", "for", provider, _]:
            return f"try {provider} 1"
        case _:
            return name


def rank_of(name: str) -> int:
    """Say how late a kind of step comes: tries, then the language model, the pictures, and the saving."""
    return RANKS.get(name, 0)
