"""The schema of each model, by the model's module and name. When a package is built, this is what is filled in."""

from collections.abc import Callable
from typing import Any

SCHEMAS: dict[str, Callable[[type], dict[str, Any]]] = {}
