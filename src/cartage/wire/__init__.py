"""The shapes in which the API and its clients speak: what is sent, and what comes back."""
