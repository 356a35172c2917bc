"""A stub of Object Storage Service, with one bucket at most."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_INFO = """<?xml version="1.0" encoding="UTF-8"?><BucketInfo><Bucket><Name>{name}</Name><Location>{location}</Location>\
<Owner><ID>{owner}</ID></Owner><AccessControlList><Grant>{acl}</Grant></AccessControlList>\
<BlockPublicAccess>{block}</BlockPublicAccess></Bucket></BucketInfo>"""

_ELSEWHERE = (
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future"
    " requests to this endpoint."
)


@dataclass
class Oss:
    """A bucket with its properties and objects; `name` is empty where there is none yet."""

    owner: str
    region: str
    name: str = "code-of-ours"
    location: str = "oss-cn-hangzhou"
    acl: str = "private"
    block: bool = True
    public_policy: bool | None = None
    owner_is_another: bool = False
    """Whether the bucket is another account's, and closed to this one."""
    objects: dict[str, bytes] = field(default_factory=dict)

    def answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[str, int, bytes, dict[str, str]]:
        """Return the operation's name, and status, body and headers of its answer."""
        match = re.fullmatch(r"/([^/]+)/(.*)", path)
        assert match, path
        bucket, key = match[1], match[2]
        query = query.replace("=", "") if query.endswith("=") else query
        operation = {
            ("GET", "bucketInfo"): "GetBucketInfo",
            ("GET", "policyStatus"): "GetBucketPolicyStatus",
            ("PUT", "publicAccessBlock"): "PutBucketPublicAccessBlock",
            ("PUT", ""): "PutObject" if key else "PutBucket",
            ("GET", ""): "GetObject",
        }[method, query]
        if operation == "PutBucket":
            self.name, self.acl, self.block = bucket, headers["x-oss-acl"], False
            return operation, 200, b"", {}
        if bucket != self.name:
            return operation, 404, *_error("NoSuchBucket")
        if self.location != f"oss-{self.region}":
            return operation, 403, *_error("AccessDenied", _ELSEWHERE)
        match operation:
            case "GetBucketInfo" if self.owner_is_another:
                return operation, 403, *_error("AccessDenied", "The bucket you access does not belong to you.")
            case "GetBucketInfo":
                block = str(self.block).lower()
                values = {
                    "name": bucket,
                    "location": self.location,
                    "owner": self.owner,
                    "acl": self.acl,
                    "block": block,
                }
                return operation, 200, _INFO.format(**values).encode(), {}
            case "GetBucketPolicyStatus":
                if self.public_policy is None:
                    return operation, 404, *_error("NoSuchBucketPolicy")
                public = str(self.public_policy).lower()
                return operation, 200, f"<PolicyStatus><IsPublic>{public}</IsPublic></PolicyStatus>".encode(), {}
            case "PutBucketPublicAccessBlock":
                self.block = b"<BlockPublicAccess>true</BlockPublicAccess>" in body
            case "PutObject":
                self.objects[key] = body
            case "GetObject":
                if key not in self.objects:
                    return operation, 404, *_error("NoSuchKey")
                return operation, 200, self.objects[key], {}
        return operation, 200, b"", {}


def _error(code: str, message: str = "It is not there.") -> tuple[bytes, dict[str, str]]:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>R-1</RequestId></Error>".encode()
    return body, {"x-oss-err": base64.b64encode(body).decode()}
