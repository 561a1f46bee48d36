"""Dask distributed as the engine: a cluster of worker processes on this machine, or the user's scheduler.

Tasks carry names and paths only. Nothing is run twice unless its worker died; then it is run once more.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from runbook_lib.fleet.attendant import attend
from runbook_lib.fleet.result import Asked, ClusterResult, State, plain
from runbook_lib.model.problem import BadInput

if TYPE_CHECKING:
    from distributed import Client

_CONFIG = {
    "distributed.scheduler.allowed-failures": 1,  # a task is lost with the second worker that dies under it
    "distributed.admin.large-graph-warning-threshold": "1GiB",
    "distributed.logging": {"distributed": "critical", "tornado": "critical", "asyncio": "critical"},
}
_PATIENCE = 30.0  # seconds for a scheduler to answer and to have a worker

Answer = tuple[Asked, dict[str, Any]]


def survey_all(asked: Sequence[Asked], *, scheduler: str = "", workers: int = 2) -> Iterator[Answer]:
    """Yields each cluster with its answer, `{"result": …, "files": …}`, as it comes.

    Raises:
        BadInput: distributed is not installed, or the scheduler does not answer or has no workers.
    """
    with client_of(scheduler, min(workers, len(asked))) as client:
        yield from submit_all(client, asked)


@contextmanager
def client_of(scheduler: str, workers: int) -> Iterator[Client]:
    """Connects to a scheduler, or to one of this process's own, whose traffic on loopback is encrypted."""
    try:
        import dask
        import distributed
    except ImportError:
        raise BadInput(
            "A fleet runs on Dask, which is not installed.", "Install it: pip install 'pull-runbook[fleet]'."
        ) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        stack.enter_context(dask.config.set({} if scheduler else _CONFIG))
        try:
            if scheduler:
                client = stack.enter_context(distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False))
            else:
                security = distributed.Security.temporary()
                local = distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=True,
                    host="127.0.0.1",
                    dashboard_address=None,
                    worker_dashboard_address=None,
                    memory_limit=0,
                    security=security,
                    protocol="tls://",
                    silence_logs=logging.CRITICAL,
                )
                stack.enter_context(local)
                client = stack.enter_context(distributed.Client(local, security=security, set_as_default=False))
            client.wait_for_workers(1, timeout=_PATIENCE)
        except (OSError, TimeoutError, ValueError) as failed:
            raise BadInput(
                f"The Dask scheduler {scheduler or 'of this machine'} cannot be used ({type(failed).__name__}).",
                "Check its address (tcp://HOST:PORT or tls://…), and that it has workers.",
            ) from None
        yield client


def submit_all(client: Client, asked: Sequence[Asked]) -> Iterator[Answer]:
    """Submits one task a cluster and yields the answers as they come.

    A worker gets its next cluster when the answer about the last one is here: one that dies takes the cluster
    with it that it surveys, and no answer that lies there waiting.
    """
    from distributed import as_completed

    run = uuid.uuid4().hex[:12]  # a scheduler that is shared knows tasks by their keys
    waiting = deque((f"survey-{run}-{number}", one) for number, one in enumerate(asked))
    running: dict[str, tuple[Asked, str]] = {}
    done = as_completed([], loop=client.loop, with_results=True, raise_errors=False)

    def submit() -> None:
        busy = Counter(worker for _, worker in running.values())
        for worker, threads in client.nthreads().items():
            while waiting and busy[worker] < threads:
                key, one = waiting.popleft()
                running[key] = (one, worker)
                busy[worker] += 1
                placed: dict[str, Any] = {"workers": [worker], "allow_other_workers": True}
                done.add(client.submit(attend, plain(one), key=key, pure=False, retries=0, **placed))

    while waiting or running:
        submit()
        if not running:
            client.wait_for_workers(1, timeout=_PATIENCE)
            continue
        future, answer = next(done)
        one, _ = running.pop(future.key)
        future.release()  # an answer that is still wanted is made again when its worker dies
        yield one, answer if isinstance(answer, dict) else lost(one, answer)


def lost(asked: Asked, error: object) -> dict[str, Any]:
    """Says that a cluster's task came to nothing; `error` is what Dask gives in place of an answer."""
    exception = next((e for e in error if isinstance(e, BaseException)), None) if isinstance(error, tuple) else error
    name = type(exception).__name__
    why = {
        "KilledWorker": "Two workers ended one after the other while they surveyed it.",
        "ModuleNotFoundError": "The worker has no pull-runbook, or another version of it.",
        "CancelledError": "The scheduler gave it up.",
        "FutureCancelledError": "The scheduler gave it up.",
    }.get(name, f"Its worker failed ({name}).")
    return {"result": plain(ClusterResult(asked.place, State.FAILED, why, asks=asked.fingerprint)), "files": {}}
