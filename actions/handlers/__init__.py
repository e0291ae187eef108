"""One module a kind."""
