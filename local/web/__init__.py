"""What the faces of the local cloud share: a server that keeps connections, and a guard for routes that control."""
