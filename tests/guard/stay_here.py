"""Nothing that the suite runs may leave this machine: a guard for Python, whichever library connects."""

from __future__ import annotations

import socket


def stay_here(event: str, given: tuple[object, ...]) -> None:
    """Refuse every connection that leaves this machine; to be added as an audit hook."""
    if event != "socket.connect":
        return
    there, address = given
    if isinstance(address, tuple) and getattr(there, "type", None) == socket.SOCK_STREAM:
        host = str(address[0])
        if not (host.startswith("127.") or host in {"::1", "localhost"} or is_own(host)):
            message = f"a test may not leave this machine: {host}"
            raise PermissionError(message)


def is_own(host: str) -> bool:
    """Tell whether an address is one of this machine: only then can it be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True
