"""Builds what is deployed: one zip for each Python of Function Compute, the same bytes from the same commit."""
