"""A kubeconfig for the lab's server, as a person would get it from a cluster administrator."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from pathlib import Path

import yaml


def write_kubeconfig(
    path: Path, server: str, ca_pem: bytes, contexts: Mapping[str, str], namespace: str | None, cluster: str
) -> Path:
    """Writes contexts (name → bearer token) of one cluster; the first is the current one. The file is the
    owner's only.
    """
    place: dict[str, str] = {"cluster": cluster}
    if namespace:
        place["namespace"] = namespace
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "preferences": {},
        "clusters": [
            {
                "name": cluster,
                "cluster": {
                    "server": server,
                    "certificate-authority-data": base64.b64encode(ca_pem).decode(),
                },
            }
        ],
        "users": [{"name": name, "user": {"token": token}} for name, token in contexts.items()],
        "contexts": [{"name": name, "context": {**place, "user": name}} for name in contexts],
        "current-context": next(iter(contexts), ""),
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yaml.safe_dump(document, file, sort_keys=False)
    return path
