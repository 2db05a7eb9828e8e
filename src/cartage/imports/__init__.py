"""The use case: one address in, one stored product out."""
