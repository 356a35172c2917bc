"""What a template comes to for given parameters."""

import pytest

from local.template.document import read_template
from local.template.evaluation import with_defaults
from local.template.intrinsics import Reference, references
from tests.template.our_template import OurTemplate

TEMPLATE = """
Parameters:
  Name: {Type: String, Default: a-b}
  On: {Type: Boolean, Default: false}
  Empty: {Type: String, Default: ''}
  None: {Type: String}
Mappings:
  Sizes: {a-b: {Cpu: 1}}
Conditions:
  Yes: {'Fn::Equals': [a-b, {Ref: Name}]}
  No: {'Fn::Not': 'Yes'}
  Both: {'Fn::And': ['Yes', 'No']}
  Either: {'Fn::Or': ['Yes', 'No']}
  Odd: 5
"""


@pytest.mark.parametrize(
    ("condition", "holds"), [("Yes", True), ("No", False), ("Both", False), ("Either", True), ("Odd", False)]
)
def test_a_condition_holds_or_not(condition: str, *, holds: bool) -> None:
    assert with_defaults(read_template(TEMPLATE)).holds(condition) is holds


@pytest.mark.parametrize(
    ("value", "comes_to"),
    [
        ({"Ref": "Name"}, "a-b"),
        ({"Ref": "None"}, "<None>"),
        ({"Ref": "ALIYUN::Region"}, "cn-hangzhou"),
        ({"Fn::GetAtt": ["Queue", "QueueName"]}, "<Queue.QueueName>"),
        ({"Fn::Sub": "${Name}-${Queue.QueueName}-${ALIYUN::TenantId}"}, "a-b-<Queue.QueueName>-1234567890123456"),
        ({"Fn::Join": ["/", [{"Ref": "Name"}, "c"]]}, "a-b/c"),
        ({"Fn::Replace": [{"-": "_"}, {"Ref": "Name"}]}, "a_b"),
        ({"Fn::Str": 3}, "3"),
        ({"Fn::FindInMap": ["Sizes", {"Ref": "Name"}, "Cpu"]}, 1),
        ({"Fn::Select": ["1", ["a", "b"]]}, "b"),
        ({"Fn::Select": [2, ["a", "b"]]}, None),
        ({"Fn::Select": ["x", ["a", "b"]]}, None),
        ({"Fn::Select": ["0", {"Fn::GetAtt": ["Zones", "Ids"]}]}, "<Zones.Ids[0]>"),
        ({"Fn::If": ["Yes", 1, 2]}, 1),
        ({"Fn::If": ["No", 1, 2]}, 2),
        ([{"Ref": "ALIYUN::NoValue"}, 1], [1]),
        ({"kept": 1, "gone": {"Ref": "ALIYUN::NoValue"}}, {"kept": 1}),
        ({"Fn::Unknown": 1}, None),
    ],
)
def test_functions_are_worked_out(value: object, comes_to: object) -> None:
    assert with_defaults(read_template(TEMPLATE)).value(value) == comes_to


def test_with_everything_on_switches_are_true_and_empty_texts_are_something() -> None:
    everything = OurTemplate(read_template(TEMPLATE)).with_everything
    assert everything.value([{"Ref": "On"}, {"Ref": "Empty"}, {"Ref": "Name"}]) == [True, "<Empty>", "a-b"]


def test_conditions_refer_to_conditions() -> None:
    both = {"Fn::And": ["Yes", {"Fn::Not": "No"}]}
    assert list(references(both, ("Both",))) == [
        Reference(("Both",), "Yes", is_condition=True),
        Reference(("Both", "Fn::And", 1), "No", is_condition=True),
    ]
