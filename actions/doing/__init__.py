"""What several kinds do in one way: change tasks, choose people, do something outside and tell of the tasks there."""
