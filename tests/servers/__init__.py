"""The real servers that tests run against: PostgreSQL, Redis and a Zou, started for one run and removed after it."""
