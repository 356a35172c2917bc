"""The template under check, and the vendor's data that it is checked against."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from local.template.document import Template
from local.template.evaluation import Evaluation, with_defaults
from local.template.metadata import Metadata
from local.template.problems import Problem
from local.template.sdk_models import SdkModels


class VendorData(NamedTuple):
    """The metadata of ROS resource types, and the models of the Function Compute SDK."""

    metadata: Metadata
    models: SdkModels


@dataclass(frozen=True)
class Subject:
    """A template, and the vendor's data to check it against."""

    template: Template
    vendor: VendorData

    @cached_property
    def by_default(self) -> Evaluation:
        """The template with the defaults of its parameters."""
        return with_defaults(self.template)


Rule = Callable[[Subject], Iterator[Problem]]


def vendor_data() -> VendorData:
    """Return the vendor's data of the installed wheels, read when a rule first asks for it.

    Raises:
        MetadataUnreadable: the SDK is not installed.

    """
    return VendorData(Metadata(), SdkModels())
