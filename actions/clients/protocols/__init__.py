"""URLs that open a program on the person's own computer: one module a program, each a pure function from files to a URL."""
