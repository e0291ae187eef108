"""What was asked, and what came of it. It knows nothing of actions."""
