"""Stands in for the Python part of pydantic-core, of which the functions need five names and no more.

The compiled part beside it is pydantic-core's own; the rest of the Python part is for pydantic, which is not here.
"""

from ._pydantic_core import (  # type: ignore[import-untyped] # compiled
    PydanticSerializationError,
    SchemaValidator,
    ValidationError,
    from_json,
    to_json,
)

__all__ = ["PydanticSerializationError", "SchemaValidator", "ValidationError", "from_json", "to_json"]
