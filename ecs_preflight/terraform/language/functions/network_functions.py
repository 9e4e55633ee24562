"""IP network functions."""

from __future__ import annotations

import ipaddress
from typing import Union

from ....symbolic.patterns import regex
from ..faults import EvaluationFault
from ..value_types import NUMBER, STRING
from .base import plain, whole_number

_Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]
_LEADING_ZEROS = regex(r"(?<![0-9a-fA-F:])0+(?=[0-9])")


def _network(prefix: str) -> _Network:
    """Bits beyond the prefix are dropped, leading zeros are decimal, both as Terraform has it."""
    address, slash, length = prefix.partition("/")
    if not slash or not length.isascii() or not length.isdigit():
        raise EvaluationFault(f"'{prefix}' is no CIDR prefix")
    try:
        plain_address = _LEADING_ZEROS.sub("", address) if ":" not in address else address
        return ipaddress.ip_network(f"{plain_address}/{length}", strict=False)
    except ValueError:
        raise EvaluationFault(f"'{prefix}' is no CIDR prefix") from None


def _cidrhost(prefix: str, host: int | float) -> str:
    network, number = _network(prefix), whole_number(host)
    position = network.num_addresses + number if number < 0 else number
    if not 0 <= position < network.num_addresses:
        raise EvaluationFault(f"the prefix has no host {number}")
    return str(network[position])


def _cidrnetmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version == 6:
        raise EvaluationFault("IPv6 has no netmasks")
    return str(network.netmask)


def _cidrsubnet(prefix: str, bits: int | float, number: int | float) -> str:
    network, added, position = _network(prefix), whole_number(bits), whole_number(number)
    length = network.prefixlen + added
    if added < 0 or length > network.max_prefixlen or not 0 <= position < 2**added:
        raise EvaluationFault("the prefix has no such subnet")
    start = int(network.network_address) + (position << (network.max_prefixlen - length))
    return _written(network, start, length)


def _cidrsubnets(prefix: str, *bits: int | float) -> list[str]:
    network = _network(prefix)
    start, found = int(network.network_address), []
    for added in map(whole_number, bits):
        length = network.prefixlen + added
        if not (added > 0 and length <= network.max_prefixlen):
            raise EvaluationFault("a subnet is no part of the prefix")
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > int(network.broadcast_address) + 1:
            raise EvaluationFault("the prefix has no room for the subnets")
        found.append(_written(network, start, length))
        start += size
    return found


def _written(network: _Network, start: int, length: int) -> str:
    return f"{type(network.network_address)(start)}/{length}"


FUNCTIONS = {
    "cidrhost": plain(_cidrhost, STRING, NUMBER),
    "cidrnetmask": plain(_cidrnetmask, STRING),
    "cidrsubnet": plain(_cidrsubnet, STRING, NUMBER, NUMBER),
    "cidrsubnets": plain(_cidrsubnets, STRING, variadic=NUMBER),
}
