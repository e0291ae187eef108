"""The ways in. Each door understands what arrives in its own way; all lead into the same line."""
