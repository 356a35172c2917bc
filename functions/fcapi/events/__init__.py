"""Everything that opens an event: from the bytes that invoke a function to its deliveries.

`opening.open_event` is the way in. `matchers` tell the triggers' envelopes apart, each module in `triggers` reads one
envelope, and `deliveries` has the values that an opened event consists of.
"""
