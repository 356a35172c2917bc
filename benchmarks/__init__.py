"""What the functions cost, beside what one would write instead: `python -m benchmarks`, or `make bench`."""
