"""What a smoke test shows of the questions that the documents mark as inferred, as a report that can be sent in.

It holds no names of the account, no ids and no numbers.
"""

from collections.abc import Iterator
from typing import NamedTuple

from local.account.checks import SmokeTest
from local.account.findings import Finding


class Answered(NamedTuple):
    """A question that no public page settles, and what was seen."""

    question: str
    answer: str


def answers(test: SmokeTest, findings: list[Finding]) -> Iterator[Answered]:
    """Yield what was seen of each question."""
    by_check = {finding.check: finding for finding in findings}
    yield Answered(
        "Does the action resourcemanager:ListMessageContactVerifications on messagecontact/* permit the listing?",
        _yes_or_how(by_check["function 2, dry run"]),
    )
    yield Answered(
        "Does resourcemanager:SendPhoneVerificationForMessageContact on messagecontact/* permit the sending?",
        _yes_or_how(by_check["one text"]),
    )
    yield Answered("In which field of a log entry does a function's line lie?", _fields(test))
    yield Answered(
        "Is the request id that InvokeFunction answers the one in the function's log lines?",
        "yes" if by_check["log lines"].result == "ok" else _yes_or_how(by_check["log lines"]),
    )
    yield Answered("What form has it?", _forms(test))
    yield Answered("Which fields has the platform's own entry for an invocation?", _record_fields(test))
    for check, finding in by_check.items():
        if check.startswith("unsigned POST to"):
            yield Answered(
                f"Does the platform refuse an unsigned request at {check.removeprefix('unsigned POST to ')}?",
                finding.detail,
            )


def _yes_or_how(finding: Finding) -> str:
    if finding.result == "not checked here":
        return "not checked"
    return "yes" if finding.result == "ok" else "not shown: the check failed"


def _fields(test: SmokeTest) -> str:
    return ", ".join(sorted({line.field_name for line in test.lines})) or "not seen"


def _record_fields(test: SmokeTest) -> str:
    names = {name for record in test.records for name in record if not name.startswith("__")}
    return ", ".join(sorted(names)) or "not seen"


def _forms(test: SmokeTest) -> str:
    """Return the shapes of request ids: each run of hexadecimal digits as its length."""
    shapes = {"-".join(str(len(part)) for part in each.request_id.split("-")) for each in test.invoked.values()}
    return ", ".join(f"parts of {shape} characters" for shape in sorted(shapes)) or "not seen"
