"""The page on performance has a row for the size that the template takes by default."""

from local.template.document import read_template
from local.template.evaluation import with_defaults
from tests.docs.tables import DOCS, ROOT, names_in, rows

PERFORMANCE = DOCS / "performance.md"


def test_the_default_size_is_one_that_was_measured() -> None:
    defaults = with_defaults(read_template((ROOT / "template.yml").read_text(encoding="utf-8"))).parameters
    measured = {vcpu: memory for vcpu, memory, *_ in rows(PERFORMANCE, "vCPU")}
    assert measured[f"{defaults['Cpu']:g}"] == f"{defaults['MemorySize']} MB"


def test_the_page_names_the_defaults() -> None:
    defaults = with_defaults(read_template((ROOT / "template.yml").read_text(encoding="utf-8"))).parameters
    named = {names_in(parameter)[0]: default for parameter, default, _ in rows(PERFORMANCE, "parameter")}
    assert named == {name: f"{defaults[name]:g}" for name in ("Cpu", "MemorySize")}
