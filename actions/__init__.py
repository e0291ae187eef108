"""What can be asked, and what that does."""
