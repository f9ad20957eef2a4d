"""URL keys are pywb's, or our lines would not merge with those of others."""

import subprocess
import sys

import pytest

from archive.index.surt import url_key

KEYS = {
    "https://www.songjiang.gov.cn/": "cn,gov,songjiang)/",
    "http://songjiang.gov.cn": "cn,gov,songjiang)/",
    "https://WWW.Songjiang.GOV.cn:443/A/": "cn,gov,songjiang)/a",
    "http://xxgk.example.cn:8080/a/?b=2&a=1": "cn,example,xxgk:8080)/a?a=1&b=2",
    "http://127.0.0.1:8000/a": "1,0,0,127:8000)/a",
    "http://例子.cn/年报?年=2023": "cn,xn--fsqu00a)/%e5%b9%b4%e6%8a%a5?%e5%b9%b4=2023",
    "https://a.cn/x.jsp?jsessionid=0123456789ABCDEF0123456789ABCDEF&a=1": "cn,a)/x.jsp?a=1",
    "https://a.cn/x#top": "cn,a)/x",
    "https://a.cn/a//b/../c": "cn,a)/a/c",
    "https://www2.a.cn/%7Ex": "cn,a)/~x",
    "urn:nianbao:run:1": "urn:nianbao:run:1",
}
PYWB = """
import sys
from pywb.utils.canonicalize import canonicalize
print(*map(canonicalize, sys.argv[1:]), sep="\\n")
"""


@pytest.mark.parametrize(("url", "key"), KEYS.items())
def test_pages_that_are_one_have_one_key(url: str, key: str) -> None:
    assert url_key(url) == key


def test_our_keys_are_those_of_pywb() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PYWB, *KEYS], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == list(KEYS.values())
