"""REST: the bridge for programs, at `/api/v1/`. Views read what came, call the line, and write what became of it."""
