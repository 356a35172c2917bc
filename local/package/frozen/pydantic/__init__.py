"""Stands in for pydantic, which is not in this package, though the validators that it makes are.

pydantic turns the annotations of a model into a schema, and pydantic-core, which is in this package, validates by that
schema. The first of the two takes a third of a cold start and always ends in the same: so it was done when the package
was built, and `pydantic.schemas` holds what came of it. Here is what models are written with, and no more than what
those of the functions use.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from pydantic_core import SchemaValidator, ValidationError

from .schemas import SCHEMAS

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

AnyModel = TypeVar("AnyModel", bound="BaseModel")

AwareDatetime = datetime
ConfigDict = dict
ValidationInfo = Any


class BaseModel:
    """A model whose schema is written down; what a validated one may hold is what pydantic-core sets."""

    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    model_fields: ClassVar[dict[str, "Field"]] = {}

    def __init_subclass__(cls) -> None:
        """Gather the fields, those of the bases first."""
        own = {name: vars(cls).get(name) for name in vars(cls).get("__annotations__", {})}
        fields = {name: value if isinstance(value, Field) else Field() for name, value in own.items()}
        cls.model_fields = {**cls.model_fields, **fields}

    @classmethod
    def model_validate(cls: type[AnyModel], obj: object) -> AnyModel:
        """Return the model that `obj` is.

        Raises:
            ValidationError: it is none.

        """
        validator = vars(cls).get("__pydantic_validator__")
        if validator is None:
            schema = SCHEMAS[f"{cls.__module__}.{cls.__qualname__}"](cls)
            # Two threads that come here at once make the same twice.
            validator = SchemaValidator(schema, schema["config"])
            cls.__pydantic_validator__ = validator  # type: ignore[attr-defined] # where pydantic keeps it, too
        model: AnyModel = validator.validate_python(obj)
        return model

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")


class Field:
    """What is asked about a field; all that is validated is in the schema."""

    def __init__(self, _default: object = ..., *, validation_alias: object = None, **_constraints: object) -> None:
        self.validation_alias = validation_alias


class AliasPath:
    """Where within an object a field lies."""

    def __init__(self, *path: str) -> None:
        self.path = path


class AliasChoices:
    """Names of which a field may have any."""

    def __init__(self, *_choices: str) -> None: ...


class AfterValidator:
    """A function that a value goes through when it is validated."""

    def __init__(self, _function: Callable[..., Any]) -> None: ...


class BeforeValidator(AfterValidator):
    """A function that a value goes through before it is validated."""
