"""Deploys a package and the template with the vendor's command line tool: every command is shown before it runs."""
