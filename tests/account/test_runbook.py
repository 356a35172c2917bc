"""The runbook's commands of the log service, judged by the vendor's SDK.

Here and not with the other tests of the documents: to import that SDK takes as long as all of those.
"""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.drill.alerts import read_alerts
from tests.docs.tables import DOCS
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]


def calls_of_the_log_service(page: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each call of `aliyun sls` in a block of the shell: its command, and its options."""
    for block in re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        for call in re.findall(r"\baliyun --profile \S+ sls (.*)", block.replace("\\\n", " ")):
            yield call.split()[0], dict(re.findall(r"--([a-z-]+)[= ](\S+)", call))


def test_each_command_of_the_log_service_is_an_operation_of_its_sdk_with_its_parameters() -> None:
    from alibabacloud_sls20201230.client import Client  # every worker reads this file, one runs it
    from alibabacloud_sls20201230.models import GetLogsV2Headers, GetLogsV2Request

    fields = {"get_logs_v2": (GetLogsV2Request, GetLogsV2Headers), "disable_alert": (), "enable_alert": ()}
    calls = list(calls_of_the_log_service(DOCS / "runbook.md"))
    assert [command.replace("-", "_") for command, _ in calls] == list(fields)
    for command, given in calls:
        operation = command.replace("-", "_")
        of_the_path = inspect.signature(getattr(Client, operation)).parameters.keys() - {"self", "request"}
        others = {name.rstrip("_") for model in fields[operation] for name in inspect.signature(model).parameters}
        names = {name.replace("-", "_") for name in given} - {"region"}  # which service is asked
        assert of_the_path <= names <= of_the_path | others, command
        assert given.get("alert-name", "daily-limit") in {alert.name for alert in read_alerts()}
