"""The real functions behind the real endpoints: signed or not, frozen or not, from source or from a package."""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import requests
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest

from local.package import PackageError
from local.package.targets import TARGETS
from local.serve.declared import TEMPLATE
from local.serve.packaged_code import interpreter_for, unpacked
from tests.clouds import SECONDS, Served, serving, write_both
from tests.handlers import REQUEST
from tests.integration.vendor import KEY, SECRET
from tests.packages import Package
from tests.probes import eventually


@pytest.fixture(scope="module")
def cloud() -> Iterator[Served]:
    with serving(signed=True) as cloud:
        yield cloud


# Signed requests.


def signed(*, secret: str = SECRET, body_hash: str = "", fraction: str = "", **headers: str) -> dict[str, str]:
    """Return what the vendor's page on signed requests has a caller send, by the vendor's own signer."""
    request = DaraRequest()
    request.method, request.pathname, request.query = "POST", "/", {}
    date = datetime.now(timezone.utc).strftime(f"%Y-%m-%dT%H:%M:%S{fraction}Z")
    request.headers = {"x-acs-date": date, "x-acs-security-token": "", **headers}
    authorization = Utils.get_authorization(request, "ACS3-HMAC-SHA256", body_hash, KEY, secret)
    return {**request.headers, "authorization": authorization}


def post(cloud: Served, headers: dict[str, str]) -> tuple[int, Any]:
    answered = requests.post(cloud.endpoints["http_trigger"], json=REQUEST, headers=headers, timeout=SECONDS)
    return answered.status_code, answered.json()


@pytest.mark.parametrize("fraction", ["", ".123", ".123456", ".123456789"], ids=["seconds", "ms", "us", "ns"])
def test_a_request_signed_as_the_vendors_page_has_it_passes(cloud: Served, fraction: str) -> None:
    """Its four callers date a request by their languages' own clocks, two of them with a fraction of a second."""
    status, document = post(cloud, signed(fraction=fraction))
    assert (status, list(document)) == (200, ["RequestId"])


def test_a_token_that_is_sent_must_be_the_right_one(cloud: Served) -> None:
    assert post(cloud, signed(**{"x-acs-security-token": "local-token"}))[0] == 200
    assert post(cloud, signed(**{"x-acs-security-token": "another-token"}))[0] == 403


def test_a_signed_hash_of_the_body_passes(cloud: Served) -> None:
    body_hash = hashlib.sha256(json.dumps(REQUEST).encode()).hexdigest()
    headers = signed(body_hash=body_hash, **{"x-acs-content-sha256": body_hash})
    assert post(cloud, headers)[0] == 200


@pytest.mark.parametrize("missing", ["x-acs-date", "authorization"])
def test_a_request_without_date_or_signature_is_answered_in_the_platforms_words(cloud: Served, missing: str) -> None:
    headers = signed()
    del headers[missing]
    status, document = post(cloud, headers)
    assert (status, document["Message"]) == (400, "required HTTP header Date was not specified")


@pytest.mark.parametrize("fraction", [".", ".1234567890", ",123"])
def test_a_date_that_is_none_is_refused(cloud: Served, fraction: str) -> None:
    assert post(cloud, signed(fraction=fraction))[0] == 403


def test_a_request_signed_with_another_secret_is_refused(cloud: Served) -> None:
    status, document = post(cloud, signed(secret="other"))
    assert (status, document["Code"]) == (403, "SignatureNotMatch")


def test_a_nonce_that_is_sent_may_be_used_once(cloud: Served) -> None:
    headers = signed(**{"x-acs-signature-nonce": "once"})
    assert post(cloud, headers)[0] == 200
    assert post(cloud, headers)[0] == 403


def test_a_hash_of_the_body_that_is_sent_must_be_right(cloud: Served) -> None:
    assert post(cloud, {**signed(), "x-acs-content-sha256": "0" * 64})[0] == 403


def test_a_date_that_is_not_signed_is_refused(cloud: Served) -> None:
    headers = signed()
    headers["authorization"] = headers["authorization"].replace("x-acs-date;", "")
    assert post(cloud, headers)[0] == 403


def test_the_gateways_before_it_need_no_signature(cloud: Served) -> None:
    for gateway in ("api_gateway", "cloud_native_gateway"):
        url = f"{cloud.endpoints[gateway]}/phone-verifications"
        assert requests.post(url, json=REQUEST, timeout=SECONDS).status_code == 200


# Over HTTP.


def test_a_body_in_chunks_is_the_same_body() -> None:
    with serving() as cloud:
        body = json.dumps(REQUEST).encode()
        headers = {"Content-Type": "application/json"}
        for chunks in ([body], [body[:5], body[5:]]):
            answered = requests.post(
                cloud.endpoints["http_trigger"], data=iter(chunks), headers=headers, timeout=SECONDS
            )
            assert answered.status_code == 200
        assert len(cloud.texts()) == 1


def test_a_request_that_wants_no_answer_is_done_all_the_same() -> None:
    with serving() as cloud:
        headers = {"X-Fc-Invocation-Type": "Async"}
        answered = requests.post(cloud.endpoints["http_trigger"], json=REQUEST, headers=headers, timeout=SECONDS)
        assert answered.status_code == 202
        cloud.finish()
        assert len(cloud.texts()) == 1


def test_a_function_that_cannot_start_says_why_to_the_caller_and_in_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_ATTEMPTS", "many")
    with serving() as cloud:
        answered = requests.post(cloud.endpoints["http_trigger"], json=REQUEST, timeout=SECONDS)
        assert answered.status_code == 502
        assert answered.headers["X-Fc-Error-Type"] == "UnhandledInvocationError"
        assert "MAX_ATTEMPTS" in answered.json()["errorMessage"]
        assert "MAX_ATTEMPTS" in "".join(cloud.lines)


def test_a_function_past_its_time_limit_is_ended_and_the_next_request_is_served(tmp_path: Path) -> None:
    template = tmp_path / "template.yml"
    template.write_text(TEMPLATE.read_text().replace("      Timeout: 60\n", "      Timeout: 1\n"))
    write_both(tmp_path, 'if b"sleep" in event: time.sleep(60)\nreturn "done"')
    with serving(tmp_path, template=template) as cloud:
        late = cloud.invoke("sleep")
        assert late["Failed"] is True
        assert json.loads(late["Payload"])["errorMessage"] == "Function timed out after 1 seconds"
        assert cloud.invoke("go")["Payload"] == "done"


def test_what_is_running_is_ended_with_the_rest(tmp_path: Path) -> None:
    write_both(tmp_path, '(HERE / "pid").write_text(str(os.getpid()))\ntime.sleep(60)')
    with serving(tmp_path) as cloud:
        cloud.invoke("x", asynchronous=True)
        assert eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


# Frozen.


@pytest.mark.parametrize("cut_idle", [False, True])
def test_a_frozen_instance_sends_exactly_one_text_even_if_its_connection_was_cut(cut_idle: bool) -> None:
    with serving(freeze=True, cut_idle=cut_idle) as cloud:
        answers = [
            requests.post(f"{cloud.url('_emulator/contacts')}", json=contact, timeout=SECONDS).json()
            for contact in ({"ContactId": f"c-{n}", "PhoneNumber": f"86-1390000000{n}"} for n in range(3))
        ]
        sent = [
            cloud.invoke({"ContactId": contact["ContactId"], "PhoneNumber": f"86-1390000000{n}"})
            for n, contact in enumerate(answers)
        ]
        assert [answer["Failed"] for answer in sent] == [False] * 3
        assert [text["PhoneNumber"] for text in cloud.texts()] == [f"86-1390000000{n}" for n in range(3)]
        assert cloud.see("state")["Functions"][0]["Instances"] == 1


def test_a_cut_connection_is_really_cut_before_the_instance_goes_on(tmp_path: Path) -> None:
    code = """
    import http.client
    global connection
    if "connection" not in globals():
        host = os.environ["RESOURCE_DIRECTORY_ENDPOINT"].rpartition("/")[2]
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("GET", "/_emulator/clock")
        connection.getresponse().read()
        return "connected"
    return "closed" if connection.sock.recv(1) == b"" else "open"
    """
    with serving(write_both(tmp_path, code), freeze=True, cut_idle=True) as cloud:
        assert [cloud.invoke("x")["Payload"] for _ in range(2)] == ["connected", "closed"]


# From a package.


def test_a_built_package_is_served_on_a_python_of_its_version(package: Package) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(unpacked(package.built.path))
        interpreter = interpreter_for(package.target.runtime, package.built.path, None)
        cloud = stack.enter_context(serving(folder, runtime=package.target.runtime, interpreter=interpreter))
        sent = requests.post(cloud.endpoints["http_trigger"], json=REQUEST, timeout=SECONDS)
        assert (sent.status_code, list(sent.json())) == (200, ["RequestId"])
        assert json.loads(cloud.do("tick").json()["Payload"])["Pending"] == 1
        assert len(cloud.texts()) == 2  # each function has a memory of its own
        assert cloud.see("state")["Runtime"] == package.target.runtime


def test_with_a_package_nothing_else_can_be_imported(package: Package, tmp_path: Path) -> None:
    write_both(tmp_path, "return [sys.version_info[:2], [path for path in sys.path if 'site-packages' in path]]")
    interpreter = interpreter_for(package.target.runtime, package.built.path, None)
    with serving(tmp_path, runtime=package.target.runtime, interpreter=interpreter) as cloud:
        version, paths = json.loads(cloud.invoke("x")["Payload"])
        assert version == [int(part) for part in package.target.version.split(".")]
        assert paths == []


def test_a_package_for_another_runtime_is_refused(package: Package) -> None:
    (other,) = (each.runtime for each in TARGETS if each != package.target)
    with pytest.raises(PackageError, match=f"--runtime {package.target.runtime}"):
        interpreter_for(other, package.built.path, None)


def test_an_archive_that_is_no_package_is_refused(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("other.py", "")
    with pytest.raises(PackageError, match="not a package of the functions"), unpacked(tmp_path / "other.zip"):
        pass
