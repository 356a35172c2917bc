"""Compiles every module below a folder, next to its source; run as a script by the Python that the bytecode is for.

It imports nothing of `local`. The bytecode carries no time (PEP 552, unchecked hash), so it stays valid whatever times
unpacking gives the files; and it names each source where Function Compute puts it, so that a trace finds its lines.
"""

import py_compile
import sys
from pathlib import Path

CODE_ROOT = Path("/code")
"""Where a function's code lies. Source: the vendor's page "Code development: Python" of Function Compute."""


def compile_all(folder: Path) -> None:
    """Compile all that is in `folder`.

    Raises:
        py_compile.PyCompileError: a module is not Python of this version.

    """
    for source in sorted(folder.rglob("*.py")):
        py_compile.compile(
            str(source),
            dfile=str(CODE_ROOT / source.relative_to(folder)),
            doraise=True,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )


if __name__ == "__main__":
    compile_all(Path(sys.argv[1]))
