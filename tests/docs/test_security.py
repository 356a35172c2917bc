"""SECURITY.md says what the tests hold."""

import re

from tests.docs.tables import ROOT
from tests.stores import RIGHTS


def test_the_rights_of_the_stores_user_are_those_that_tests_run_with() -> None:
    (line,) = re.findall(r"^ACL SETUSER .*$", (ROOT / "SECURITY.md").read_text(), re.MULTILINE)
    _, rights = line.split(" ~pv1:* -@all ")
    assert sorted(rights.split()) == sorted(RIGHTS)
