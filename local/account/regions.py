"""The regions of Function Compute 3.0, and the Python runtimes that each offers.

Source: the vendor's page "Python" of Function Compute 3.0, its copy of October 2026. A region that opened since has to
be added here.
"""

import difflib

from local.account import WrongCall

_WITH_PYTHON_312 = (
    "cn-hangzhou",
    "cn-shanghai",
    "cn-qingdao",
    "cn-beijing",
    "cn-zhangjiakou",
    "cn-huhehaote",
    "cn-shenzhen",
    "cn-chengdu",
    "cn-hongkong",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-7",
    "eu-central-1",
    "eu-west-1",
    "us-east-1",
    "us-west-1",
)  # fmt: skip -- one region a line would be twenty lines
_UP_TO_PYTHON_310 = ("ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-5")

REGIONS = (*_WITH_PYTHON_312, *_UP_TO_PYTHON_310)


def check_region(region: str) -> None:
    """Check that Function Compute is there.

    Raises:
        WrongCall: it is not among the known regions.

    """
    if region in REGIONS:
        return
    near = difflib.get_close_matches(region, REGIONS, n=1)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise WrongCall(
        f"REGION is not a region of Function Compute.{meant} The regions are: {', '.join(sorted(REGIONS))}."
    )


def check_runtime(runtime: str, region: str) -> None:
    """Check that a region offers a runtime.

    Raises:
        WrongCall: it does not; the message names one that it offers.

    """
    if runtime == "python3.12" and region not in _WITH_PYTHON_312:
        raise WrongCall(f"python3.12 is not offered in {region}; use RUNTIME=python3.10.")
