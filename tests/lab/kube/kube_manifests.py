"""Manifests that the tests of the API server emulator start from."""

from __future__ import annotations

from typing import Any

Obj = dict[str, Any]


def pod(name: str = "web", image: str = "us.icr.io/team/app:1", namespace: str = "shop", **spec: Any) -> Obj:
    """The manifest of a pod with one container."""
    body = {"containers": [{"name": "app", "image": image}], **spec}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": namespace},
        "spec": body,
    }


def deployment(name: str = "web", image: str = "us.icr.io/team/app:1", replicas: int = 2) -> Obj:
    """The manifest of a deployment in `shop`."""
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "app", "image": image}]},
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template}
    metadata = {"name": name, "namespace": "shop"}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def secret(name: str, kind: str, **data: str) -> Obj:
    """The manifest of a secret in `shop`; keys with a dot are given as `{".dockercfg": …}`."""
    head = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": "shop"}}
    return {**head, "type": kind, "stringData": data}
