"""One instance of the function with many threads: events come on stdin, log lines and answers go to stdout."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import send_phone_verification
from fcapi.errors import EventFailed
from fcapi.testing import make_context

THREADS = 16


def main() -> None:
    """Invoke the function with the event of each line, `{"Key": …, "Event": …}`, and print what it answers."""
    send_phone_verification.initialize(make_context())
    with ThreadPoolExecutor(THREADS) as threads:
        for line in sys.stdin:
            threads.submit(answer, json.loads(line))


def answer(asked: dict[str, Any]) -> None:
    """Print one line; whatever else than a reply, a result or a failed event comes of it is an answer, too."""
    try:
        result: Any = send_phone_verification.handler(json.dumps(asked["Event"]).encode(), make_context())
        given = f"{result['statusCode']} {result['body']}" if "statusCode" in result else json.dumps(result)
        done = result.get("statusCode", 200) == 200
    except EventFailed as failed:
        given, done = f"{failed.code} {failed}", False
    except BaseException as bug:  # noqa: BLE001 -- a thread must not end without an answer
        given, done = repr(bug), False
    line = json.dumps({"message": "answer", "key": asked["Key"], "done": done, "given": given})
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
