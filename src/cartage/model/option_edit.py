"""What a person makes of a product's options: other names for axes and values, and values that are left out."""

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from cartage.model.errors import InvalidInput
from cartage.model.evidence import Evidence
from cartage.model.product import Option, Product, Value

OPTIONS = "options"
Label = Annotated[str, Field(min_length=1, max_length=200)]


class ValueEdit(Value):
    """Name a value of an option, and give it another name or leave it out, with the variants that have it."""

    value: str
    rename: Label | None = None
    remove: bool = False


class OptionEdit(Value):
    """Name an option of a product, and give it or its values other names."""

    name: str
    rename: Label | None = None
    values: Annotated[tuple[ValueEdit, ...], Field(max_length=500)] = ()


class Relabelling(Value):
    """Say what a person calls the options of a page, and their values; None leaves a value out."""

    names: dict[str, str] = Field(default_factory=dict)
    values: dict[str, dict[str, str | None]] = Field(default_factory=dict)

    def of(self, options: Mapping[str, str]) -> dict[str, str] | None:
        """Give a variant's options as the person calls them; None where it is left out."""
        told: dict[str, str] = {}
        for name, value in options.items():
            called = self.values.get(name, {}).get(value, value)
            if called is None:
                return None
            told[self.names.get(name, name)] = called
        return told

    def on_page(self, options: Mapping[str, str]) -> dict[str, str]:
        """Give a variant's options as the page calls them."""
        found: dict[str, str] = {}
        for name, value in options.items():
            page = _key_of(self.names, name)
            found[page] = _key_of(self.values.get(page, {}), value)
        return found

    def applied(self, facts: Product) -> Product:
        """Give facts with options and variants as the person calls them."""
        called = [(each, self.of(each.options)) for each in facts.variants]
        options = (
            Option(name=self.names.get(each.name, each.name), values=self._values(each)) for each in facts.options
        )
        return facts.model_copy(
            update={
                "options": tuple(each for each in options if each.values),
                "variants": tuple(
                    each.model_copy(update={"options": told}) for each, told in called if told is not None
                ),
            }
        )

    def after(self, edits: Sequence[OptionEdit]) -> "Relabelling":
        """Give what stands after edits, which use the names that stand now."""
        names, values = dict(self.names), {name: dict(own) for name, own in self.values.items()}
        for edit in edits:
            page = _key_of(self.names, edit.name)
            if edit.rename:
                names[page] = edit.rename
            for each in edit.values:
                kept = _key_of(self.values.get(page, {}), each.value)
                called = each.rename or each.value
                values.setdefault(page, {})[kept] = None if each.remove else called
        return Relabelling(names=names, values=values)

    def _values(self, option: Option) -> tuple[str, ...]:
        called = (self.values.get(option.name, {}).get(value, value) for value in option.values)
        return tuple(value for value in called if value is not None)


def with_options(
    facts: Product, evidence: Mapping[str, tuple[Evidence, ...]], edits: Sequence[OptionEdit]
) -> tuple[Product, dict[str, tuple[Evidence, ...]]]:
    """Give facts with edited options, and evidence whose variants are at their new places."""
    delta = Relabelling().after(edits)
    places = [str(place) for place, each in enumerate(facts.variants) if delta.of(each.options) is not None]
    moved = {old: str(new) for new, old in enumerate(places)}
    kept: dict[str, tuple[Evidence, ...]] = {}
    for pointer, told in evidence.items():
        match pointer.split("/", 3):
            case ["", "variants", place, rest]:
                if place in moved:
                    kept[f"/variants/{moved[place]}/{rest}"] = told
            case _:
                kept[pointer] = told
    return delta.applied(facts), kept


def deleted_by(facts: Product, edits: Sequence[OptionEdit]) -> int:
    """Count the variants that edits of options leave out."""
    return len(facts.variants) - len(Relabelling().after(edits).applied(facts).variants)


def check_options(facts: Product, edits: Sequence[OptionEdit], deletes: int) -> None:
    """Raise `InvalidInput` for what a product does not have, two of one name, and another count than is deleted."""
    known = values_of(facts)
    for place, edit in enumerate(edits):
        _check_known(known, edit, f"/{OPTIONS}/{place}")
    delta = Relabelling().after(edits)
    _check_names([delta.names.get(name, name) for name in known])
    for name, own in known.items():
        _check_names([called for value in own if (called := delta.values.get(name, {}).get(value, value)) is not None])
    gone = deleted_by(facts, edits)
    if facts.variants and gone == len(facts.variants):
        raise InvalidInput("No variant would be left. Leave one value at least.", f"/{OPTIONS}")
    if gone != deletes:
        told = f"This deletes {gone} variants. If that is meant, say so with deletes_variants {gone}."
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


def _check_names(names: Sequence[str]) -> None:
    if len(set(names)) < len(names):
        raise InvalidInput("Two of them would have the same name.", f"/{OPTIONS}")


def _key_of(called: Mapping[str, str | None], name: str) -> str:
    """Find what the page calls something, by what the person does."""
    return next((page for page, own in called.items() if own == name), name)
