"""The recorded clusters, and ways in which the same cluster may be recorded otherwise."""

from __future__ import annotations

import base64
import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "evidence"
EXPECTED: dict[str, list[str]] = json.loads((FOLDER / "expected.json").read_text())
Items = list[dict[str, Any]]


def load(name: str) -> Items:
    return json.loads((FOLDER / f"{name}.json").read_text())["items"]


def _of(kind: str, items: Items) -> Items:
    return [i for i in items if i["kind"] == kind]


def unchanged(items: Items) -> Items:
    return items


def events_gone(items: Items) -> Items:
    return [i for i in items if i["kind"] != "Event"]


def secrets_elided(items: Items) -> Items:
    for secret in _of("Secret", items):
        secret["metadata"].pop("annotations", None)
        secret["data"] = {
            k: base64.b64encode(f"{len(base64.b64decode(v))} bytes long".encode()).decode()
            for k, v in secret["data"].items()
        }
    return items


def secrets_not_collected(items: Items) -> Items:
    return [i for i in items if i["kind"] != "Secret"]


def openshift_generated(items: Items) -> Items:
    for account in _of("ServiceAccount", items):
        name = f"{account['metadata']['name']}-dockercfg-x7k2p"
        account["imagePullSecrets"] = [*(account.get("imagePullSecrets") or []), {"name": name}]
        payload = {"172.30.0.1:5000": {"username": "serviceaccount", "password": "a-token-of-the-internal-registry"}}
        items.append(
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "type": "kubernetes.io/dockercfg",
                "metadata": {
                    "name": name,
                    "namespace": account["metadata"]["namespace"],
                    "annotations": {"kubernetes.io/service-account.name": account["metadata"]["name"]},
                },
                "data": {".dockercfg": base64.b64encode(json.dumps(payload).encode()).decode()},
            }
        )
    for pod in _of("Pod", items):
        pod["spec"].setdefault("imagePullSecrets", []).append(
            {"name": f"{pod['spec']['serviceAccountName']}-dockercfg-x7k2p"}
        )
    return items


def before_1_32(items: Items) -> Items:
    """The waiting message is bare: an older kubelet does not repeat the cause."""
    for pod in _of("Pod", items):
        for status in pod["status"].get("containerStatuses", []):
            waiting = status["state"].get("waiting", {})
            if waiting.get("reason") in ("ImagePullBackOff", "ErrImagePull"):
                waiting["message"] = f'Back-off pulling image "{status["image"]}"'
                waiting["reason"] = "ImagePullBackOff"
    return items


_CRIO = (
    (r"failed to authorize: failed to fetch (?:anonymous|oauth) token: unexpected status from GET request to \S+: 401 \w+",
     "unable to retrieve auth token: invalid username/password: unauthorized: The login credentials are not valid, "
     "or your IBM Cloud account is not active."),
    (r"pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: "
     r"authorization failed", "reading manifest 1.0 in us.icr.io/demo/hello: denied: You are not authorized to access the "
     "specified resource."),
    (r"us\.icr\.io/demo/hello:nope: not found", "reading manifest nope in us.icr.io/demo/hello: manifest unknown"),
    (r"failed to do request: Head \"https://us\.icr\.io:4443/v2/demo/hello/manifests/1\.0\": dial tcp",
     'pinging container registry us.icr.io:4443: Get "https://us.icr.io:4443/v2/": dial tcp'),
)  # fmt: skip


def crio_wording(items: Items) -> Items:
    """The same faults in the words of CRI-O."""

    def reword(text: str) -> str:
        image = re.search(r'pull and unpack image "([^"]+)"', text)
        if image is None:
            return text
        for pattern, words in _CRIO:
            found = re.search(pattern, text)
            if found:
                head = text[: text.index("failed to pull and unpack")].replace("rpc error: code = NotFound desc = ", "")
                return f"{head}rpc error: code = Unknown desc = initializing source docker://{image[1]}: {words}{text[found.end() :]}"
        return text

    for event in _of("Event", items):
        event["message"] = reword(event["message"])
    for pod in _of("Pod", items):
        for status in pod["status"].get("containerStatuses", []):
            waiting = status["state"].get("waiting", {})
            if "message" in waiting:
                waiting["message"] = reword(waiting["message"])
    for node in _of("Node", items):
        node["status"]["nodeInfo"]["containerRuntimeVersion"] = "cri-o://1.31.0"
    return items


def renamed(items: Items) -> Items:
    """Other names, namespaces and hosts."""
    text = json.dumps(items)
    for secret in _of("Secret", items):
        for value in secret["data"].values():
            decoded = base64.b64decode(value).decode()
            changed = re.sub(r"\b(us|uk)\.icr\.io", r"\1.registry.example.com", decoded)
            text = text.replace(value, base64.b64encode(changed.encode()).decode())
    text = re.sub(r"\b(us|uk)\.icr\.io", r"\1.registry.example.com", text)
    text = text.replace('"shop"', '"payments"').replace("_shop(", "_payments(").replace("shop/", "payments/")
    text = re.sub(r"\bweb\b", "api", text).replace("all-icr-io", "regcred")
    return json.loads(text)


def unrelated_beside(items: Items) -> Items:
    """Other pods fail beside it, for other reasons; the pod is named."""
    for number, (reason, message) in enumerate(
        [
            ("ImagePullBackOff", 'Back-off pulling image "quay.io/x/y:1": ErrImagePull: rpc error: code = Unknown desc = '
             "reading manifest 1 in quay.io/x/y: unauthorized: access to the requested resource is not authorized"),
            ("CrashLoopBackOff", "back-off 5m0s restarting failed container"),
        ]
    ):  # fmt: skip
        pod = copy.deepcopy(_of("Pod", items)[0])
        name = f"other-{number}"
        pod["metadata"] |= {"name": name, "uid": f"uid-{number}", "ownerReferences": None, "labels": None}
        pod["spec"]["containers"][0]["image"] = "quay.io/x/y:1"
        pod["status"]["containerStatuses"] = [
            {"name": pod["spec"]["containers"][0]["name"], "image": "quay.io/x/y:1", "ready": False,
             "state": {"waiting": {"reason": reason, "message": message}}}
        ]  # fmt: skip
        items.append(pod)
    return items


CHANGES: tuple[Callable[[Items], Items], ...] = (
    unchanged,
    events_gone,
    secrets_elided,
    secrets_not_collected,
    openshift_generated,
    before_1_32,
    crio_wording,
    renamed,
    unrelated_beside,
)


def write_list(items: Items, path: Path) -> Path:
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}))
    return path


def write_must_gather(items: Items, root: Path) -> Path:
    """The same objects as must-gather lays them out: no service accounts, secret values elided."""
    import yaml

    kinds = {"Pod": "pods", "Event": "events", "Secret": "secrets"}
    for kind, resource in kinds.items():
        by_namespace: dict[str, Items] = {}
        for item in _of(kind, secrets_elided(items)):
            by_namespace.setdefault(item["metadata"]["namespace"], []).append(item)
        for namespace in by_namespace or {"shop": []}:
            folder = root / "registry-must-gather-sha256-0" / "namespaces" / namespace / "core"
            folder.mkdir(parents=True, exist_ok=True)
            body = {"apiVersion": "v1", "kind": f"{kind}List", "items": by_namespace.get(namespace, [])}
            (folder / f"{resource}.yaml").write_text(yaml.safe_dump(body))
    for node in _of("Node", items):
        folder = root / "registry-must-gather-sha256-0" / "cluster-scoped-resources" / "core" / "nodes"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{node['metadata']['name']}.yaml").write_text(yaml.safe_dump(node))
    return root
