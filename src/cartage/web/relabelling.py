"""The options of a product on its form: other names and places for them, and values to merge or to leave out."""

from collections.abc import Iterator, Mapping, Sequence

from pydantic import ValidationError

from cartage.model.errors import InvalidInput
from cartage.model.option_edit import OptionEdit, ValueEdit, values_of
from cartage.model.product import Product
from cartage.web.arranging import place_of


def option_fields_of(facts: Product) -> dict[str, str]:
    """Give the form's fields of options: each name, each value, and whether it is left out."""
    fields = {"deletes": ""}
    for place, (name, values) in enumerate(values_of(facts).items()):
        fields |= {f"option_{place}": name, f"option_place_{place}": str(place + 1)}
        for number, value in enumerate(values):
            fields |= {f"value_{place}_{number}": value, f"out_{place}_{number}": ""}
    return fields


def option_edits_of(facts: Product, fields: Mapping[str, str]) -> tuple[OptionEdit, ...]:
    """Read the form: the options of which something differs; raises `InvalidInput`."""
    try:
        return tuple(_edits(facts, fields))
    except ValidationError as error:
        raise InvalidInput("An option and a value have a name of 200 letters at most.", "/options") from error


def option_order_of(facts: Product, fields: Mapping[str, str]) -> tuple[str, ...]:
    """Read the form: the options in their order; nothing where that is the one that they have."""
    names = list(values_of(facts))
    written = [fields.get(f"option_place_{place}", "").strip() for place in range(len(names))]
    order = sorted(range(len(names)), key=lambda place: place_of(place + 1, written[place]))
    return tuple(names[place] for place in order) if order != sorted(order) else ()


def _edits(facts: Product, fields: Mapping[str, str]) -> Iterator[OptionEdit]:
    for place, (name, values) in enumerate(values_of(facts).items()):
        called = fields.get(f"option_{place}", name).strip()
        edits = [
            ValueEdit(value=value, rename=None if own == value else own, remove=out)
            for value, own, out in _rows(values, place, fields)
            if out or own != value
        ]
        if called != name or edits:
            yield OptionEdit(name=name, rename=None if called == name else called, values=tuple(edits))


def _rows(values: Sequence[str], place: int, fields: Mapping[str, str]) -> Iterator[tuple[str, str, bool]]:
    for number, value in enumerate(values):
        own = fields.get(f"value_{place}_{number}", value).strip()
        yield value, own, bool(fields.get(f"out_{place}_{number}"))
