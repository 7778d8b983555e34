"""Share the captions with the local network: under which address, and with which token."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from dataclasses import dataclass, field

import psutil

from granite_live.messages.control import ServerMessage
from granite_live.util.errors import ServerError

_TOKEN_BYTES = 12
# Interfaces of containers and virtual machines lead to no other device.
_VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "podman")


@dataclass(frozen=True, slots=True)
class NetworkShare:
    """The captions on an address of the local network. The token is new for each share."""

    address: str
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(_TOKEN_BYTES), repr=False)

    @property
    def url(self) -> str:
        """The address of the caption page, with the token and readable on a phone."""
        page = f"http://{self.address}:{self.port}/captions"
        return f"{page}?token={self.token}&background=%23000000"


def local_addresses() -> tuple[str, ...]:
    """Return this computer's private IPv4 addresses, those of real interfaces first."""
    states = psutil.net_if_stats()
    found: list[tuple[bool, str, str]] = []
    for name, addresses in psutil.net_if_addrs().items():
        if name in states and not states[name].isup:
            continue
        found += [
            (name.startswith(_VIRTUAL), name, one.address)
            for one in addresses
            if one.family is socket.AF_INET and _is_local(one.address)
        ]
    return tuple(address for _is_virtual, _name, address in sorted(found))


def first_local_address() -> str:
    """Return the first of `local_addresses`.

    Raises:
        ServerError: There is none.
    """
    addresses = local_addresses()
    if not addresses:
        raise ServerError(ServerMessage.NO_NETWORK())
    return addresses[0]


def _is_local(text: str) -> bool:
    address = ipaddress.ip_address(text)
    return address.is_private and not address.is_loopback and not address.is_link_local
