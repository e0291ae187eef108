"""What a kind says of itself by its type hints, where kinds come from, and which are switched on."""
