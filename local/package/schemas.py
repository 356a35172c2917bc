"""Writes down the schema of every model of the functions, as pydantic makes it; run as a script, like the compiler.

Given are a folder, with pydantic itself and all that the functions need in it, and the names of their modules. Printed
is the module that has the schemas, one function for each model, so that only what is asked for is made. It imports
nothing of `local`, and stops at whatever is not data, since that could not be written down.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from operator import attrgetter
from types import FunctionType, MethodDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

_HEAD = '''"""The schema of each model, by the model's module and name; made by pydantic {version}."""

from importlib import import_module
from operator import attrgetter


def _named(module, name):
    return attrgetter(name)(import_module(module))


SCHEMAS = {{
'''

_IDLE = ("metadata", "ref")
"""What a schema says for other uses than validation, or to be referred to; nothing here refers to it."""


def main() -> None:
    """Print the module."""
    folder, *modules = sys.argv[1:]
    sys.path.insert(0, folder)
    for module in modules:
        import_module(module)
    import pydantic

    print(_HEAD.format(version=pydantic.VERSION), end="")  # noqa: T201 -- its answer
    for model in _models(pydantic.BaseModel, set(modules)):
        print(f"    {_full_name(model)!r}: lambda cls: {source_of(schema_of(model), model)},")  # noqa: T201
    print("}")  # noqa: T201


def schema_of(model: "type[BaseModel]") -> Any:
    """Return the schema of a model.

    Raises:
        TypeError: the model does what only pydantic itself can do, or may be changed.

    """
    schema: Any = model.__pydantic_core_schema__
    if schema["type"] != "model" or schema["custom_init"] or schema["root_model"] or schema.get("post_init"):
        raise TypeError(f"{_full_name(model)} is no plain model")
    if not model.model_config.get("frozen"):
        raise TypeError(f"{_full_name(model)} is not frozen")
    return schema


def source_of(value: object, model: type) -> str:
    """Return an expression for a part of the schema of a model, which is called `cls` in it.

    Raises:
        TypeError: there is none.

    """
    if value is model:
        return "cls"
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and value - value == 0):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(source_of(each, model) for each in value)}]"
    if isinstance(value, dict):
        is_schema = isinstance(value.get("type"), str)
        items = ((key, each) for key, each in value.items() if not (is_schema and key in _IDLE))
        return f"{{{', '.join(f'{key!r}: {source_of(each, model)}' for key, each in items)}}}"
    if isinstance(value, (FunctionType, MethodDescriptorType)):
        module, name = getattr(value, "__module__", "builtins"), value.__qualname__
        if "<" not in name and attrgetter(name)(import_module(module)) is value:
            return f"_named({module!r}, {name!r})"
    raise TypeError(f"The schema of {_full_name(model)} has something that cannot be written down: {value!r}")


def _models(base: "type[BaseModel]", modules: set[str]) -> Iterator["type[BaseModel]"]:
    for model in base.__subclasses__():
        if model.__module__ in modules:
            yield model
        yield from _models(model, modules)


def _full_name(model: type) -> str:
    return f"{model.__module__}.{model.__qualname__}"


if __name__ == "__main__":
    main()
