"""Which provider next, and was that good enough? Pure policy."""
