"""How the parts of the bridge are: asked briefly, named when they are down, and never at the cost of a page."""
