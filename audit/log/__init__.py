"""The log: what is looked for (`filters`), in whose sight and in which order (`walk`), and how it is shown."""
