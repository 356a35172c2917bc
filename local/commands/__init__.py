"""The `fcapi` command: `main` is the group, and each other module is one of its commands."""
