"""The standing pages of statistics: figures of a production, live from Kitsu, for whoever leads it."""
