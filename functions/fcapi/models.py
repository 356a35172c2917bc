"""The part of pydantic that the functions use: the only module of theirs that imports it."""

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
)

__all__ = [
    "AfterValidator",
    "AliasChoices",
    "AliasPath",
    "AwareDatetime",
    "BaseModel",
    "BeforeValidator",
    "ConfigDict",
    "Field",
    "ValidationError",
    "ValidationInfo",
]
