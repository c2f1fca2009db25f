"""Workers of a Dask cluster; Dask is loaded only when one is asked for."""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from standfast.errors import RunError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

#: address of a scheduler, LOCAL, or a Dask cluster or client
Cluster: TypeAlias = "str | Any"
#: a cluster of processes on this machine, made for the purpose
LOCAL = "local"
#: chunks handed out for each thread of the cluster
_AHEAD = 2
_PATIENCE = "10 s"
_KILLED = (
    "one chunk of runs was lost with every worker that took it",
    "Memory may be short: give workers more, or fewer threads each.",
)


@contextmanager
def dask_executor(cluster: Cluster, workers: int) -> Iterator[tuple[Executor, Callable[[], int]]]:
    """Give an executor over the workers of a cluster, and how many chunks it takes at a time.

    Dask gives the chunks of a lost worker to others; a chunk that is done twice is acknowledged
    once.

    Parameters
    ----------
    cluster
        Address of a scheduler, "local", or a Dask cluster or client.
    workers
        How many a local cluster gets.

    Raises
    ------
    RunError
        When Dask is not installed, nobody answers, or the way there can be listened to.
    """
    distributed = _distributed()
    if isinstance(cluster, str) and cluster != LOCAL:
        check_address(cluster)
    with ExitStack() as stack:
        if isinstance(cluster, distributed.Client):
            client = cluster
        else:
            place = _local(distributed, stack, workers) if cluster == LOCAL else cluster
            client = stack.enter_context(_client(distributed, place))
        check_address(client.scheduler.address)
        # a chunk is no pure function to Dask: two of them may be alike, and both are wanted
        executor = client.get_executor(pure=False)
        stack.callback(executor.shutdown, wait=False)

        def width() -> int:
            threads: int = sum(client.nthreads().values())
            return max(1, _AHEAD * threads)

        try:
            yield executor, width
        except distributed.scheduler.KilledWorker:
            raise RunError(*_KILLED) from None


def check_address(address: str) -> None:
    """Refuse an address to which chunks would travel in the clear.

    Whoever reaches a Dask scheduler can run code on its workers, so that only this machine and
    encrypted connections are allowed.

    Raises
    ------
    RunError
        When it is neither.

    Examples
    --------
    >>> check_address("tcp://127.0.0.1:8786")
    >>> check_address("tls://login.cluster:8786")
    >>> check_address("tcp://10.0.0.7:8786")
    Traceback (most recent call last):
    standfast.errors.RunError: the cluster at tcp://10.0.0.7:8786 is on another machine without TLS
      Start its scheduler with TLS and give its tls:// address; see the guide, "Many runs".
    """
    parts = urlsplit(address)
    if parts.scheme in {"tls", "inproc", "wss"} or _is_here(parts.hostname or ""):
        return
    says = f"the cluster at {address} is on another machine without TLS"
    advice = 'Start its scheduler with TLS and give its tls:// address; see the guide, "Many runs".'
    raise RunError(says, advice)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _distributed() -> Any:  # noqa: ANN401 - a module that may not be installed
    try:
        import distributed  # noqa: PLC0415 - optional, and takes a second
    except ImportError:
        says = "a cluster needs Dask, which is not installed"
        raise RunError(says, 'Install it: pip install "standfast[cluster]"') from None
    return distributed


def _local(distributed: Any, stack: ExitStack, workers: int) -> Any:  # noqa: ANN401
    return stack.enter_context(
        distributed.LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=logging.ERROR,
        )
    )


def _client(distributed: Any, place: Any) -> Any:  # noqa: ANN401
    try:
        return distributed.Client(place, timeout=_PATIENCE, set_as_default=False)
    except OSError:
        says = f"no Dask scheduler answers at {place}"
        raise RunError(
            says, "Start one with `dask scheduler`, and give the address it shows."
        ) from None
