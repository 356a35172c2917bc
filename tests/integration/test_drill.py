"""`make drill`: the cause of each alert, played against `fcapi serve`, leaves what its query and the runbook's find."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from local.drill.__main__ import main
from local.drill.alerts import read_alerts
from local.drill.causes import CAUSES
from local.template.document import read_template
from phone_verification.settings import SendSettings, SweepSettings
from tests.docs.tables import ROOT
from tests.handlers import NEVER_SHOWN
from tests.integration.log_query import Entry, found_by
from tests.integration.test_alert_queries import TEMPLATE, fired
from tests.interpreters import untraced
from tests.probes import eventually
from tests.template.our_template import OurTemplate
from tests.template.test_alerts import ALERTS

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
BY_ALERT = {alert.name: alert for alert in read_alerts()}
EACH = pytest.mark.parametrize("alert", CAUSES)


def drill(*arguments: str, environ: Mapping[str, str] | None = None) -> Result:
    """Run the command here, and `fcapi serve` without coverage."""
    not_given = dict.fromkeys(os.environ.keys() - untraced(os.environ).keys())
    result = CliRunner().invoke(main, arguments, env={**not_given, **(environ or {})})
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


SETTINGS = {"HTTP_SENDS_PER_DAY": "1", "SWEEP_CHANNELS": "none", "MAX_SENDS_PER_RUN": "0"}
"""Of the environment: with these, an alert would not fire, or the functions would not start."""


@pytest.fixture(scope="module")
def played() -> Mapping[str, Sequence[Entry]]:
    """Return what is in the log after the cause of each alert, played where the environment has settings."""
    ran = drill(environ={"JSON": "1", **SETTINGS})
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert not [secret for secret in NEVER_SHOWN if secret in ran.stdout]
    entries: dict[str, list[Entry]] = {}
    for line in ran.stdout.splitlines():
        document = json.loads(line)
        entries.setdefault(document["alert"], []).append(document["entry"])
    return entries


def section(alert: str) -> str:
    """Return the section of the runbook that an alert names."""
    anchor = BY_ALERT[alert].runbook.partition("#")[2]
    for text in re.split(r"^## ", RUNBOOK, flags=re.MULTILINE)[1:]:
        if text.partition("\n")[0].lower().replace(" ", "-") == anchor:
            return text
    raise AssertionError(anchor)


def queries(text: str) -> Iterator[str]:
    for block in re.findall(r"^```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from block.splitlines()


def test_every_alert_of_the_template_has_a_cause() -> None:
    assert set(CAUSES) == set(BY_ALERT) == set(ALERTS)


@EACH
def test_the_alert_fires_for_its_cause_and_no_other_but_those_that_are_told(
    played: Mapping[str, Sequence[Entry]], alert: str
) -> None:
    template = OurTemplate(read_template(TEMPLATE.read_text(encoding="utf-8")))
    without_a_good_run = {"no-sweep"} - {alert}
    assert fired(template, played[alert]) - without_a_good_run == {alert, *CAUSES[alert].also}


@EACH
def test_the_queries_of_its_section_find_what_the_section_says(
    played: Mapping[str, Sequence[Entry]], alert: str
) -> None:
    request_ids = {entry["message"].get("function_request_id") for entry in ours(played[alert])}
    found: list[Entry] = []
    for query in queries(section(alert)):
        alternatives = [query.replace("<request id>", str(each)) for each in request_ids] or [query]
        found += [entry for each in alternatives for entry in found_by(each, played[alert])]
    assert found
    columns = {name for query in queries(section(alert)) for name in re.findall(r'"message\.(\w+)"', query)}
    there = {name for entry in ours(played[alert]) for name in entry["message"]}
    assert columns - there <= OF_OTHER_CAUSES.get(alert, set())


OF_OTHER_CAUSES = {
    "listing-failed": {"warning", "api_request_id"},
    "unknown-outcomes": {"api_request_id"},
    "no-sweep": {"code", "stopped_by"},
}
"""The columns that another cause of the alert has: a lost answer has no id, and a dry run is not stopped."""


def ours(entries: Sequence[Entry]) -> list[Mapping[str, Any]]:
    return [entry for entry in entries if isinstance(entry.get("message"), Mapping)]


@EACH
def test_each_section_begins_with_what_is_at_stake_and_ends_with_how_to_silence(alert: str) -> None:
    headings = re.findall(r"^\*([^*]+)\.\*", section(alert), re.MULTILINE)
    assert headings == [
        "At stake",
        "How long there is",
        "What it means",
        "How to look",
        "What to do",
        "Normal noise",
        "To silence",
    ]
    before, _, _ = section(alert).partition("*At stake.*")
    assert before.splitlines()[2].startswith("Alert") and f"`{alert}`" in before  # noqa: PT018 -- one sentence


def test_a_person_is_told_cause_query_and_runbook_of_one_alert() -> None:
    ran = drill(environ={"ALERT": "no-sweep", "NO_COLOR": "1"})
    assert (ran.exit_code, ran.stderr) == (0, "")
    title, cause, alert, query, runbook, *entries, last = ran.stdout.split("\n")[:-1]
    assert title == "no-sweep: Function 2 does not do its work"
    assert cause == "  Cause    all that function 2 did was a dry run."
    assert alert.startswith("  Alert    At stake: no run of phone-verification-resend did its work")
    assert query == f"  Query    {BY_ALERT['no-sweep'].query}"
    assert runbook == "  Runbook  docs/runbook.md#no-good-sweep"
    assert list(dict.fromkeys(entry.split(":")[0].strip() for entry in entries)) == [
        "would send",
        "sweep finished",
        "record of an execution",
    ]
    assert last == ""


def test_settings_of_the_environment_keep_no_alert_from_firing(played: Mapping[str, Sequence[Entry]]) -> None:
    assert all(name.lower() in (*SendSettings.model_fields, *SweepSettings.model_fields) for name in SETTINGS)
    outcomes = [entry["message"].get("outcome") for entry in ours(played["unknown-outcomes"])]
    assert outcomes.count("unknown") == 3


def test_ctrl_c_leaves_nothing_running_even_while_the_cloud_is_started() -> None:
    command = [sys.executable, "-m", "local.drill", "--alert", "no-sweep"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=untraced(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        assert eventually(children.read_text)
        child = children.read_text().split()[0]
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (1, b"", b"\nAborted!\n")
    assert not Path("/proc", child).exists()


def test_a_misspelt_alert_is_told() -> None:
    ran = drill("--alert", "no-swep")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "Did you mean 'no-sweep'?" in ran.stderr


def test_a_cloud_that_does_not_start_is_told(tmp_path: Path) -> None:
    (tmp_path / "flask.py").write_text("raise SystemExit('Flask is broken.')")
    ran = drill("--alert", "no-sweep", environ={"PYTHONPATH": str(tmp_path)})
    assert ran.exit_code == 1
    assert "fcapi serve did not start. Flask is broken." in ran.stderr
