"""The process that surveys clusters for a worker: `python -m runbook_lib.fleet.child`.

A process of its own can be ended, whatever hangs in it, and takes its kernels with it; it holds credentials
only while it runs. Tasks come on standard input, one JSON a line; parts of the answer leave on standard
output, the last of them `{"end": true}`. It ends itself when its worker is gone.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import queue
import signal
import threading
from typing import BinaryIO

import msgspec

from runbook_lib.fleet.result import Asked


def main() -> None:
    """Answers tasks until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    from runbook_lib.vault import install_excepthook, install_log_scrubber

    install_excepthook()
    install_log_scrubber()
    with contextlib.suppress(Exception):  # told as the answer to the first task
        importlib.import_module("runbook_lib.fleet.survey")  # warm before that comes
    while True:
        _answer(tasks.get(), answers)


def _listen(tasks: queue.SimpleQueue[bytes]) -> None:
    with open(0, "rb", buffering=0, closefd=False) as asked:  # a buffer's lock would be held at the end
        for line in asked:
            tasks.put(line)
    if os.name == "posix":
        os.killpg(0, signal.SIGKILL)
    os._exit(0)


def _answer(line: bytes, answers: BinaryIO) -> None:
    from runbook_lib.vault import Vault, scrub_exception, use

    with use(Vault()):
        try:
            from runbook_lib.fleet.survey import survey

            for part in survey(msgspec.json.decode(line, type=Asked)):
                _send(part, answers)
        except Exception as defect:
            _send({"failed": scrub_exception(defect)}, answers)
    _send({"end": True}, answers)


def _send(part: object, answers: BinaryIO) -> None:
    answers.write(msgspec.json.encode(part) + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
