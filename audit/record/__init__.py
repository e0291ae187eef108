"""Everything that is known of one invocation, for people who look into it."""
