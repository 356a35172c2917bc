"""The server on 127.0.0.1 that emulator and `fcapi serve` share, and what their control routes have in common."""
