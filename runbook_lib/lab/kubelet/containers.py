"""One container's status and events, from its image, what it needs, and what its command does."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from runbook_lib.lab.kubelet import history, phrases
from runbook_lib.lab.kubelet.happenings import Happening, stamp
from runbook_lib.lab.kubelet.history import Moments
from runbook_lib.lab.kubelet.images import Absent, OnNode
from runbook_lib.lab.kubelet.node import NodeState

Obj = dict[str, Any]
_EXIT = re.compile(r"\bexit\s+(\d+)")


class Life(Enum):
    """How far a container has come."""

    WAITS = "waits"
    RUNS = "runs"
    CRASHES = "crashes"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Report:
    """A container's status as the API holds it, its events, and since when it runs or is done."""

    life: Life
    status: Obj
    happenings: tuple[Happening, ...] = ()
    since: datetime | None = None


def not_begun(container: Obj, reason: str) -> Report:
    """Reports a container that the kubelet has not come to yet."""
    return Report(Life.WAITS, _status(container, {"waiting": {"reason": reason}}))


def absent(container: Obj, image: Absent) -> Report:
    """Reports a container whose image is not on the node."""
    waiting = {"message": image.message, "reason": image.reason}
    return Report(Life.WAITS, _status(container, {"waiting": waiting}), image.happenings)


def cannot_be_made(container: Obj, image: OnNode, path: str, lacks: str, now: datetime) -> Report:
    """Reports a container whose environment names something that does not exist."""
    looks = history.looks(image.ready, now)
    happened = Happening("Warning", "Failed", f"Error: {lacks}", looks, path)
    waiting = {"message": lacks, "reason": "CreateContainerConfigError"}
    return Report(Life.WAITS, _status(container, {"waiting": waiting}), (*image.happenings, happened))


def started(
    container: Obj, image: OnNode, path: str, node: NodeState, pod: Obj, now: datetime, *, runs_on: bool
) -> Report:
    """Reports a container that was started: it runs, has ended, or ends again and again as its command says.

    `runs_on` tells whether a command that names no end runs for ever (a regular container) or is done (an
    init one).
    """
    begin = image.ready + timedelta(seconds=1)
    ended = _exit_code(container)
    code = ended if ended is not None else (None if runs_on else 0)
    ids = _ids(container, image, node, pod)
    if code is None:
        state = {"running": {"startedAt": stamp(begin)}}
        status = _status(container, state) | ids | {"ready": True, "started": True}
        return Report(
            Life.RUNS,
            status,
            (*image.happenings, *_launch(container, path, node, Moments(1, begin, begin))),
            begin,
        )
    terminated = _terminated(code, begin, str(ids["containerID"]))
    policy = pod["spec"].get("restartPolicy", "Always")
    again = (policy == "Always" and runs_on) or (policy != "Never" and code != 0)
    if not again:
        once = _launch(container, path, node, Moments(1, begin, begin))
        status = _status(container, {"terminated": terminated}) | ids | {"ready": not runs_on and code == 0}
        life = Life.DONE if code == 0 else Life.CRASHES
        return Report(life, status, (*image.happenings, *once), begin)
    return _crash_loop(container, image, path, node, pod, now, begin, code, ids)


def _crash_loop(
    container: Obj,
    image: OnNode,
    path: str,
    node: NodeState,
    pod: Obj,
    now: datetime,
    begin: datetime,
    code: int,
    ids: Obj,
) -> Report:
    told = history.since(begin, now, at_once=True)
    metadata = pod["metadata"]
    whole = f"{metadata['name']}_{metadata['namespace']}({metadata['uid']})"
    pause = phrases.go_duration(told.pause_s)
    message = f"back-off {pause} restarting failed container={container['name']} pod={whole}"
    last = _terminated(code, told.attempts.last, str(ids["containerID"]))
    status = _status(container, {"waiting": {"message": message, "reason": "CrashLoopBackOff"}}) | ids
    status |= {"lastState": {"terminated": last}, "restartCount": told.attempts.count - 1}
    happenings = [*image.happenings, *_launch(container, path, node, told.attempts)]
    if told.held_back is not None:
        held = f"Back-off restarting failed container {container['name']} in pod {whole}"
        happenings.append(Happening("Warning", "BackOff", held, told.held_back, path))
    return Report(Life.CRASHES, status, tuple(happenings), begin)


def _launch(container: Obj, path: str, node: NodeState, moments: Moments) -> tuple[Happening, ...]:
    name = container["name"]
    return (
        Happening("Normal", "Created", phrases.created(node, name), moments, path),
        Happening("Normal", "Started", f"Started container {name}", moments, path),
    )


def _status(container: Obj, state: Obj) -> Obj:
    mounts = [
        {"mountPath": mount["mountPath"], "name": mount["name"]}
        | ({"readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else {})
        for mount in container.get("volumeMounts") or []
    ]
    status: Obj = {
        "image": container.get("image", ""),
        "imageID": "",
        "lastState": {},
        "name": container["name"],
        "ready": False,
        "restartCount": 0,
        "started": False,
        "state": state,
    }
    return status | {"volumeMounts": mounts} if mounts else status


def _ids(container: Obj, image: OnNode, node: NodeState, pod: Obj) -> Obj:
    seed = f"{pod['metadata']['uid']}/{container['name']}"
    container_id = hashlib.sha256(seed.encode()).hexdigest()
    digest = image.digest or "sha256:" + hashlib.sha256(image.name.canonical.encode()).hexdigest()
    return {
        "containerID": f"{node.container_scheme}://{container_id}",
        "image": image.name.canonical,
        "imageID": f"{image.name.repository}@{digest}",
    }


def _terminated(code: int, moment: datetime, container_id: str) -> Obj:
    return {
        "containerID": container_id,
        "exitCode": code,
        "finishedAt": stamp(moment),
        "reason": "Completed" if code == 0 else "Error",
        "startedAt": stamp(moment),
    }


def _exit_code(container: Obj) -> int | None:
    words = " ".join(str(part) for part in [*(container.get("command") or []), *(container.get("args") or [])])
    found = _EXIT.search(words)
    return int(found.group(1)) if found else None
