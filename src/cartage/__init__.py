"""Cartage turns the address of a product page, from any shop, into a clean product with evidence for every field."""

__version__ = "0.1.0"
