"""Secrets in what is sent: named by reference where an administrator writes, masked where it is shown."""
