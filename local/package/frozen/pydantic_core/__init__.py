"""Stands in for the Python part of pydantic-core, of which the functions need two classes and no more.

The compiled part beside it is pydantic-core's own; the rest of the Python part is for pydantic, which is not here.
"""

from ._pydantic_core import SchemaValidator, ValidationError  # type: ignore[import-untyped] # compiled

__all__ = ["SchemaValidator", "ValidationError"]
