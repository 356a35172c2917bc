"""Templates with a value in any place that has no sense there."""

import copy
from typing import Any

from hypothesis import strategies as st

from local.template.document import Template

ODD = [5, "x", [], {}, None, {"Ref": []}, [{}], {"Fn::GetAtt": ["LogStore", {}]}, {"Fn::Sub": "${LogStore.}"}]

positions = st.integers(min_value=0, max_value=1_000_000)
odd_values = st.sampled_from(ODD)


def with_odd_value(template: Template, position: int, odd: object) -> Template:
    """Return a template with an odd value in one of its places, counted from the top and around again."""
    paths = [path for path in template.lines if path]
    *way, last = paths[position % len(paths)]
    changed: Any = copy.deepcopy(template.data)
    place = changed
    for step in way:
        place = place[step]
    place[last] = odd
    return Template(template.text, changed, template.lines)
