"""`python -m tests.mutants`: change the functions in small ways, and list the changes that no test notices."""

import argparse
import json
import os
import random
import secrets
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from tests.mutants.mutant import Mutant
from tests.mutants.recording import recorded_tests
from tests.mutants.runs import Result, Trial, results_of
from tests.mutants.selection import Selection
from tests.mutants.sites import sites_of
from tests.mutants.survivors import known_survivors

PROJECT = Path(__file__).parents[2]


def main() -> int:
    """Try mutants, say what became of them, and return the exit code: 1 if one survived that is not known to."""
    arguments = _arguments()
    # A shell has what it runs in the background ignore Ctrl+C; so would the processes that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    seed = secrets.randbelow(2**32) if arguments.seed is None else arguments.seed
    functions = PROJECT / "functions"
    sources = {path.relative_to(functions).as_posix(): path.read_bytes() for path in sorted(functions.rglob("*.py"))}
    if unknown := [each for each in arguments.modules if not any(path.startswith(each) for path in sources)]:
        _say(f"No file of functions/ has a path that begins with {', '.join(unknown)}.")
        return 2
    _say(f"mutants of seed {seed}; Ctrl+C ends it with the totals")
    selection = Selection(sources, recorded_tests(PROJECT, arguments.jobs, _say))
    started = time.monotonic()
    mutants = islice(sample(sources, seed, arguments.modules), arguments.count)
    trials = _trials(mutants, sources, selection, started + arguments.seconds)
    known = known_survivors()
    results: list[Result] = []
    try:
        for result in results_of(PROJECT, trials, arguments.jobs):
            results.append(result)
            key = result.mutant.key(sources[result.mutant.module])
            if result.has_survived and key not in known:
                _say(_described(result, sources))
            if len(results) % 50 == 0:
                _say(f"{len(results)} mutants in {time.monotonic() - started:.0f} s")
    except KeyboardInterrupt:
        _say("interrupted")
    return _report(results, sources, known, seed, as_json=arguments.json)


def sample(sources: Mapping[str, bytes], seed: int, modules: Sequence[str] = ()) -> Iterator[Mutant]:
    """Yield mutants in an order that the seed decides, one for each place in the modules whose paths begin so."""
    chance = random.Random(seed)  # noqa: S311 -- a sample, not a secret
    sites = [
        site
        for module, source in sources.items()
        if module.startswith(tuple(modules) or "")
        for site in sites_of(module, source)
    ]
    chance.shuffle(sites)
    for site in sites:
        mutant = chance.choice(site)
        if mutant.is_valid(sources[mutant.module]):
            yield mutant


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--seed", type=int, help="which mutants (default: others each time)")
    parser.add_argument("--count", type=int, help="try so many at most")
    parser.add_argument("--seconds", type=float, default=600, help="begin no other after so long (default: 600)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="how many at the same time (default: one for each core)"
    )
    parser.add_argument("--json", action="store_true", help="print what became of each as one line of JSON")
    parser.add_argument("modules", nargs="*", help="beginnings of paths within functions/, such as cooldown/")
    return parser.parse_args()


def _trials(
    mutants: Iterator[Mutant], sources: Mapping[str, bytes], selection: Selection, ends: float
) -> Iterator[Trial]:
    for mutant in mutants:
        if time.monotonic() > ends:
            return
        yield mutant, sources[mutant.module], selection.tests_for(mutant)


def _report(
    results: Sequence[Result], sources: Mapping[str, bytes], known: Mapping[str, str], seed: int, *, as_json: bool
) -> int:
    keys = [result.mutant.key(sources[result.mutant.module]) for result in results]
    survived = [(key, result) for key, result in zip(keys, results, strict=True) if result.has_survived]
    unknown = [result for key, result in survived if key not in known]
    killed = len(results) - len(survived)
    if as_json:
        entries = [
            {
                "key": key,
                "where": f"functions/{result.mutant.module}",
                "scope": result.mutant.scope,
                "kind": result.mutant.kind,
                "verdict": result.verdict,
                "known": known.get(key),
                "by": result.by,
                "tests": result.tests,
                "diff": result.mutant.diff(sources[result.mutant.module]),
            }
            for key, result in zip(keys, results, strict=True)
        ]
        totals = {"seed": seed, "mutants": len(results), "killed": killed, "survived": len(unknown)}
        print(json.dumps({**totals, "known": len(survived) - len(unknown), "results": entries}))  # noqa: T201 -- a command
        return 1 if unknown else 0
    lines = [f"known survivor {key}: {known[key]}" for key, result in survived if key in known]
    if gone := sorted(known.keys() - _all_keys(sources)):
        lines.append(f"no longer a mutant, so take it out of survivors.md: {', '.join(gone)}")
    verdicts = Counter(result.verdict for result in results)
    lines.append(
        f"{len(results)} mutants of seed {seed}: {killed} killed, {verdicts['timeout']} of them by time;"
        f" {len(survived) - len(unknown)} known survivors; {len(unknown)} survived,"
        f" {verdicts['uncovered']} of all survivors in code that no test runs"
    )
    print("\n".join(lines))  # noqa: T201 -- a command
    return 1 if unknown else 0


def _all_keys(sources: Mapping[str, bytes]) -> set[str]:
    return {
        mutant.key(source) for module, source in sources.items() for site in sites_of(module, source) for mutant in site
    }


def _described(result: Result, sources: Mapping[str, bytes]) -> str:
    source = sources[result.mutant.module]
    tests = f"{result.tests} tests" + (f", {result.left_out} slower ones left out" if result.left_out else "")
    return f"survived {result.mutant.key(source)} ({result.mutant.kind}; {tests})\n{result.mutant.diff(source)}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 -- a command


if __name__ == "__main__":
    sys.exit(main())
