"""Sixty days of a directory in seconds: function 2 sweeps the emulator, and simulated people confirm, or never do.

The function is the real one, in this process; only its clock is virtual, and it is passed in. See `make demo`.
"""
