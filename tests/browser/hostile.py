"""What anybody who may create a pod could write into names, messages and labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MARKUP = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script><b>bold</b>'
MARKDOWN = "**bold** [link](javascript:window.harmed=1) ![i](x) | `code` | # head $x^2$ $$y$$"
CONTROL = "\x1b[31mred\x1b[0m \u202egnp.exe\u202c \u200b שלום"
LONG = "A" * 10_000
EVERYTHING = f"{MARKUP} {MARKDOWN} {CONTROL} {LONG}"


def bundle(path: Path, pods: int = 1) -> Path:
    """Writes evidence of failing pods whose every text is hostile."""
    items: list[dict[str, Any]] = []
    for number in range(pods):
        name = f"web-{number}-{MARKUP}"
        about = {"kind": "Pod", "namespace": "shop", "name": name, "uid": f"uid-{number}"}
        waiting = {"reason": "ImagePullBackOff", "message": f"Back-off pulling image: {EVERYTHING}"}
        items += [
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"namespace": "shop", "name": name, "uid": f"uid-{number}", "labels": {"app": EVERYTHING}},
                "spec": {
                    "nodeName": MARKUP,
                    "serviceAccountName": MARKUP,
                    "imagePullSecrets": [{"name": f"{MARKUP}{MARKDOWN}"}],
                    "containers": [{"name": f"app{MARKUP}", "image": f"us.icr.io/shop/web:{MARKUP}"}],
                },
                "status": {
                    "phase": "Pending",
                    "containerStatuses": [{"name": f"app{MARKUP}", "state": {"waiting": waiting}}],
                },
            },
            {
                "apiVersion": "v1",
                "kind": "Event",
                "metadata": {"namespace": "shop", "name": f"e{number}"},
                "involvedObject": about,
                "type": "Warning",
                "reason": "Failed",
                "message": f'Failed to pull image "us.icr.io/shop/web": {EVERYTHING}: 401 Unauthorized',
                "count": 3,
            },
        ]
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return path
