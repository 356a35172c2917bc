"""Each sample event does what the documents say of it, on the real handler with its real bytes."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import resend_pending_verifications
import send_phone_verification
from local.commands.main import main
from local.emulator.server import Emulator
from tests.docs.tables import DOCS, ROOT, names_in, rows
from tests.handlers import LocalFunction

SEND, RESEND = send_phone_verification, resend_pending_verifications
SAMPLES: dict[str, tuple[Any, str]] = {
    # the function, and a part of its reply, its result or its failure
    "http": (SEND, '"statusCode": 200'),
    "direct": (SEND, "sent"),
    "direct_list": (SEND, "duplicate"),
    "invoke_api": (SEND, "sent"),
    "api_gateway": (SEND, '"statusCode": 200'),
    "http_cloud_native_gateway": (SEND, '"statusCode": 200'),
    "eventbridge": (SEND, "sent"),
    "smq_queue": (SEND, "sent"),
    "rocketmq": (SEND, "sent"),
    "kafka": (SEND, "sent"),
    "rabbitmq": (SEND, "sent"),
    "actiontrail": (SEND, "sent"),
    "smq_topic": (SEND, "sent"),
    "timer": (SEND, "sent"),
    "destination": (SEND, "sent"),
    "sweep": (RESEND, '"Sent": 1'),
    "sweep_dry_run": (RESEND, '"DryRun": true'),
    "refused_missing_contact_id": (SEND, "MissingParameter.ContactId"),
    "refused_masked_number": (SEND, "InvalidParameter.PhoneNumber"),
    "refused_broken_json": (SEND, "MalformedRequestBody"),
    "refused_unrecognized": (SEND, "UnrecognizedEvent"),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_does_what_the_documents_say(emulator: Emulator, sample: str) -> None:
    module, part = SAMPLES[sample]
    invoked = LocalFunction(emulator.url, module=module)((ROOT / "events" / f"{sample}.json").read_bytes())
    failure = getattr(invoked.error, "code", "")
    assert part in f"{json.dumps(invoked.result)} {failure}"
    assert len(emulator.directory.messages()) == (0 if "refused" in sample or "dry_run" in sample else 1)


def test_the_list_of_samples_says_which_function_each_is_for_and_what_comes_of_it() -> None:
    listed = CliRunner().invoke(main, ["events", "--json"]).stdout.splitlines()
    rows_by_name = {Path(row["event"]).stem: row for row in map(json.loads, listed)}
    assert rows_by_name.keys() == SAMPLES.keys()
    for name, (module, part) in SAMPLES.items():
        row = rows_by_name[name]
        assert row["function"] == module.__name__
        refused, dry_run = name.startswith("refused_"), name == "sweep_dry_run"
        expected = part if refused else "nothing sent: a dry run" if dry_run else "sent"
        assert row["outcome"].startswith(expected)
        assert ("duplicate" in row["outcome"]) == (part == "duplicate")


def test_every_sample_is_tried() -> None:
    missing = {path.stem for path in (ROOT / "events").iterdir()} ^ SAMPLES.keys()
    assert not missing, f"expected both in events/ and in SAMPLES of {__name__}: {missing}"


def test_every_further_sample_is_listed_with_its_outcome() -> None:
    listed = {names_in(sample)[0]: outcome for sample, _, outcome in rows(DOCS / "local.md", "sample")}
    for name, (_, part) in SAMPLES.items():
        if name.startswith("refused_"):
            assert f"`{part}`" in listed[f"events/{name}.json"]
