"""`python -m local.openapi`, or `make openapi`: writes `openapi.yaml`."""

from local.openapi.document import OPENAPI_YAML, text

if __name__ == "__main__":
    OPENAPI_YAML.write_text(text(), encoding="utf-8")
