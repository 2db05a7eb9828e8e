"""Who may do what: sign-up, login, sessions and API tokens."""
