"""Where catalogues, accounts and artifacts live."""
