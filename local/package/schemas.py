"""Compiles the models of the functions: writes down the fields and the schema of each, as pydantic makes them.

It is run as a script by the Python that a package is for, and imports nothing of `local`. Given are a folder, with
pydantic itself and all that the functions need in it, and the names of their modules. Printed is what belongs at the
end of `compiled_models.py`; each schema is made by a function, so that only those that are asked for are made. It stops
at whatever is not data, since that could not be written down.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from operator import attrgetter
from types import FunctionType, MethodDescriptorType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

_IDLE = ("metadata", "ref")
"""What a schema says for other uses than validation, or to be referred to; nothing here refers to it."""


def main() -> None:
    """Print what was compiled."""
    folder, *modules = sys.argv[1:]
    sys.path.insert(0, folder)
    sys.stdout.write(compiled(modules))


def compiled(modules: list[str]) -> str:
    """Return the statement that adds all models of these modules.

    Raises:
        TypeError: a model cannot be written as source, or two share a name.

    """
    for module in modules:
        import_module(module)
    import pydantic

    models: dict[str, type[BaseModel]] = {}
    for model in _models(pydantic.BaseModel, set(modules)):
        name = _full_name(model)
        if name in models or "<locals>" in name:
            raise TypeError(f"{name} is not the name of one model of a module")
        models[name] = model
    entries = [f"    {name!r}: ({_fields_of(model)}, {_schema_of(model)}),\n" for name, model in models.items()]
    return f"\n\n# Made by pydantic {pydantic.VERSION}.\n_COMPILED.update({{\n{''.join(entries)}}})\n"


def _fields_of(model: "type[BaseModel]") -> str:
    fields = [f"{name!r}: {_info_of(field)}" for name, field in model.model_fields.items()]
    return f"{{{', '.join(fields)}}}"


def _info_of(field: "FieldInfo") -> str:
    return f"FieldInfo(repr={field.repr!r}, validation_alias={_alias_of(field.validation_alias)})"


def _alias_of(alias: object) -> str:
    for kind, parts in (("AliasPath", "path"), ("AliasChoices", "choices")):
        if type(alias).__name__ == kind:
            return f"{kind}({', '.join(_alias_of(part) for part in getattr(alias, parts))})"
    return repr(alias)


def _schema_of(model: "type[BaseModel]") -> str:
    """Return an expression for what makes the schema of a model.

    Raises:
        TypeError: the model does what only pydantic itself can do, or may be changed.

    """
    schema: Any = model.__pydantic_core_schema__
    if schema["type"] != "model" or schema["custom_init"] or schema["root_model"] or schema.get("post_init"):
        raise TypeError(f"{_full_name(model)} is not a plain model")
    if not model.model_config.get("frozen"):
        raise TypeError(f"{_full_name(model)} is not frozen")
    return f"lambda cls: {_source_of(schema, model)}"


def _source_of(value: object, model: type) -> str:
    """Return an expression for a part of the schema of a model, which is called `cls` in it.

    Raises:
        TypeError: there is none.

    """
    if value is model:
        return "cls"
    if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and value - value == 0):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_source_of(each, model) for each in value)}]"
    if isinstance(value, tuple):
        return f"({''.join(f'{_source_of(each, model)}, ' for each in value)})"
    if isinstance(value, dict):
        is_schema = isinstance(value.get("type"), str)
        items = {key: each for key, each in value.items() if not (is_schema and key in _IDLE)}
        if isinstance(items.get("default"), dict):
            raise TypeError(f"A default of {_full_name(model)} is an object, which looks like a part of its schema")
        return f"{{{', '.join(f'{key!r}: {_source_of(each, model)}' for key, each in items.items())}}}"
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
