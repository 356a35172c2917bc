"""The pattern of the addresses that may not leave a process. Alone, since the fuzzer starts often."""

import re

ADDRESSES = re.compile(
    r"""[\w.+'"!#$%&/=?^`{|}~)-][ \t]*"""
    r"""(?:@|\uff20|\ufe6b|%(?:25)*(?:u00)?40|\\+(?:u0040|x40|u00000040|100|u(?:ff20|fe6b)|n\{commercial\ at\})"""
    r"""|\#0*64;?|\#x0*40;?|commat;?|=40|\+aea-|%ef%bc%a0)[ \t]*[\w.-]*example\.(?:com|org)""",
    re.IGNORECASE,
)
"""Every address in tests ends so, in whatever spelling; of a masked one, an asterisk is before the `@`."""
