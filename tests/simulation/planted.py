"""Bugs that are planted in a copy of the functions, to see that the simulation finds them.

Each has a seed whose schedule finds it; `make simulate PLANTED=1` searches for them anew.
"""

import argparse
import json
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

FUNCTIONS = Path(__file__).parents[2] / "functions"
LIBRARIES = ("requests", "pydantic", "greenlet", "concurrent.futures.process", "email.utils")


class Planted(NamedTuple):
    """One bug: what it is, the file and the text to change, and a seed that finds it."""

    name: str
    file: str
    old: str
    new: str
    seed: int


LEDGER, RECORD, MEMORY, BUDGET = (f"cooldown/{name}.py" for name in ("ledger", "record", "memory", "budget"))
SERVICE, OUTCOME = "phone_verification/service.py", "phone_verification/outcome.py"
TURNS, ERRORS = "phone_verification/sweep/turns.py", "resource_directory/errors.py"

PLANTED = (
    Planted("a claim is dated to its own making", LEDGER, "token, now + left,", "token, now,", 137),
    Planted(
        "a claim that is dated ahead is taken for one of now",
        RECORD,
        "return now - self.at < window",
        "return max(now - self.at, 0) < window",
        1246,
    ),
    Planted(
        "a claim is granted although the store is away",
        LEDGER,
        "            raise\n",
        '            return Claim(self._store, key, before=None, stored=b\'["claimed","",0,null,[]]\', granted_at=0)\n',
        11,
    ),
    Planted(
        "the window is measured by the instance's clock",
        "phone_verification/components.py",
        "    names = Names(",
        "    read = store.read\n    store.read = lambda keys: read(keys)._replace(now=now())\n    names = Names(",
        28,
    ),
    Planted(
        "a lost answer to a claim's command forgets the record before",
        LEDGER,
        "before=tried[before]",
        "before=None",
        1200,
    ),
    Planted(
        "a claim is given back whoever holds the record",
        LEDGER,
        "self._store.replace(key, stored, before, KEPT_SECONDS)\n            raise",
        "self._store.replace(key, *self._store.read([key]).values, before, KEPT_SECONDS)\n            raise",
        153,
    ),
    Planted(
        "a claim whose answer was late is not given back",
        LEDGER,
        "in tried.items():",
        "in ():",
        183,
    ),
    Planted(
        "a spend whose answer was lost is not given back",
        BUDGET,
        "            self._put_back(day, claim)  # it may have been taken\n",
        "",
        140,
    ),
    Planted(
        "a caller is told to wait until a claim's window ends",
        LEDGER,
        "min(record.at + window - now, window)",
        "record.at + window - now",
        1,
    ),
    Planted("a record is changed whatever it is", MEMORY, "if self._get(key, now) != old:", "if False:", 15),
    Planted(
        "a claim of unknown outcome is released",
        SERVICE,
        "_recorded(claim.record_unknown, outcome, channel, trace)",
        "_recorded(claim.release, outcome, channel, trace)",
        103,
    ),
    Planted(
        "a claim is kept although nothing was sent",
        LEDGER,
        "        self._store.replace(self._key, self._stored, self._before, KEPT_SECONDS)\n",
        "",
        5,
    ),
    Planted(
        "an unknown outcome is dated to its claim",
        LEDGER,
        "record = Record(state, self.token, now,",
        "record = Record(state, self.token, self.granted_at,",
        37,
    ),
    Planted("a killed holder's claim is no text", RECORD, 'if self.state == "claimed"', 'if self.state == "?"', 15),
    Planted(
        "a lost answer is retried",
        ERRORS,
        '    code = "NoAnswer"\n',
        '    code = "NoAnswer"\n    retries_in_place = UNLIMITED\n',
        41,
    ),
    Planted(
        "an answer of no use is taken for a refusal",
        ERRORS,
        '    code = "UnusableAnswer"\n',
        '    code = "UnusableAnswer"\n    surely_not_sent = True\n',
        103,
    ),
    Planted(
        "a used nonce is taken for a refusal",
        ERRORS,
        '    code = "SignatureNonceUsed"\n',
        '    code = "SignatureNonceUsed"\n    surely_not_sent = True\n',
        137,
    ),
    Planted("an unknown outcome is acknowledged", OUTCOME, 'frozenset({"sent",', 'frozenset({"unknown", "sent",', 12),
    Planted(
        "a number of unknown outcome is taken for a duplicate",
        OUTCOME,
        'case "sent":',
        'case "sent" | "unknown":',
        51,
    ),
    Planted(
        "a spend that runs twice counts twice", MEMORY, "tokens | {token}", 'tokens | {f"{token} {len(tokens)}"}', 37
    ),
    Planted(
        "a refund goes to another day",
        BUDGET,
        "        self._put_back(self._day_of(account_id, claim), claim)",
        '        self._put_back(self._names.of(account_id, "texts", "0"), claim)',
        37,
    ),
    Planted(
        "what was not sent is not refunded",
        SERVICE,
        "                self._budget.give_back(context.account_id, claim)\n",
        "                pass\n",
        458,
    ),
    Planted(
        "what is unknown is refunded",
        SERVICE,
        "            if not error.surely_not_sent:\n",
        "            self._budget.give_back(context.account_id, claim)\n            if not error.surely_not_sent:\n",
        144,
    ),
    Planted(
        "an asynchronous request over HTTP is free",
        "fcapi/events/http_envelope.py",
        "over_http=True",
        'over_http=request.reply == "http"',
        5,
    ),
    Planted(
        "one channel's refusal ends the run",
        TURNS,
        "if queue.wants_time()]:",
        "if queue.wants_time() and not any(each.report.is_over for each in queues)]:",
        9,
    ),
    Planted(
        "channels take turns, however long each takes",
        TURNS,
        "(queue.seconds, queue.turns)",
        "queue.turns",
        155,
    ),
    Planted(
        "the record of a mail has the key of the text's",
        SERVICE,
        "subject_of(context.account_id, contact_id, target)",
        'subject_of(context.account_id, contact_id, "")',
        0,
    ),
    Planted(
        "what fails of mails is hidden",
        "phone_verification/sweep/report.py",
        "report.failed_by_code() for report in self.channels)",
        "report.failed_by_code() for report in self.channels[:1])",
        22,
    ),
    Planted(
        "an address is mailed as often as a number may be texted",
        "phone_verification/sweep/listing.py",
        "elif standing.texts >= report.limits.per_target:",
        "elif standing.texts >= self._reports[0].limits.per_target:",
        3,
    ),
    Planted(
        "the sweep has no window",
        "phone_verification/sweep/run.py",
        "send_context(window=invocation.settings.sweep_cooldown_seconds)",
        "send_context(window=0)",
        1,
    ),
)


def main() -> int:
    """Try each bug, and return the exit code: 1 if one was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.planted", description=__doc__)
    parser.add_argument("--search", type=int, metavar="N", help="search the first N seeds, not the ones that are known")
    arguments = parser.parse_args()
    for library in LIBRARIES:
        import_module(library)
    missed = 0
    with ThreadPoolExecutor(os.cpu_count()) as tries:
        for planted, found in zip(PLANTED, tries.map(lambda each: _try(each, arguments.search), PLANTED), strict=True):
            missed += found is None
            line = {"bug": planted.name, "seed": found and found[0], "finding": found and found[1]}
            print(json.dumps(line), flush=True)  # noqa: T201 -- this is a command
    return 1 if missed else 0


def _try(planted: Planted, search: int | None) -> tuple[int, str] | None:
    seeds = range(planted.seed, planted.seed + 1) if search is None else range(search)
    context = get_context("fork")  # the libraries are there already, of our own code nothing is
    receiving, sending = context.Pipe(duplex=False)
    with TemporaryDirectory() as folder:
        process = context.Process(target=_find, args=(planted, Path(folder), seeds, sending))
        process.start()
        sending.close()
        found: tuple[int, str] | None = receiving.recv()
        process.join()
    return found


def _find(planted: Planted, folder: Path, seeds: range, result: Connection) -> None:
    copy = folder / "functions"
    shutil.copytree(FUNCTIONS, copy)
    source = (copy / planted.file).read_text()
    if source.count(planted.old) != 1:
        raise RuntimeError(f"{planted.name}: its text is {source.count(planted.old)} times in {planted.file}")
    (copy / planted.file).write_text(source.replace(planted.old, planted.new))
    sys.path.insert(0, str(copy))
    result.send(import_module("tests.simulation.search").first_found(seeds))


if __name__ == "__main__":
    sys.exit(main())
