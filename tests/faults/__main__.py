"""`python -m tests.faults`: tries every fault and writes docs/faults.md."""

from tests.faults.bench import CELLS, bench
from tests.faults.faults import FAULTS
from tests.faults.table import FILE, by_cell, document


def main() -> None:
    """Observe all cells and write down what was seen."""
    with bench() as shared:
        seen = {fault.name: by_cell([shared.observe(fault, *cell) for cell in CELLS]) for fault in FAULTS}
    FILE.write_text(document(seen), encoding="utf-8")


if __name__ == "__main__":
    main()
