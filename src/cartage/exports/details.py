"""Facts that shops ask for by name and pages state among the attributes: material, colour, for whom."""

from collections.abc import Mapping

NAMES: Mapping[str, frozenset[str]] = {
    "material": frozenset({"material", "materials", "fabric", "stoff", "matière", "materiale", "tejido"}),
    "color": frozenset({"color", "colour", "farbe", "couleur", "colore", "kleur", "färg", "اللون"}),
    "size": frozenset({"size", "größe", "taille", "talla", "taglia", "maat", "storlek", "المقاس"}),
    "gender": frozenset({"gender", "geschlecht", "genre", "género", "genere"}),
    "age_group": frozenset({"age group", "age", "altersgruppe"}),
}
GENDERS = {"male": "male", "men": "male", "female": "female", "women": "female", "unisex": "unisex"}
AGES = frozenset({"newborn", "infant", "toddler", "kids", "adult"})


def detail_of(name: str) -> str:
    """Name what an option or an attribute is about, such as `color` for `Farbe`; empty for any other."""
    folded = name.strip().casefold()
    return next((detail for detail, names in NAMES.items() if folded in names), "")


def details_of(attributes: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Gather what attributes tell of these; the first statement of each counts."""
    found: dict[str, str] = {}
    for name, value in attributes:
        if (detail := detail_of(name)) and value.strip():
            found.setdefault(detail, value.strip())
    return found


def gender_of(text: str) -> str:
    """Read for whom a product is; empty where the words say nothing plain."""
    return GENDERS.get(text.strip().casefold().removesuffix("'s"), "")


def age_group_of(text: str) -> str:
    """Read for which age a product is; empty where the words say nothing plain."""
    folded = text.strip().casefold().removesuffix("s").replace("kid", "kids")
    return folded if folded in AGES else ""
