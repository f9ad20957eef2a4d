"""The address guard: nothing but the open internet, however the address is written (I8)."""

import pytest

from crawler.fetching.address_guard import is_public

INWARD = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.255", "0.0.0.0",
    "0.1.2.3", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "240.0.0.1", "255.255.255.255", "224.0.0.1", "239.255.255.250", "::",
    "::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "fc00::1",
    "fd12:3456::1", "fe80::1", "fe80::1%eth0", "ff02::1", "2001:db8::1",
    "::10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",
]  # fmt: skip


@pytest.mark.parametrize("address", INWARD)
def test_an_address_that_points_inward_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "202.96.209.5", "172.32.0.1", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)
