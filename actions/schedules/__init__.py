"""Actions that run by themselves at times: when, on which tasks, and what was missed."""
