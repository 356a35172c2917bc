"""A stub cloud, and the commands run against it in this process, as make runs them."""

import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from local.account.deploy import main as deploy
from local.account.smoke import main as smoke
from local.emulator.server import KEY_PAIR
from tests.account.stub_cloud import ACCOUNT, REGION, StubCloud
from tests.integration.vendor import NO_AUTHORITIES

ROOT = Path(__file__).parents[2]
OUR_TEMPLATE = ROOT / "template.yml"
SHORT_TEMPLATE = ROOT / "tests" / "data" / "account_template.yml"

CREDENTIALS = {
    "ALIBABA_CLOUD_ACCESS_KEY_ID": KEY_PAIR.access_key_id,
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": KEY_PAIR.access_key_secret,
}
OUTPUTS = {
    "SendFunctionArn": f"acs:fc:{REGION}:{ACCOUNT}:functions/send_phone_verification",
    "ResendFunctionArn": f"acs:fc:{REGION}:{ACCOUNT}:functions/resend_pending_verifications",
    "DeadLetterQueueName": "phone-verification-dead-letters",
    "ParkedQueueName": "phone-verification-parked",
    "LogStoreName": f"phone-verification-{ACCOUNT}/functions",
}
"""What the stack's outputs say; the functions have the names that `fcapi serve` knows them by."""


@cache
def package_for(*runtimes: str) -> bytes:
    """Return an archive with a compiled library for each runtime, as a package has one for its own."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for runtime in runtimes:
            tag = runtime.removeprefix("python").replace(".", "")
            archive.writestr(zipfile.ZipInfo(f"pydantic_core/_pydantic_core.cpython-{tag}-x86_64-linux-gnu.so"), b"")
    return content.getvalue()


def key_of(package: bytes) -> str:
    """Return the name of a package in the bucket."""
    return f"phone-verification/{hashlib.sha256(package).hexdigest()}.zip"


@dataclass
class Project:
    """A folder that the commands run in, and the environment that they get."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    template: Path = SHORT_TEMPLATE

    @property
    def package(self) -> Path:
        return self.folder / "package.zip"

    def deploy(self, *arguments: str, **variables: str) -> Result:
        """Run what `make deploy` runs."""
        return self._run(deploy, "--template", str(self.template), *arguments, **variables)

    def smoke(self, *arguments: str, **variables: str) -> Result:
        """Run what `make smoke` runs."""
        return self._run(smoke, *arguments, **variables)

    def _run(self, command: Callable[..., object], *arguments: str, **variables: str) -> Result:
        environ: Mapping[str, str] = {**self.environ, **variables}
        file = str(self.folder / "deploy.toml")
        result = CliRunner().invoke(command, ["--file", file, *arguments], env=environ)  # type: ignore[arg-type] # a click.Command
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture(autouse=True)
def no_authorities(restored_environment: None) -> None:  # noqa: ARG001 -- it comes first
    """Spare the SDKs the certificates of the machine's authorities: the stub cloud has none."""
    os.environ.update(NO_AUTHORITIES)


@pytest.fixture
def cloud() -> Iterator[StubCloud]:
    """Run a cloud with an account, its directory, a bucket, and no stack yet."""
    with StubCloud() as cloud:
        cloud.ros.outputs = dict(OUTPUTS)
        cloud.queues.counts = {"phone-verification-dead-letters": (0, 0, 0), "phone-verification-parked": (0, 0, 0)}
        yield cloud


@pytest.fixture
def project(cloud: StubCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Return a folder with a package, and variables that deploy it to the stub cloud without asking."""
    for name in (
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "PARAMETERS",
        "STACK",
        "REGION",
        "BUCKET",
        "PROFILE",
        "NUMBER",
        "CONTACT",
    ):
        monkeypatch.delenv(name, raising=False)
    project = Project(tmp_path)
    project.package.write_bytes(package_for("python3.12"))
    project.environ = {
        **CREDENTIALS,
        "HOME": str(tmp_path),
        "ENDPOINT_URL": cloud.url,
        "STACK": "phone-verification",
        "REGION": REGION,
        "BUCKET": "code-of-ours",
        "PACKAGE": str(project.package),
        "YES": "1",
    }
    return project
