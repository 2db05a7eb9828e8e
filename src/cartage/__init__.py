"""Cartage turns the address of a product page, from any shop, into a clean product with evidence for every field."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cartage.app import import_product
    from cartage.client import AsyncClient, Client
    from cartage.extraction import extract
    from cartage.model.errors import CartageError
    from cartage.model.evidence import Evidence, Extraction, Verdict
    from cartage.model.product import Money, Product

__version__ = "0.1.0"
__all__ = [
    "AsyncClient",
    "CartageError",
    "Client",
    "Evidence",
    "Extraction",
    "Money",
    "Product",
    "Verdict",
    "__version__",
    "extract",
    "import_product",
]

_HOMES = {
    "AsyncClient": "cartage.client",
    "Client": "cartage.client",
    "CartageError": "cartage.model.errors",
    "Evidence": "cartage.model.evidence",
    "Extraction": "cartage.model.evidence",
    "Money": "cartage.model.product",
    "Product": "cartage.model.product",
    "Verdict": "cartage.model.evidence",
    "extract": "cartage.extraction",
    "import_product": "cartage.app",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that `import cartage` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'cartage' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
