"""Saved evidence of failing pods, small and large."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def pod(name: str, namespace: str = "shop", reason: str = "ImagePullBackOff", owner: str = "") -> dict[str, Any]:
    """A pod whose pull fails; with an owner, one of that Deployment's pods."""
    metadata: dict[str, Any] = {"name": name, "namespace": namespace, "uid": f"uid-{name}"}
    if owner:
        metadata |= {
            "labels": {"pod-template-hash": "abc"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": f"{owner}-abc", "controller": True}],
        }
    waiting = {"waiting": {"reason": reason, "message": f'{reason}: "us.icr.io/{namespace}/{name}:1.0"'}}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {"containers": [{"name": "app", "image": f"us.icr.io/{namespace}/{name}:1.0"}]},
        "status": {"phase": "Pending", "containerStatuses": [{"name": "app", "state": waiting}]},
    }


def bundle(folder: Path, *items: dict[str, Any]) -> str:
    """Writes objects as a bundle and returns its path."""
    path = folder / "bundle.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(items)}))
    return str(path)
