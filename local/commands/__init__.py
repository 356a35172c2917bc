"""The `fcapi` command: `main` is the group, and the module of a command has the command's name."""
