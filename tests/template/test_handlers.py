"""Both functions are deployed, with the handler, the initializer and the package of the code in functions/."""

import inspect
from collections.abc import Mapping
from types import ModuleType

from tests.template.our_template import OurTemplate, code_file

Functions = Mapping[str, ModuleType]

ARGUMENTS: Mapping[str, tuple[object, ...]] = {"handler": (b"", None), "initialize": (None,)}
"""The arguments that Function Compute passes: event and context, or the context alone."""


def exists(functions: Functions, handler: object, method: str) -> bool:
    """Whether `file.method` is a function in the file of that name, and takes the arguments of the platform."""
    file, _, name = str(handler).partition(".")
    found = getattr(functions.get(file), name, None)
    if name != method or not callable(found):
        return False
    try:
        inspect.signature(found).bind(*ARGUMENTS[method])
    except TypeError:
        return False
    return True


def test_each_function_of_the_code_is_deployed_once(template: OurTemplate, functions: Functions) -> None:
    deployed = [code_file(function) for function in template.functions()]
    place = template.at("Resources")
    assert sorted(deployed) == sorted(functions), place.expected(f"one function for each of {', '.join(functions)}")


def test_the_handler_exists(template: OurTemplate, functions: Functions) -> None:
    for function in template.functions():
        handler = function.at("Handler")
        message = f"a function `file.handler` of functions/, found {handler.value}"
        assert exists(functions, handler.value, "handler"), handler.expected(message)


def test_the_initializer_exists_in_the_file_of_the_handler(template: OurTemplate, functions: Functions) -> None:
    for function in template.functions():
        initializer = function.at("InstanceLifecycleConfig", "Initializer", "Handler")
        wanted = f"{code_file(function)}.initialize"
        message = initializer.expected(f"{wanted} of functions/, found {initializer.value}")
        assert initializer.value == wanted, message
        assert exists(functions, initializer.value, "initialize"), message


def test_both_functions_run_the_package_in_the_bucket(template: OurTemplate) -> None:
    for function in template.functions():
        code = function.at("Code")
        wanted = {"OssBucketName": {"Ref": "CodeBucket"}, "OssObjectName": {"Ref": "CodeObject"}}
        assert code.value == wanted, code.expected("the package by the parameters CodeBucket, CodeObject")


def test_each_function_has_a_name_of_its_own(template: OurTemplate, functions: Functions) -> None:
    names = {str(function.at("FunctionName").by_default) for function in template.functions()}
    assert len(names) == len(functions), template.at("Resources").expected("functions with names of their own")
