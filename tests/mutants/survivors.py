"""The table of the survivors that are known, `survivors.md`."""

import re
from pathlib import Path

TABLE = Path(__file__).with_name("survivors.md")
_ROW = re.compile(r"^\| `([0-9a-f]{8})` \|.*\| *(\S.*?) *\|$", re.MULTILINE)


def known_survivors(table: Path = TABLE) -> dict[str, str]:
    """Return the keys of the mutants that may survive, each with the reason."""
    return dict(_ROW.findall(table.read_text(encoding="utf-8")))
