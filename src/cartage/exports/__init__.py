"""Products out, files for a shop."""
