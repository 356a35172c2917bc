"""Where the services are called, held against what the vendor's own SDKs make of a region."""

import pytest
from alibabacloud_fc20230330.client import Client as Fc
from alibabacloud_mns_open20220119.client import Client as Mns
from alibabacloud_ros20190910.client import Client as Ros
from alibabacloud_sls20201230.client import Client as Sls
from alibabacloud_tea_openapi.models import Config

from local.account.endpoints import endpoint_of
from local.account.regions import REGIONS
from tests.integration.vendor import VENDOR_WARNINGS

pytestmark = [VENDOR_WARNINGS, pytest.mark.xdist_group("account")]


@pytest.mark.parametrize(("service", "client"), [("ros", Ros), ("fc", Fc), ("smq", Mns)])
def test_each_region_has_the_endpoint_that_the_sdk_would_take(service: str, client: type) -> None:
    for region in REGIONS:
        of_sdk = client(Config(access_key_id="k", access_key_secret="s", region_id=region))._endpoint  # noqa: SLF001 -- no public way
        # One of them ends with a tab, in the SDK of Function Compute: its own calls to Jakarta fail.
        assert endpoint_of(service, region, {}).host == of_sdk.strip()
        assert endpoint_of(service, region, {}).protocol == "https"


def test_each_region_has_the_log_endpoint_that_the_sdk_knows() -> None:
    known = Sls(Config(access_key_id="k", access_key_secret="s", region_id="cn-hangzhou"))._endpoint_map  # noqa: SLF001 -- likewise
    for region in set(REGIONS) & set(known):
        assert endpoint_of("sls", region, {}).host == known[region]


@pytest.mark.parametrize(
    ("service", "host"),
    [
        ("sts", "sts.aliyuncs.com"),
        ("directory", "resourcedirectory.aliyuncs.com"),
        ("oss", "oss-eu-central-1.aliyuncs.com"),
    ],
)
def test_the_other_services_are_where_their_pages_say(service: str, host: str) -> None:
    assert endpoint_of(service, "eu-central-1", {}).host == host
