"""The fault matrix: what becomes of a request under each fault, by each way in and with each store.

`faults` lists them with what is expected, `bench` tries one, `table` makes docs/faults.md of what was observed
(`python -m tests.faults`), and the tests hold all three together.
"""
