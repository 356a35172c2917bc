"""The vendor's metadata is read whole: its scripts against its own assemblies, and what is not understood raises."""

import json
import tarfile
from collections.abc import Mapping
from typing import Any

import pytest

from local.template import metadata as module
from local.template.document import read_template
from local.template.metadata import Metadata, MetadataUnreadable, archive_of
from local.template.sdk_models import TRIGGER_CONFIGS, SdkModels
from local.template.shapes import Shape, ValueType
from local.template.subject import VendorData

SERVICES = ("apig", "fc3", "mns", "ram", "ros", "sls")


@pytest.fixture(scope="session")
def assemblies() -> Mapping[str, Mapping[str, Any]]:
    """Return the types of the vendor's assemblies, by their names."""
    types: dict[str, Mapping[str, Any]] = {}
    for service in SERVICES:
        with tarfile.open(archive_of(service)) as archive:
            member = archive.extractfile("package/.jsii")
            assert member is not None
            types.update(json.loads(member.read())["types"])
    return types


def name_in_assembly(resource_type: str) -> str:
    """Return the name of a resource type's class: `@alicloud/ros-cdk-apig.datasource.RosEnvironments`."""
    space, service, kind = resource_type.split("::")
    folder = "datasource." if space == "DATASOURCE" else ""
    return f"@alicloud/ros-cdk-{service.lower()}.{folder}Ros{kind}"


def said(shape: Shape) -> dict[str, bool]:
    """Return which properties there are, and whether each is required; capitals differ between the two sources."""
    return {name.lower(): wanted.required for name, wanted in shape.items()}


def test_the_scripts_say_of_properties_what_the_assemblies_say(
    text: str, vendor: VendorData, assemblies: Mapping[str, Mapping[str, Any]]
) -> None:
    names = {resource["Type"] for _, resource in read_template(text).resources()}
    assert len(names) == 21
    for name in names:
        found = vendor.metadata.resource_type(name)
        assert found is not None
        properties = assemblies[f"{name_in_assembly(name)}Props"]["properties"]
        assert said(found.properties) == {item["name"].lower(): not item.get("optional", False) for item in properties}


def test_the_scripts_say_of_attributes_what_the_assemblies_say(
    text: str, vendor: VendorData, assemblies: Mapping[str, Mapping[str, Any]]
) -> None:
    for name in {resource["Type"] for _, resource in read_template(text).resources()}:
        found = vendor.metadata.resource_type(name)
        assert found is not None
        members = assemblies[name_in_assembly(name)].get("properties", [])
        attributes = {item["name"].lower() for item in members if item["name"].startswith("attr")}
        assert {f"attr{attribute}".replace(".", "").lower() for attribute in found.attributes} == attributes


def test_limits_types_and_spelling_are_read(vendor: VendorData) -> None:
    project = vendor.metadata.resource_type("ALIYUN::SLS::Project")
    config = vendor.metadata.resource_type("ALIYUN::FC3::AsyncInvokeConfig")
    assert project is not None
    assert config is not None
    assert project.properties["Name"].limits.pattern == "^[a-zA-Z0-9-]+$"
    assert (project.properties["Name"].limits.min_length, project.properties["Name"].limits.max_length) == (3, 63)
    assert project.properties["DataRedundancyType"].limits.allowed == ("LRS", "ZRS")
    assert config.properties["MaxAsyncRetryAttempts"].limits.maximum == 8
    destination = config.properties["DestinationConfig"].type.shape
    assert destination is not None
    assert destination["OnFailure"].type.kind == "object"


def test_a_type_that_the_vendor_does_not_know_is_none() -> None:
    assert Metadata().resource_type("ALIYUN::FC3::Trigerr") is None
    assert Metadata().resource_type("AWS::Lambda::Function") is None
    assert Metadata().resource_type("DATASOURCE::APIG::Environmental") is None


def test_a_service_without_installed_metadata_says_which_wheel_is_missing() -> None:
    with pytest.raises(MetadataUnreadable, match="ros-cdk-ecs"):
        Metadata().resource_type("ALIYUN::ECS::Instance")


def test_a_script_that_a_wheel_has_not_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "archive_of", lambda _: archive_of("fc3"))
    with pytest.raises(MetadataUnreadable, match=r"ros-cdk-ecs has no datasource/ecs\.generated\.js"):
        Metadata().resource_type("DATASOURCE::ECS::Instances")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "'reservedConcurrency', ros.validateRange",
            "'reservedConcurrency', ros.validateSpan",
            "ros.validateSpan is not",
        ),
        (
            "ros.validateNumber)(properties.reserved",
            "ros.validateFloat)(properties.reserved",
            "ros.validateFloat is not",
        ),
        (
            "errors.collect(ros.propertyValidator('reserved",
            "errors.add(ros.propertyValidator(`reserved",
            "another form",
        ),
        ("'ReservedConcurrency': ros.", "[name]: ros.", "the renderer rosConcurrencyConfigProps is of another form"),
        ("return rosConcurrencyConfigPropsToRosTemplate(props", "return render(props", "has no renderer"),
    ],
)
def test_metadata_of_another_form_is_refused(old: str, new: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with tarfile.open(archive_of("fc3")) as archive:
        member = archive.extractfile("package/lib/fc3.generated.js")
        assert member is not None
        script = member.read().decode()
    assert old in script
    monkeypatch.setattr(module, "_script_of", lambda *_: script.replace(old, new))
    with pytest.raises(MetadataUnreadable, match=says):
        Metadata().resource_type("ALIYUN::FC3::ConcurrencyConfig")


@pytest.mark.parametrize("model", [model for model in TRIGGER_CONFIGS.values() if model])
def test_each_triggers_model_is_read(vendor: VendorData, model: str) -> None:
    assert vendor.models.shape(model)


def test_keys_and_types_of_a_model_are_read(vendor: VendorData) -> None:
    http = vendor.models.shape("HTTPTriggerConfig")
    assert set(http) == {"authConfig", "authType", "corsConfig", "disableURLInternet", "methods"}
    assert http["methods"].type == ValueType("list", item=ValueType("string"))
    assert http["disableURLInternet"].type == ValueType("boolean")


def test_a_model_that_the_sdk_has_not_is_refused(vendor: VendorData) -> None:
    with pytest.raises(MetadataUnreadable, match="no model SmtpTriggerConfig"):
        vendor.models.shape("SmtpTriggerConfig")


def test_an_sdk_that_is_not_installed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.template.sdk_models.find_spec", lambda _: None)
    with pytest.raises(MetadataUnreadable, match="alibabacloud-fc20230330"):
        SdkModels()


def model(arguments: str, *assigned: str) -> str:
    """Return the source of a model with these arguments, whose from_map does this for the keys a, b and so on."""
    lines = [f"  if m.get('{key}') is not None: {statement}" for key, statement in zip("ab", assigned, strict=False)]
    return "\n".join(["class A:", f" def __init__(self, {arguments}): ...", " def from_map(self, m):", *lines])


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (model("a: str, b: str", "self.a = m"), "the model A is of another form"),
        (model("a: str", "print(m)"), "the model A is of another form"),
        (model("a: bytes", "self.a = m"), "the type bytes is not known"),
    ],
)
def test_a_model_of_another_form_is_refused(source: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {"__init__": "from ._a import A\n", "_a": source}
    monkeypatch.setattr(SdkModels, "_read", lambda _, module: sources[module])
    with pytest.raises(MetadataUnreadable, match=says):
        SdkModels().shape("A")


def test_whole_and_fractional_numbers_of_a_model_are_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = {"__init__": "from ._a import A\n", "_a": model("a: int, b: float", "self.a = m", "self.b = m")}
    monkeypatch.setattr(SdkModels, "_read", lambda _, module: sources[module])
    assert {wanted.type for wanted in SdkModels().shape("A").values()} == {ValueType("number")}
