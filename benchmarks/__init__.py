"""The cost of the functions next to that of other handlers: `python -m benchmarks`, or `make bench`."""
