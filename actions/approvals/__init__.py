"""Consent of others before an action runs, and handing a prepared run to a lead."""
