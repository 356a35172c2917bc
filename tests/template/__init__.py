"""What `template.yml` must hold: each `test_*.py` in this folder states some of it, and `make validate` runs them.

`mutations` proves that these tests notice what breaks the template; `checker` has the tests of `local/template`.
"""
