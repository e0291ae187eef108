"""The playground: a small Kitsu to select tasks in and to send an action from, exactly as Kitsu would."""
