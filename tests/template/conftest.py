"""The template, and the facts about the project that it has to agree with. Each is read once."""

import inspect
import re
from collections.abc import Mapping
from importlib import import_module
from modulefinder import ModuleFinder
from pathlib import Path
from types import FunctionType, ModuleType
from typing import cast, get_args

import pytest

from fcapi.events.triggers import TRIGGER_NAMES
from local.samples import SAMPLES
from local.template.document import MalformedTemplate, read_template
from local.template.subject import VendorData, vendor_data
from phone_verification import channel as channel_module
from phone_verification.channel import Channel, Limits
from phone_verification.log_fields import LogFields
from phone_verification.outcome import Status
from phone_verification.sweep.report import ChannelReport
from resource_directory.client import ResourceDirectoryClient
from tests.docs.codes import replies
from tests.template.our_template import OurTemplate

PROJECT = Path(__file__).parents[2]
FUNCTIONS = PROJECT / "functions"


@pytest.fixture(scope="session")
def text() -> str:
    """Return the text of the template."""
    return (PROJECT / "template.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def template(text: str) -> OurTemplate:
    """Return the template. If it cannot be read, `test_readability` fails, and the tests that need it are skipped."""
    try:
        return OurTemplate(read_template(text))
    except MalformedTemplate:
        pytest.skip("template.yml cannot be read")


@pytest.fixture(scope="session")
def vendor() -> VendorData:
    """Return the vendor's data that the checker uses."""
    return vendor_data()


@pytest.fixture(scope="session")
def functions() -> Mapping[str, ModuleType]:
    """Return the functions of the cloud by name: the modules directly in functions/."""
    return {path.stem: import_module(path.stem) for path in sorted(FUNCTIONS.glob("*.py"))}


@pytest.fixture(scope="session")
def operations() -> frozenset[str]:
    """Return the client's methods for the API's operations: those that take credentials."""
    methods = inspect.getmembers(ResourceDirectoryClient, inspect.isfunction)
    public = {name: inspect.signature(method) for name, method in methods if not name.startswith("_")}
    return frozenset(name for name, signature in public.items() if "credentials" in signature.parameters)


@pytest.fixture(scope="session")
def calls(functions: Mapping[str, ModuleType], operations: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the operations that each function calls, in its own file or in a module of ours that it imports.

    That of a channel is called where the channel is named, and those of all where the settings are asked for them. The
    module that defines the channels calls none.
    """
    of_channels = {
        name: cast("FunctionType", channel.send).__name__
        for name, channel in vars(channel_module).items()
        if isinstance(channel, Channel)
    }
    found: dict[str, frozenset[str]] = {}
    for name in functions:
        finder = ModuleFinder([str(FUNCTIONS)])
        finder.run_script(str(FUNCTIONS / f"{name}.py"))
        files = filter(None, (getattr(module, "__file__", None) for module in finder.modules.values()))
        code = "".join(Path(file).read_text(encoding="utf-8") for file in files if file != channel_module.__file__)
        asks_for_all = "settings.channels" in code
        found[name] = frozenset(operation for operation in operations if f".{operation}" in code) | {
            operation
            for channel, operation in of_channels.items()
            if asks_for_all or re.search(rf"\b{channel}\b", code)
        }
    return found


@pytest.fixture(scope="session")
def trigger_names() -> frozenset[str]:
    """Return the names of the triggers that the code recognises."""
    return frozenset(TRIGGER_NAMES)


@pytest.fixture(scope="session")
def samples() -> frozenset[str]:
    """Return the names of the files in events/, without their ends."""
    return frozenset(path.stem for path in SAMPLES.glob("*.json"))


@pytest.fixture(scope="session")
def log_fields() -> frozenset[str]:
    """Return the names of the fields in our log lines, `emails.sent` for the one that is within `emails`."""
    report = ChannelReport(channel_module.EMAIL, Limits(1, 1))
    report.stopped_by, report.ended_by = "Budget", "Throttling"
    return frozenset(LogFields.__annotations__) - {"emails"} | {f"emails.{name}" for name in report.line()}


@pytest.fixture(scope="session")
def log_values() -> Mapping[str, frozenset[str]]:
    """Return the values that a query can look for, by field: the messages are the texts in the source."""
    source = "".join(file.read_text(encoding="utf-8") for file in FUNCTIONS.rglob("*.py"))
    return {
        "outcome": frozenset(get_args(Status)),
        "code": frozenset(reply.code for reply in replies()),
        "message": frozenset(re.findall(r'"([^"\n]+)"', source)),
    }


@pytest.fixture(scope="session")
def runbook() -> frozenset[str]:
    """Return the anchors of the runbook's headings, as code hosts form them: `## Daily limit` is `daily-limit`."""
    headings = re.findall(r"^#+ (.+)$", (PROJECT / "docs" / "runbook.md").read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings)
