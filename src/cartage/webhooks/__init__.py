"""Telling merchants' programs what happened, by the Standard Webhooks scheme."""
