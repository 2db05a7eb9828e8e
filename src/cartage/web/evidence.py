"""What a product's page tells of where its values came from, and of what nobody could settle."""

from collections.abc import Callable
from typing import Any

from cartage.model.catalogue import CatalogueProduct
from cartage.model.edit import EDITABLE
from cartage.model.evidence import Evidence

EVIDENCE_SHOWN = 12


def evidence_of(product: CatalogueProduct, field: str) -> list[tuple[str, Evidence, bool]]:
    """List a field's evidence and that of its parts, each with its pointer and whether it was chosen."""
    own = ((key, kept) for key, kept in product.evidence.items() if key == f"/{field}" or key.startswith(f"/{field}/"))
    return [(key, each, place == 0 and each.agrees) for key, kept in own for place, each in enumerate(kept)][
        :EVIDENCE_SHOWN
    ]


def unsure_of(product: CatalogueProduct, field: str) -> str:
    """Write what the page seems to say of a field, where nobody could settle it; empty where that is not so."""
    found = product.evidence.get(f"/{field}", ())
    return found[0].raw if found and not found[0].agrees else ""


def is_editable(field: str) -> bool:
    """Tell whether a person may set a field's value."""
    return field in EDITABLE


EVIDENCE: dict[str, Callable[..., Any]] = {
    "evidence_of": evidence_of,
    "unsure_of": unsure_of,
    "is_editable": is_editable,
}
