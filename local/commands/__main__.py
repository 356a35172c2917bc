"""`python -m local.commands`: the command `fcapi`."""

from local.commands.main import main

main(prog_name="fcapi")
