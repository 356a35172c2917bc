"""The rules, by subject. Each yields the problems that it finds, and leaves to the others what they report."""
