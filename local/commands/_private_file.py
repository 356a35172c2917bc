"""Writes files that only their owner may read: a dead letter has whole phone numbers in it."""

import os
import stat
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a text to a file of mode 0600, also if the file was there with another mode.

    Raises:
        OSError: it cannot be written.

    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):  # not a terminal, for one
            os.fchmod(descriptor, 0o600)
        file.write(text)
