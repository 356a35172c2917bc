"""The bucket that packages lie in: whether it is as safe as it has to be, creating it, and what is put there.

Source of operations and errors: the vendor's pages of Object Storage Service (OSS), and its SDK's own models.
"""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

import alibabacloud_oss_v2 as oss

from local.account import AccountError
from local.account.service_errors import Refused
from local.account.session import Session
from local.account.target import FOLDER


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket by its name, in the session's region."""

    session: Session
    name: str

    def exists(self, account: str) -> bool:
        """Tell whether it is there; if so, it is as it should be.

        Raises:
            AccountError: it is of another account or region, or others may get at it.

        """
        try:
            info = self._ask("OSS GetBucketInfo", "get_bucket_info", oss.GetBucketInfoRequest(self.name)).bucket_info
        except Refused as refused:
            if refused.code == "NoSuchBucket":
                return False
            self._must("must be addressed using" not in refused.service_message, f"is not in {self.session.region}")
            self._must("does not belong to you" not in refused.service_message, "belongs to another account")
            raise
        if owner := getattr(info.owner, "id", None):
            self._must(str(owner) == account, "belongs to another account")
        self._must(info.location == f"oss-{self.session.region}", f"is not in {self.session.region}")
        self._must(info.acl == "private", "is not private: set its ACL to private")
        self._must(not self._has_public_policy(), "has a policy that gives everybody access: remove that")
        self._must(bool(info.block_public_access), "does not block public access: switch on Block Public Access")
        return True

    def create(self) -> None:
        """Create it: private, and blocking public access."""
        self._ask("OSS PutBucket", "put_bucket", oss.PutBucketRequest(self.name, acl="private"))
        block = oss.PublicAccessBlockConfiguration(block_public_access=True)
        request = oss.PutBucketPublicAccessBlockRequest(self.name, block)
        self._ask("OSS PutBucketPublicAccessBlock", "put_bucket_public_access_block", request)

    def upload(self, package: Path, key: str) -> None:
        """Put a package there."""
        request = oss.PutObjectRequest(self.name, key)
        call = partial(self._client.put_object_from_file, request, str(package))
        self.session.ask("OSS PutObject", "oss", call)

    def check_stored(self, key: str, runtime: str) -> None:
        """Check that a package lies there whose name is its hash, and that it was built for a runtime.

        Raises:
            AccountError: it is not there, or is not what its name says, or was built for another runtime.

        """
        wanted = key.removeprefix(f"{FOLDER}/").removesuffix(".zip")
        try:
            found = self.session.ask("OSS GetObject", "oss", partial(self._content, key))
        except Refused as refused:
            if refused.code == "NoSuchKey":
                raise AccountError(f"There is no {key} in the bucket {self.name}.") from None
            raise
        self._must(hashlib.sha256(found).hexdigest() == wanted, f"holds something else under {key} than its name says")
        check_built_for(runtime, io.BytesIO(found), key)

    def _content(self, key: str) -> bytes:
        content: bytes = self._client.get_object(oss.GetObjectRequest(self.name, key)).body.content
        return content

    def _has_public_policy(self) -> bool:
        try:
            request = oss.GetBucketPolicyStatusRequest(self.name)
            status = self._ask("OSS GetBucketPolicyStatus", "get_bucket_policy_status", request).policy_status
        except Refused as refused:
            if refused.code == "NoSuchBucketPolicy":
                return False
            raise
        return bool(status and status.is_public)

    def _must(self, condition: bool, otherwise: str) -> None:  # noqa: FBT001 -- read as an assertion
        if not condition:
            raise AccountError(
                f"The bucket {self.name} {otherwise}. Whoever can write there can run code as the functions."
            )

    def _ask(self, what: str, operation: str, request: Any) -> Any:
        return self.session.ask(what, "oss", partial(getattr(self._client, operation), request))

    @property
    def _client(self) -> Any:
        return self.session.buckets


def key_of(package: Path) -> str:
    """Return a package's name in a bucket: its hash, so that no upload replaces other code."""
    return f"{FOLDER}/{hashlib.sha256(package.read_bytes()).hexdigest()}.zip"


def check_built_for(runtime: str, package: IO[bytes] | Path, name: str) -> None:
    """Check that a package has compiled libraries for a runtime: another Python could not import them.

    Raises:
        AccountError: it has none, or is not an archive.

    """
    try:
        with zipfile.ZipFile(package) as archive:
            tags = {
                match[1] for each in archive.namelist() if (match := re.search(r"\.cpython-(\d+)-[^/]*\.so$", each))
            }
    except zipfile.BadZipFile:
        raise AccountError(f"{name} is not a package: make package builds one.") from None
    if tags != {runtime.removeprefix("python").replace(".", "")}:
        built = ", ".join(f"python{tag[0]}.{tag[1:]}" for tag in sorted(tags)) or "no runtime"
        raise AccountError(
            f"{name} was built for {built}, not for {runtime}. Give the other RUNTIME, or another package."
        )
