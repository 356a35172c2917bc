"""Checks `template.yml` without a cloud: against the vendor's typed metadata, and against what our code needs."""
