"""The registry as a YAML file that is kept in git: written from the registry, compared with it, brought into it."""
