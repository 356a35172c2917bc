"""The rules, by what they are about. Each yields the problems that it finds; none minds what another one says."""
