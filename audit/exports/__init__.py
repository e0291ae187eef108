"""The log as a file: CSV, JSON lines or a workbook. Of one invocation's task results see `audit.export`."""
