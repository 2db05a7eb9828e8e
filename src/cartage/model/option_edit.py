"""What a person makes of a product's options: other names and another order for them, values merged or left out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from cartage.model.errors import InvalidInput
from cartage.model.evidence import Evidence
from cartage.model.product import Option, Product, Value, Variant

OPTIONS = "options"
ORDER = "option_order"
Label = Annotated[str, Field(min_length=1, max_length=200)]
FIRST_TOLD = 5


class ValueEdit(Value):
    """Name a value of an option, and give it another name or leave it out, with the variants that have it.

    The name of another value merges the two: of variants that become the same, that of the other value stays.
    """

    value: str
    rename: Label | None = None
    remove: bool = False


class OptionEdit(Value):
    """Name an option of a product, and give it or its values other names."""

    name: str
    rename: Label | None = None
    values: Annotated[tuple[ValueEdit, ...], Field(max_length=500)] = ()


class Relabelling(Value):
    """Say what a person calls the options of a page, and their values; None leaves a value out.

    Values of one name are merged: the first that stands here is the one whose variants stay. `order` names the options
    of the page as they are to follow each other; those that it does not name come behind.
    """

    names: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str | None]] = Field(default_factory=dict)
    order: tuple[str, ...] = ()

    def kept(self, variants: Sequence[Variant]) -> dict[int, dict[str, str]]:
        """Give the options of the variants that stay, as the person calls them, by the variants' places."""
        called = {place: told for place, each in enumerate(variants) if (told := self._of(each.options)) is not None}
        best: dict[frozenset[tuple[str, str]], int] = {}
        for place, told in called.items():
            other = best.setdefault(frozenset(told.items()), place)
            if self._rank(variants[place].options) < self._rank(variants[other].options):
                best[frozenset(told.items())] = place
        stays = {key: variants[place].options for key, place in best.items()}
        return {
            place: told for place, told in called.items() if stays[frozenset(told.items())] == variants[place].options
        }

    def applied(self, facts: Product) -> Product:
        """Give facts with options and variants as the person calls them."""
        kept = self.kept(facts.variants)
        options = (
            Option(name=self.names.get(each.name, each.name), values=self._values(each))
            for each in sorted(facts.options, key=lambda option: self._place(option.name))
        )
        return facts.model_copy(
            update={
                "options": tuple(each for each in options if each.values),
                "variants": tuple(
                    facts.variants[place].model_copy(update={"options": told}) for place, told in kept.items()
                ),
            }
        )

    def after(self, facts: Product, edits: Sequence[OptionEdit], order: Sequence[str] = ()) -> "Relabelling":
        """Give what stands after edits of facts, and an order, which use the names that stand now."""
        names, values, known = dict(self.names), dict(self.values), values_of(facts)
        for edit in edits:
            page = _key_of(self.names, edit.name)
            if edit.rename:
                names[page] = edit.rename
            values[page] = _after(values.get(page, {}), edit, known.get(edit.name, ()))
        ordered = tuple(_key_of(self.names, name) for name in order) or self.order
        return Relabelling(names=names, values=values, order=ordered)

    def _of(self, options: Mapping[str, str]) -> dict[str, str] | None:
        told: dict[str, str] = {}
        for name, value in sorted(options.items(), key=lambda pair: self._place(pair[0])):
            called = self.values.get(name, {}).get(value, value)
            if called is None:
                return None
            told[self.names.get(name, name)] = called
        return told

    def _rank(self, options: Mapping[str, str]) -> tuple[int, ...]:
        """Say how far a variant's values stand behind those that they are merged with."""
        return tuple(_rank(self.values.get(name, {}), options[name]) for name in sorted(options))

    def _place(self, name: str) -> int:
        return self.order.index(name) if name in self.order else len(self.order)

    def _values(self, option: Option) -> tuple[str, ...]:
        called = (self.values.get(option.name, {}).get(value, value) for value in option.values)
        return tuple(dict.fromkeys(value for value in called if value is not None))


def with_options(
    facts: Product,
    evidence: Mapping[str, tuple[Evidence, ...]],
    edits: Sequence[OptionEdit],
    order: Sequence[str] = (),
) -> tuple[Product, dict[str, tuple[Evidence, ...]]]:
    """Give facts with edited options in an order, and evidence whose variants are at their new places."""
    delta = Relabelling().after(facts, edits, order)
    moved = {str(old): str(new) for new, old in enumerate(delta.kept(facts.variants))}
    kept: dict[str, tuple[Evidence, ...]] = {}
    for pointer, told in evidence.items():
        match pointer.split("/", 3):
            case ["", "variants", place, rest]:
                if place in moved:
                    kept[f"/variants/{moved[place]}/{rest}"] = told
            case _:
                kept[pointer] = told
    return delta.applied(facts), kept


def deleted_by(facts: Product, edits: Sequence[OptionEdit]) -> list[Variant]:
    """List the variants that edits of options leave out, or make the same as others."""
    kept = Relabelling().after(facts, edits).kept(facts.variants)
    return [each for place, each in enumerate(facts.variants) if place not in kept]


def check_options(facts: Product, edits: Sequence[OptionEdit], deletes: int, order: Sequence[str] = ()) -> None:
    """Raise `InvalidInput` for what a product does not have, and for another count than of those that are deleted.

    So are two options of one name, and an order that does not name each option once.
    """
    known = values_of(facts)
    for place, edit in enumerate(edits):
        _check_known(known, edit, f"/{OPTIONS}/{place}")
    if order and sorted(order) != sorted(known):
        raise InvalidInput(f"Name each option once: {', '.join(known)}.", f"/{ORDER}")
    names = Relabelling().after(facts, edits).names
    if len({names.get(name, name) for name in known}) < len(known):
        raise InvalidInput("Two options would have the same name.", f"/{OPTIONS}")
    gone = deleted_by(facts, edits)
    if facts.variants and len(gone) == len(facts.variants):
        raise InvalidInput("No variant would be left. Leave one value at least.", f"/{OPTIONS}")
    if len(gone) != deletes:
        first = ", ".join(" / ".join(each.options.values()) for each in gone[:FIRST_TOLD])
        named = f" ({first}{', …' if len(gone) > FIRST_TOLD else ''})" if gone else ""
        told = f"This deletes {len(gone)} variants{named}. If that is meant, say so with deletes_variants {len(gone)}."
        raise InvalidInput(told, "/deletes_variants")


def values_of(facts: Product) -> dict[str, list[str]]:
    """List the values of each option, those of variants behind those that the product lists."""
    known = {each.name: dict.fromkeys(each.values) for each in facts.options}
    for variant in facts.variants:
        for name, value in variant.options.items():
            known.setdefault(name, {})[value] = None
    return {name: list(values) for name, values in known.items()}


def _check_known(known: Mapping[str, Sequence[str]], edit: OptionEdit, pointer: str) -> None:
    if edit.name not in known:
        raise InvalidInput("The product has no such option.", f"{pointer}/name")
    for number, each in enumerate(edit.values):
        if each.value not in known[edit.name]:
            raise InvalidInput("The option has no such value.", f"{pointer}/values/{number}/value")


def _after(own: Mapping[str, str | None], edit: OptionEdit, known: Sequence[str]) -> dict[str, str | None]:
    """Give what the values of an option are called after an edit; one that another is merged with stands first."""
    edited = {each.value: each for each in edit.values}
    called = {value: value for value in _merged_with(edited, known) if value not in {*own, *own.values()}} | dict(own)
    for each in edit.values:
        pages = [page for page, name in own.items() if name == each.value]
        for page in [*pages, *([each.value] if each.value not in own else [])]:
            called.pop(page, None)
            called[page] = None if each.remove else each.rename or each.value
    return called


def _merged_with(edited: Mapping[str, ValueEdit], known: Sequence[str]) -> Iterator[str]:
    for each in edited.values():
        if each.rename in known and each.rename not in edited and not each.remove:
            yield str(each.rename)


def _rank(called: Mapping[str, str | None], value: str) -> int:
    return list(called).index(value) if value in called else len(called)


def _key_of(called: Mapping[str, str | None], name: str) -> str:
    """Find what the page calls something, by what the person does."""
    return next((page for page, own in called.items() if own == name), name)
