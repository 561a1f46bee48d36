"""Pods and secrets for a kubelet to look at, and what it then wrote of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from runbook_lib.lab.kubelet import NodeState

Obj = dict[str, Any]


NODE = NodeState()


NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


GOOD = "us.icr.io/demo/hello:1.0"


OPEN = "us.icr.io/demo/open:1.0"


def secret(*entries: tuple[str, str, str], name: str = "all-icr-io") -> Obj:
    """A pull secret with host, username and password of each entry."""
    auths = {host: {"username": user, "password": password} for host, user, password in entries}
    data = {".dockerconfigjson": base64.b64encode(json.dumps({"auths": auths}).encode()).decode()}
    return {"metadata": {"name": name}, "type": "kubernetes.io/dockerconfigjson", "data": data}


OWNER = secret(("us.icr.io", "iamapikey", "GOODKEY-owner-0001"))


def pod(age_s: int = 300, **spec: Any) -> Obj:
    """A pod of the shop project on worker-1; its only container is `app` unless the spec says otherwise."""
    created = (NOW - timedelta(seconds=age_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    metadata = {
        "name": "web",
        "namespace": "shop",
        "uid": "c0ffee00-0000-4000-8000-000000000001",
        "creationTimestamp": created,
    }
    return {"metadata": metadata, "spec": {"nodeName": "worker-1", "containers": [container()], **spec}}


def container(name: str = "app", image: str = OPEN, **more: Any) -> Obj:
    return {"name": name, "image": image, "imagePullPolicy": "Always", **more}


Observe = Callable[..., Any]


def status_of(seen: Any, kind: str = "containerStatuses", name: str = "app") -> Obj:
    return next(status for status in seen.statuses["web"][kind] if status["name"] == name)


def waiting(seen: Any, kind: str = "containerStatuses", name: str = "app") -> Obj:
    found: Obj = status_of(seen, kind, name)["state"]["waiting"]
    return found


def messages(seen: Any, reason: str) -> list[str]:
    return [event["message"] for event in seen.events if event["reason"] == reason]
