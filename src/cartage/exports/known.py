"""The targets there are, by name."""

from collections.abc import Mapping

from cartage.exports.target import Target
from cartage.exports.targets import (
    bigcommerce,
    google,
    google_xml,
    jsonl,
    medusa,
    prestashop,
    schema_org,
    shopify,
    shopify_legacy,
    woocommerce,
)
from cartage.model.errors import NotFound

MODULES = (
    shopify,
    shopify_legacy,
    woocommerce,
    google,
    google_xml,
    medusa,
    bigcommerce,
    prestashop,
    schema_org,
    jsonl,
)
TARGETS: Mapping[str, Target] = {module.TARGET.name: module.TARGET for module in MODULES}


def target_named(name: str) -> Target:
    """Find a target; raises `NotFound`, which names those there are."""
    if name not in TARGETS:
        raise NotFound(f"There is no target {name}; there are {', '.join(TARGETS)}.")
    return TARGETS[name]
