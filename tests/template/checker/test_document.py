"""A text that cannot be read as a template is refused with its line."""

import pytest

from local.template.document import MalformedTemplate, read_template
from local.template.subject import VendorData
from local.template.validation import validate


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("Parameters: [", "not YAML"),
        ("- a list", "line 1: the template must be a mapping"),
        ("", "line 1: the template must be a mapping"),
        ("Resources:\n  A: {}\n  A: {}\n", "line 3: Resources.A is there twice"),
        ("Resources:\n  A: &a {}\n  B: *a\n", "line 2: Resources.B is there twice, by & and"),
        ("Resources:\n  A: &a x\n  B: *a\n", "line 2: Resources.B is there twice, by & and"),
        ("Resources:\n  [A]: {}\n", "line 2: Resources has a key that is not a text"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_its_line(broken: str, says: str, vendor: VendorData) -> None:
    with pytest.raises(MalformedTemplate, match=f"^{says}"):
        read_template(broken)
    assert validate(broken, vendor)[1]
