"""The part of pydantic that the functions use: the only module of theirs that may import it.

A package has a compiled version of this module instead (`local/package/compiled_models.py`), which can do what is
declared here and no more. So a type checker sees these declarations, and refuses everything else that pydantic has.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any, ClassVar, Literal, TypedDict, overload

    from pydantic_core import ValidationError
    from pydantic_core.core_schema import ValidationInfo
    from typing_extensions import Self, Unpack, dataclass_transform

    AwareDatetime = datetime

    class ConfigDict(TypedDict, total=False):
        """How a model validates. Every model must be frozen."""

        frozen: bool
        hide_input_in_errors: bool
        strict: bool

    class AliasPath:
        """The place of a field within nested objects."""

        path: list[int | str]

        def __init__(self, first_arg: str, *args: str | int) -> None: ...

    class AliasChoices:
        """The names of a field; the first that is there counts."""

        choices: list[str | AliasPath]

        def __init__(self, first_choice: str | AliasPath, *choices: str | AliasPath) -> None: ...

    class AfterValidator:
        """A function of a module that takes a validated value, and returns one or raises ValueError."""

        def __init__(self, func: Callable[[Any], Any] | Callable[[Any, ValidationInfo], Any]) -> None: ...

    class BeforeValidator:
        """A function of a module that takes a value before it is validated, and returns one or raises ValueError."""

        def __init__(self, func: Callable[[Any], Any] | Callable[[Any, ValidationInfo], Any]) -> None: ...

    class _FieldInfo:
        """What can be asked about a field."""

        repr: bool
        validation_alias: str | AliasPath | AliasChoices | None

    class _FieldOptions(TypedDict, total=False):
        """The constraints of a field, and whether a repr shows it."""

        repr: bool
        validate_default: bool
        gt: float
        ge: float
        le: float
        allow_inf_nan: bool
        min_length: int
        max_length: int
        pattern: str

    @overload  # A type checker cannot read these names, so it is told that a constructor takes none.
    def Field(
        *,
        validation_alias: str | AliasPath | AliasChoices,
        init: Literal[False] = False,
        default: Any = ...,
        **options: Unpack[_FieldOptions],
    ) -> Any: ...
    @overload
    def Field(*, alias: str = ..., default: Any = ..., **options: Unpack[_FieldOptions]) -> Any: ...
    def Field(**_: Any) -> Any:  # noqa: N802 -- pydantic's name
        """Describe a field."""

    @dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(Field,))
    class BaseModel:
        """A model: made by keywords or by `model_validate`, never changed, equal to one with equal values."""

        model_config: ClassVar[ConfigDict]
        model_fields: ClassVar[Mapping[str, _FieldInfo]]

        @classmethod
        def model_validate(cls, obj: object) -> Self:
            """Return the model that `obj` is.

            Raises:
                ValidationError: it is not one.

            """

else:
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
