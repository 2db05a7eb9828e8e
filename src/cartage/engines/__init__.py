"""Ways to finish a workflow despite crashes."""
