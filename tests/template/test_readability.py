"""The template can be read, by ROS and by people."""

from local.template.document import MalformedTemplate, read_template
from tests.template.our_template import OurTemplate


def test_the_template_can_be_read(text: str) -> None:
    problem = None
    try:
        read_template(text)
    except MalformedTemplate as error:
        problem = error
    assert problem is None, f"template.yml: {problem}"


def test_a_comment_above_each_resource_says_why_it_is_there(template: OurTemplate) -> None:
    lines = template.template.text.splitlines()
    for resource in template.resources():
        above = lines[template.template.line_of(resource.path) - 2]
        assert above.lstrip().startswith("#"), resource.expected("a comment above it that says why it is there")
