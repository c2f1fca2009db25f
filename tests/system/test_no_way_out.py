"""No process of the suite gets out of this machine: neither this one nor those it starts."""

from __future__ import annotations

import socket
import subprocess
import sys

import pytest

#: of a block that documentation may use and nobody has (RFC 5737)
NOBODY = ("192.0.2.1", 80)


def test_this_process_stays_here():
    with (
        pytest.raises(PermissionError, match="may not leave"),
        socket.create_connection(NOBODY, timeout=1),
    ):
        pass


@pytest.mark.parametrize(("host", "ends"), [(NOBODY, "may not leave"), (None, "reached")])
def test_what_it_starts_stays_here(host, ends):
    """A child may reach what listens here, and nothing else; the guard is not a broken network."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = host or server.getsockname()
        code = f"import socket; socket.create_connection({target!r}, timeout=1); print('reached')"
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
    assert ends in done.stdout + done.stderr
