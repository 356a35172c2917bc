"""The compiled version of `fcapi.models`: pydantic-core, with the schemas that pydantic made when this was built.

In a package it takes the place of `functions/fcapi/models.py`, which says how it may be used. pydantic turns the
annotations of a model into a schema, by which pydantic-core validates. That takes a third of a cold start and gives the
same schema each time, so it is done when a package is built: the build adds each model to `_COMPILED`, at the end.
"""

import sys
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

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


def _pydantic_core() -> Any:
    """Import the compiled module of pydantic-core alone.

    Its Python modules serve pydantic: they describe the type of every schema, which takes a tenth of a cold start. An
    import of `pydantic_core` still gives all of it, with this same compiled module.
    """
    package = find_spec("pydantic_core")
    assert package is not None
    spec = PathFinder.find_spec("pydantic_core._pydantic_core", package.submodule_search_locations)
    assert spec is not None
    assert spec.loader is not None
    if spec.name not in sys.modules:
        module = module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return sys.modules[spec.name]


if TYPE_CHECKING:
    from pydantic_core import SchemaValidator, ValidationError
    from pydantic_core.core_schema import ValidationInfo
else:
    SchemaValidator = _pydantic_core().SchemaValidator
    ValidationError = _pydantic_core().ValidationError
    ValidationInfo = Any  # only annotations name it

# All that these say about a field is in the compiled schemas; here they are names to write models with.
AwareDatetime = datetime
ConfigDict = dict


def Field(**_options: object) -> Any:  # noqa: N802 -- pydantic's name
    """Describe a field."""


class AfterValidator:
    """A function that takes a validated value."""

    def __init__(self, func: Callable[..., Any]) -> None: ...


class BeforeValidator:
    """A function that takes a value before it is validated."""

    def __init__(self, func: Callable[..., Any]) -> None: ...


class AliasPath:
    """The place of a field within nested objects."""

    def __init__(self, *path: str | int) -> None:
        self.path = list(path)


class AliasChoices:
    """The names of a field; the first that is there counts."""

    def __init__(self, *choices: str | AliasPath) -> None:
        self.choices = list(choices)


class FieldInfo:
    """What can be asked about a field."""

    def __init__(self, *, repr: bool, validation_alias: str | AliasPath | AliasChoices | None) -> None:  # noqa: A002 -- pydantic's name
        self.repr = repr
        self.validation_alias = validation_alias


class BaseModel:
    """A model: made by keywords or by `model_validate`, never changed, equal to one with equal values."""

    # pydantic-core sets all four.
    __slots__ = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__", "__pydantic_private__")

    model_fields: ClassVar[dict[str, FieldInfo]] = {}

    def __init_subclass__(cls) -> None:
        """Take the fields from what was compiled; a class has none as attributes, as with pydantic.

        Raises:
            TypeError: this model was not there when the models were compiled.

        """
        compiled = _COMPILED.get(_full_name(cls))
        if compiled is None:
            raise TypeError(f"{_full_name(cls)} is not among the compiled models")
        cls.model_fields = compiled[0]
        for name in cls.model_fields.keys() & vars(cls).keys():
            delattr(cls, name)

    def __init__(self, /, **values: object) -> None:
        _validator_of(type(self)).validate_python(values, self_instance=self)

    @classmethod
    def model_validate(cls: type[AnyModel], obj: object) -> AnyModel:
        """Return the model that `obj` is.

        Raises:
            ValidationError: it is not one.

        """
        model: AnyModel = _validator_of(cls).validate_python(obj)
        return model

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self._shown())})"

    def __str__(self) -> str:
        return " ".join(self._shown())

    def __setattr__(self, name: str, value: object) -> None:
        raise self._frozen(name)

    def __delattr__(self, name: str) -> None:
        raise self._frozen(name)

    def _values(self) -> tuple[object, ...]:
        return tuple(self.__dict__[name] for name in self.model_fields)

    def _shown(self) -> list[str]:
        return [f"{name}={self.__dict__[name]!r}" for name, field in self.model_fields.items() if field.repr]

    def _frozen(self, name: str) -> ValidationError:
        error: Any = {"type": "frozen_instance", "loc": (name,), "input": None}
        return ValidationError.from_exception_data(type(self).__name__, [error], hide_input=True)


def _validator_of(model: type[BaseModel]) -> SchemaValidator:
    """Return what validates a model; it is made when it is first asked for."""
    validator: SchemaValidator | None = vars(model).get("__pydantic_validator__")
    if validator is None:
        schema = _COMPILED[_full_name(model)][1](model)
        # Two threads that come here at once make the same twice.
        validator = SchemaValidator(schema, schema["config"])
        model.__pydantic_validator__ = validator  # type: ignore[attr-defined] # where pydantic keeps it, too
    return validator


def _full_name(model: type[BaseModel]) -> str:
    return f"{model.__module__}.{model.__qualname__}"


def _named(module: str, name: str) -> Any:
    """Return a function that a schema calls."""
    return attrgetter(name)(import_module(module))


_COMPILED: dict[str, tuple[dict[str, FieldInfo], Callable[[type[BaseModel]], Any]]] = {}
"""The fields of each model, and what makes its schema, by the model's module and name."""
