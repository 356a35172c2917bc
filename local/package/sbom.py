"""The bill of materials of a package, as CycloneDX JSON: what is in it, in which version, with which licence and hash.

It holds no time and no random number, so that it is the same for the same package. Source of the format: the
specification of CycloneDX 1.6; of the names in `purl`, that of package URLs, type pypi.
"""

import hashlib
import json
import zipfile
from collections.abc import Collection, Mapping
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from local.package.targets import Target

SBOM = "sbom.cdx.json"


def bill_of_materials(
    project: Mapping[str, Any],
    wheels: Mapping[NormalizedName, Path],
    shipped: Collection[NormalizedName],
    target: Target,
) -> bytes:
    """Return the bill of an application that is made of `wheels` and ships some of them.

    `project` is the project table of its pyproject.toml.
    """
    components = {each: _component(each, wheel) for each, wheel in sorted(wheels.items()) if each in shipped}
    needs = {each: _needed(_metadata(wheel), target) & set(wheels) for each, wheel in wheels.items()}
    direct = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    # Where a part is not shipped, its place is taken by a part of ours.
    direct |= {need for each in direct - set(shipped) for need in needs.get(each, ())}

    def references(names: Collection[NormalizedName]) -> list[str]:
        return [components[each]["bom-ref"] for each in sorted(names) if each in components]

    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"expression": project["license"]}],
                "properties": [{"name": "phone-verification:runtime", "value": target.runtime}],
            }
        },
        "components": list(components.values()),
        "dependencies": [
            {"ref": project["name"], "dependsOn": references(direct)},
            *({"ref": components[each]["bom-ref"], "dependsOn": references(needs[each])} for each in components),
        ],
    }
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"


def _component(name: NormalizedName, wheel: Path) -> dict[str, Any]:
    metadata = _metadata(wheel)
    purl = f"pkg:pypi/{name}@{metadata['Version']}"
    component = {
        "type": "library",
        "bom-ref": purl,
        "name": str(name),
        "version": str(metadata["Version"]),
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(wheel.read_bytes()).hexdigest()}],
        "licenses": _licenses(metadata),
        "properties": [{"name": "phone-verification:wheel", "value": wheel.name}],
    }
    compiled_in = _compiled_in(wheel)
    return {**component, "components": compiled_in} if compiled_in else component


def _licenses(metadata: Message) -> list[dict[str, Any]]:
    if expression := metadata["License-Expression"]:
        return [{"expression": str(expression)}]
    # Before license expressions: free text, and classifiers.
    named = metadata["License"] or ", ".join(
        classifier.rpartition(" :: ")[2]
        for classifier in metadata.get_all("Classifier", [])
        if classifier.startswith("License ::")
    )
    return [{"license": {"name": str(named)}}]


def _compiled_in(wheel: Path) -> list[dict[str, Any]]:
    """Return what the bill that a wheel may bring of itself (PEP 770) says of the code that is compiled into it."""
    wanted = ("type", "name", "version", "purl", "hashes", "licenses")
    with zipfile.ZipFile(wheel) as opened:
        bills = [name for name in opened.namelist() if "/sboms/" in name and name.endswith(".json")]
        listed = [each for bill in bills for each in json.loads(opened.read(bill)).get("components", [])]
    shipped = [
        {field: each[field] for field in wanted if field in each}
        for each in listed
        if each.get("scope") != "excluded"  # was there for building only
    ]
    return sorted(shipped, key=lambda each: (each["name"], each.get("version", "")))


def _needed(metadata: Message, target: Target) -> set[NormalizedName]:
    requirements = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    return {canonicalize_name(each.name) for each in requirements if target.matches(each.marker)}


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith(".dist-info/METADATA"))
        return message_from_bytes(opened.read(name))
