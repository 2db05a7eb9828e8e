"""The table of IP ranges that are not the public internet, and the judge that reads it."""

import ipaddress

_IPV4 = """
0.0.0.0/32 unspecified
0.0.0.0/8 this_network
10.0.0.0/8 private
100.64.0.0/10 shared
127.0.0.0/8 loopback
168.63.129.16/32 cloud_platform
169.254.0.0/16 link_local
172.16.0.0/12 private
192.0.0.0/24 special
192.0.2.0/24 documentation
192.31.196.0/24 special
192.52.193.0/24 special
192.88.99.0/24 relay_6to4
192.168.0.0/16 private
192.175.48.0/24 special
198.18.0.0/15 benchmark
198.51.100.0/24 documentation
203.0.113.0/24 documentation
224.0.0.0/4 multicast
255.255.255.255/32 broadcast
240.0.0.0/4 reserved
"""

_IPV6 = """
::/128 unspecified
::1/128 loopback
::/96 ipv4_compatible
::ffff:0:0/96 ipv4_mapped
::ffff:0:0:0/96 ipv4_translated
64:ff9b::/96 nat64
64:ff9b:1::/48 nat64_local
100::/64 discard
2001::/32 teredo
2001:2::/48 benchmark
2001:10::/28 orchid
2001:20::/28 orchid
2001::/23 special
2001:db8::/32 documentation
2002::/16 6to4
2620:4f:8000::/48 special
3fff::/20 documentation
5f00::/16 segment_routing
fc00::/7 unique_local
fe80::/10 link_local
fec0::/10 site_local
ff00::/8 multicast
"""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


def _rows(table: str) -> list[tuple[str, str]]:
    return [(network, f"bad_address_{name}") for network, name in (line.split() for line in table.split("\n") if line)]


V4_RANGES = [(ipaddress.IPv4Network(network), reason) for network, reason in _rows(_IPV4)]
V6_RANGES = [(ipaddress.IPv6Network(network), reason) for network, reason in _rows(_IPV6)]


def judge(ip: ipaddress.IPv4Address | ipaddress.IPv6Address | str) -> str | None:
    """Give the reason why an IP may not be dialled, or None when it is on the public internet."""
    address = ipaddress.ip_address(ip) if isinstance(ip, str) else ip
    if isinstance(address, ipaddress.IPv4Address):
        return next((reason for network, reason in V4_RANGES if address in network), None)
    if address.scope_id:
        return "bad_address_link_local"
    reason = next((reason for network, reason in V6_RANGES if address in network), None)
    return reason or (None if address in _GLOBAL_UNICAST else "bad_address_not_global_unicast")
