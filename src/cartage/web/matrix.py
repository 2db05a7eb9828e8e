"""The matrix of a product with two options: the values of one beside those of the other, and what there is not."""

from dataclasses import dataclass

from cartage.model.product import Product, Variant

AXES = 2
MOST_CELLS = 400


@dataclass(frozen=True, slots=True)
class Matrix:
    """Hold the columns' values and, for each row's value, the variants in them; None where there is none."""

    across: str
    down: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Variant | None, ...]], ...]

    @property
    def lacking(self) -> int:
        """Count the combinations that there are not."""
        return sum(variant is None for _, cells in self.rows for variant in cells)


def matrix_of(facts: Product) -> Matrix | None:
    """Lay variants out by two options; None for a product with more, with fewer, or with too many values."""
    if len(facts.options) != AXES or not facts.variants:
        return None
    down, across = facts.options
    if len(down.values) * len(across.values) > MOST_CELLS:
        return None
    known = {(each.options.get(down.name), each.options.get(across.name)): each for each in facts.variants}
    rows = tuple((row, tuple(known.get((row, column)) for column in across.values)) for row in down.values)
    return Matrix(across.name, down.name, across.values, rows)
