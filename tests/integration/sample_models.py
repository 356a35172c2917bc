"""Models with everything that models of the functions may use."""

from typing import Annotated, Any, Literal

from fcapi.models import (
    AfterValidator,
    AliasChoices,
    AliasPath,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)


def even(value: int) -> int:
    if value % 2:
        raise ValueError("an even number")
    return value


def at_least_level(value: int, info: ValidationInfo) -> int:
    if value < info.data.get("level", 0):
        raise ValueError("at least the level")
    return value


class Sample(BaseModel):
    """The base of the others, and a model itself."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    name: str = Field(alias="Name", min_length=1, max_length=8, pattern=r"^[a-z]+$")
    level: Annotated[int, Field(ge=0, le=10), AfterValidator(even)] = 2


class Settings(Sample):
    """Fields that look at others, and one that a repr leaves out."""

    limit: Annotated[int, AfterValidator(at_least_level), Field(validate_default=True)] = 4
    secret: Annotated[str, Field(repr=False)] = ""
    word: Annotated[Literal["ON", "OFF"], BeforeValidator(str.upper)] = "OFF"

    @property
    def double(self) -> int:
        return 2 * self.limit


class Envelope(BaseModel):
    """Fields that lie elsewhere in the input."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    method: str = Field(validation_alias=AliasPath("http", "method"))
    body: Any = Field(default=None, validation_alias=AliasChoices("Body", "payload"))
    due: AwareDatetime | None = None
    headers: dict[str, str] | None = None


class Strict(BaseModel):
    """A model that converts nothing, with its input in errors."""

    model_config = ConfigDict(frozen=True, strict=True)

    count: int
