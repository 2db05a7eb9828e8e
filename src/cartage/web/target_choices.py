"""Which settings of targets have a few values to choose from."""

from collections.abc import Mapping

CHOICES: Mapping[str, tuple[str, ...]] = {
    "status": ("draft", "active"),
    "weight_unit": ("", "g", "kg", "lb", "oz"),
    "gender": ("", "female", "male", "unisex"),
    "age_group": ("", "newborn", "infant", "toddler", "kids", "adult"),
    "condition": ("", "new", "refurbished", "used"),
    "google_columns": ("false", "true"),
}
