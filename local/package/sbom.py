"""The bill of materials of a package, as CycloneDX JSON: the parts of the zip as they are in it.

- A library is a trimmed wheel. Its pedigree names the wheel with its hash, and says which files were left out.
- A stub is a component of ours, with a property that says which distribution it replaces.
- The compiled models are a component of ours, with a property that says which pydantic made their schemas.

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

from local.package.contents import FOR_BUILDING, MODELS, STUBBED, left_out_of, stub_of
from local.package.targets import Target

SBOM = "sbom.cdx.json"

_PYDANTIC = NormalizedName("pydantic")
_PYDANTIC_CORE = NormalizedName("pydantic-core")


def bill_of_materials(
    project: Mapping[str, Any], wheels: Mapping[NormalizedName, Path], folder: Path, target: Target
) -> bytes:
    """Return the bill of an application that is made of `wheels`, and lies in `folder`.

    `project` is the project table of its pyproject.toml.
    """
    components = {name: _component(project, name, wheels[name], folder) for name in sorted(wheels) if _goes_in(name)}
    needs = {name: _needed(_metadata(wheel), target) for name, wheel in wheels.items() if name not in STUBBED}
    # The models have what pydantic made of them, and need what runs it.
    needs[_PYDANTIC] = {_PYDANTIC_CORE}
    direct = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}

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
            *(
                {"ref": component["bom-ref"], "dependsOn": references(needs.get(name, ()))}
                for name, component in components.items()
            ),
        ],
    }
    return json.dumps(document, indent=1, sort_keys=True).encode() + b"\n"


def _goes_in(name: NormalizedName) -> bool:
    """Tell whether a distribution, or a part of ours that has its place, is in a package."""
    return name not in FOR_BUILDING or name == _PYDANTIC


def _component(project: Mapping[str, Any], name: NormalizedName, wheel: Path, folder: Path) -> dict[str, Any]:
    if name == _PYDANTIC:
        made_by = {"name": "phone-verification:schemas-made-by", "value": _purl(name, _metadata(wheel))}
        description = "The models of the functions, compiled to the schemas that pydantic makes of them."
        return {"type": "file", **_of_ours(project, folder, MODELS, MODELS, description, made_by)}
    if name in STUBBED:
        replaces = {"name": "phone-verification:replaces", "value": _purl(name, _metadata(wheel))}
        description = f"A stub that replaces {name}, which is not in the package."
        return {"type": "library", **_of_ours(project, folder, f"{name}-stub", stub_of(name), description, replaces)}
    return _library(name, wheel)


def _of_ours(
    project: Mapping[str, Any], folder: Path, name: str, file: str, description: str, about: dict[str, str]
) -> dict[str, Any]:
    return {
        "bom-ref": f"{project['name']}/{name}",
        "name": name,
        "version": project["version"],
        "description": description,
        "hashes": [_sha256(folder / file)],
        "licenses": [{"expression": project["license"]}],
        "properties": [about, {"name": "phone-verification:file", "value": file}],
    }


def _library(name: NormalizedName, wheel: Path) -> dict[str, Any]:
    metadata = _metadata(wheel)
    identity = {
        "type": "library",
        "name": str(name),
        "version": str(metadata["Version"]),
        "purl": _purl(name, metadata),
        "licenses": _licenses(metadata),
    }
    whole = {
        **identity,
        "hashes": [_sha256(wheel)],
        "properties": [{"name": "phone-verification:wheel", "value": wheel.name}],
    }
    left_out = " ".join(left_out_of(wheel))
    component = {
        **identity,
        "bom-ref": identity["purl"],
        "pedigree": {
            "ancestors": [whole],
            "notes": f"Trimmed: each file is as in the wheel; files that match these patterns are left out: {left_out}",
        },
    }
    compiled_in = _compiled_in(wheel)
    return {**component, "components": compiled_in} if compiled_in else component


def _purl(name: NormalizedName, metadata: Message) -> str:
    return f"pkg:pypi/{name}@{metadata['Version']}"


def _sha256(path: Path) -> dict[str, str]:
    return {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}


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
    """Return the code compiled into a wheel, by the bill of materials that the wheel may have (PEP 770)."""
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
