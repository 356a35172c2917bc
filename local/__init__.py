"""What runs on a developer's machine only, and is never deployed."""
