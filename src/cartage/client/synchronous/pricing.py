"""Pricing rules: what to ask for a product."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cartage.client.call import Call, once
from cartage.client.synchronous.connection import Connection
from cartage.model.pricing import PricingRules
from cartage.wire.pricing import EffectOut


@dataclass(frozen=True, slots=True)
class Pricing:
    """Set pricing rules, and try them first."""

    connection: Connection

    def rules(self) -> PricingRules:
        """Get your pricing rules; at first they change nothing."""
        return self.connection.get(PricingRules, Call("GET", "/v1/pricing-rules"))

    def set_rules(self, rules: PricingRules | Mapping[str, Any]) -> PricingRules:
        """Set your pricing rules, which hold at once."""
        return self.connection.get(PricingRules, Call("PUT", "/v1/pricing-rules", body=rules))

    def preview(self, rules: PricingRules | Mapping[str, Any]) -> EffectOut:
        """Tell what rules would do to your own products; nothing is changed."""
        call = Call("POST", "/v1/pricing-rules/preview", body=rules, headers=once(""))
        return self.connection.get(EffectOut, call)
