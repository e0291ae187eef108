"""Who is at the other end: Kitsu's own session where the browser sends it, else one that the bridge opened."""
