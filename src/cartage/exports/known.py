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
from cartage.model.export import TargetUnknown

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
        raise NotFound(_unknown(name))
    return TARGETS[name]


def wanted_target(name: str) -> Target:
    """Find the target that a request names in its field `target`; raises `TargetUnknown`, which names those there are.

    Its address says nothing of targets, so that nothing is missing there: the field is wrong.
    """
    if name not in TARGETS:
        raise TargetUnknown(_unknown(name), "/target")
    return TARGETS[name]


def _unknown(name: str) -> str:
    return f"There is no target {name}; there are {', '.join(TARGETS)}."
