"""The timeline of a day: what ran when, by action or by person, as a picture with its table."""
