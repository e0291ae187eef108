"""How dates are written, by language; Django finds them here (FORMAT_MODULE_PATH)."""
