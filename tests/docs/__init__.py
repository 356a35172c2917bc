"""The documents are held against the code: each table says what the code says, and each command in them exists."""
