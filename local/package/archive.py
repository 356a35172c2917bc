"""Zips a folder so that the same files give the same bytes: names sorted, times, permissions and compression fixed."""

import zipfile
from pathlib import Path

_FIRST_TIME_OF_ZIP = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_FILE = 0o100644
_COMPRESSION_LEVEL = 6


def write_zip(folder: Path, archive: Path) -> int:
    """Write every file below `folder` into `archive`, with names from its root; return how many there are."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w") as opened:
        for name in names:
            entry = zipfile.ZipInfo(name, _FIRST_TIME_OF_ZIP)
            entry.create_system = _UNIX
            entry.external_attr = _READABLE_FILE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(entry, (folder / name).read_bytes(), compresslevel=_COMPRESSION_LEVEL)
    return len(names)
