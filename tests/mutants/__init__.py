"""Mutation tests: small changes of `functions/`, each of which some test must notice; see docs/mutants.md.

`sites` finds what can be changed, `regexes` what can be changed in a regular expression, `mutant` is one change.
`copies` makes a copy of the project with an environment of its own, so that the processes that tests start run the
copy, too. `recording` knows which test runs which line, and `selection` which tests have to notice a mutant. `runs` has
the mutants tried in the copies, where `trial` forks a warm process for each. `survivors` reads the table of those that
are known.
"""
