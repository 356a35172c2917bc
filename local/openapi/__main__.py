"""`python -m local.openapi`, or `make openapi`: writes `openapi.yaml`."""

import click

from local.openapi.document import OPENAPI_YAML, text

if __name__ == "__main__":
    is_new = text() != OPENAPI_YAML.read_text(encoding="utf-8")
    OPENAPI_YAML.write_text(text(), encoding="utf-8")
    click.echo(f"{OPENAPI_YAML.name}: {'written anew' if is_new else 'was current'}")
