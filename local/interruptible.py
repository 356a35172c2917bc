"""`python -m local.interruptible MODULE …`: runs a module as `python -m` does, but Ctrl+C leaves no traceback.

A module cannot do so itself: most of a command's first second is spent on imports.
"""

import runpy
import sys

INTERRUPTED = 130
"""The exit code of what Ctrl+C ended, as shells have it."""


def main() -> None:
    """Run the module that the first argument names, with the arguments after it."""
    del sys.argv[0]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
