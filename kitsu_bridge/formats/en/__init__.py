"""English, as the pages of the bridge write it."""
