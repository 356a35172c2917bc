"""Checks any ROS template offline: its structure, its references, and its properties against the vendor's metadata.

It knows nothing of our functions: the tests in `tests/template` say what `template.yml` must hold. Of ROS it knows the
sections, functions and pseudo parameters that `template.yml` uses, and reports any other.
"""
