"""Hostile events: `corpus` and `mutations` make them, `target` runs a whole handler on one and judges what comes out.

`python -m tests.fuzz` runs as many as it is told to; `test_fuzz` is the short share that belongs to the suite.
"""
