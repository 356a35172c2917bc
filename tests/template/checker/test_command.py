"""`python -m local.template` lists the problems of a template."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from local.template.__main__ import main
from local.template.metadata import MetadataUnreadable
from local.template.subject import VendorData

PROJECT = Path(__file__).parents[3]


def test_every_problem_is_listed_with_its_line_and_the_command_fails(text: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yml"
    path.write_text(text.replace("AutoSplit", "AutoSplits", 1).replace("[POST]", "POST", 1), encoding="utf-8")
    result = CliRunner().invoke(main, [str(path)])
    assert result.exit_code == 1
    assert result.stdout == ""
    line = text[: text.index("AutoSplit")].count("\n") + 1
    assert f"template.yml: line {line}: Resources.LogStore.Properties.AutoSplits: expected one of" in result.stderr
    assert "Resources.HttpTriggerOfSend.Properties.TriggerConfig.methods: expected list" in result.stderr


def test_a_tool_gets_the_problems_as_json(text: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yml"
    path.write_text(text.replace("AutoSplit", "AutoSplits", 1), encoding="utf-8")
    result = CliRunner().invoke(main, [str(path), "--json"])
    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert document["template"] == "template.yml"
    assert "Resources.LogStore.Properties.AutoSplits: expected one of" in document["problems"][0]


def test_a_text_that_is_no_template_fails_the_command(tmp_path: Path) -> None:
    path = tmp_path / "broken.yml"
    path.write_text("- a list", encoding="utf-8")
    result = CliRunner().invoke(main, [str(path)])
    assert (result.exit_code, result.stderr) == (1, "broken.yml: line 1: the template must be a mapping of sections\n")


def test_the_command_says_when_the_vendors_data_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable() -> VendorData:
        raise MetadataUnreadable("the wheel ros-cdk-fc3 is missing")

    monkeypatch.setattr("local.template.__main__.vendor_data", unreadable)
    result = CliRunner().invoke(main)
    assert (result.exit_code, result.stderr) == (1, "Error: the wheel ros-cdk-fc3 is missing\n")


@pytest.mark.usefixtures("traced_processes")
def test_the_module_checks_our_template_as_a_command() -> None:
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error", "-m", "local.template"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "template.yml: 43 resources of 21 types, 14 rules: no problem found\n"
