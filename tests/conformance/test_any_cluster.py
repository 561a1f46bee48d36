"""What the runbook takes for granted of a cluster holds in the practice cluster and in a real one.

The real one is named by RUNBOOK_CONFORMANCE_KUBECONFIG. The tests make a namespace of their own, write only into
it, and delete it at the end; the images that they name cannot be pulled from anywhere, so nothing is downloaded.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from kubernetes import client, config
from kubernetes.client.rest import ApiException

from runbook_lib.lab import Lab
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.cluster import open_cluster

pytestmark = [pytest.mark.conformance, pytest.mark.xdist_group("any-cluster")]
VARIABLE = "RUNBOOK_CONFORMANCE_KUBECONFIG"
PATIENCE = 120.0  # seconds for a kubelet to try
NOWHERE = "registry.invalid/team/app:1"  # a name that no DNS may ever know (RFC 2606)
JSON_TYPE = "kubernetes.io/dockerconfigjson"
REFUSED = {"auths": {"registry.invalid": {"username": "nobody", "password": "nothing-at-all"}}}


@dataclass(frozen=True)
class Cluster:
    """A cluster, a namespace of our own in it, and how to find it."""

    api: client.CoreV1Api
    kubeconfig: str
    namespace: str
    environment: dict[str, str] = field(repr=False)

    def secret(self, name: str, payload: str, kind: str = JSON_TYPE, key: str = ".dockerconfigjson") -> None:
        data = {key: base64.b64encode(payload.encode()).decode()}
        self.api.create_namespaced_secret(self.namespace, {"metadata": {"name": name}, "type": kind, "data": data})

    def pod(self, name: str, image: str, **spec: Any) -> None:
        container = {"name": "app", "image": image, "imagePullPolicy": spec.pop("policy", "Always")}
        body = {"metadata": {"name": name}, "spec": {"containers": [container], "restartPolicy": "Never", **spec}}
        self.api.create_namespaced_pod(self.namespace, body)

    def diagnose(self, name: str) -> dict[str, Any]:
        command = (sys.executable, "-m", "runbook_lib", "diagnose", "--kubeconfig", self.kubeconfig,
                   "-n", self.namespace, name, "--no-probe", "--format", "json")  # fmt: skip
        run = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert run.returncode in (0, 1, 3), run.stderr
        return dict(json.loads(run.stdout)["verdict"])

    def events(self, name: str) -> list[tuple[str, str]]:
        found = self.api.list_namespaced_event(self.namespace, field_selector=f"involvedObject.name={name}")
        return [(event.reason, event.message or "") for event in found.items]

    def waiting(self, name: str) -> str:
        statuses = self.api.read_namespaced_pod(name, self.namespace).status.container_statuses or []
        return next((s.state.waiting.reason for s in statuses if s.state.waiting), "")


@pytest.fixture(scope="module", params=["the practice cluster", "a real cluster"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    if request.param == "the practice cluster":
        with Lab("healthy", live=True) as lab:
            yield from _with_namespace(str(lab.kubeconfig), lab.environ())
        return
    named = os.environ.get(VARIABLE, "")
    if not named:
        pytest.skip(f"{VARIABLE} names no cluster")
    yield from _with_namespace(named, dict(os.environ))


def _with_namespace(kubeconfig: str, environment: dict[str, str]) -> Iterator[Cluster]:
    api = client.CoreV1Api(config.new_client_from_config(kubeconfig))
    name = f"runbook-conformance-{secrets.token_hex(4)}"
    api.create_namespace({"metadata": {"name": name}})
    made = Cluster(api, kubeconfig, name, environment)
    try:
        _until(lambda: _has_default_account(made))
        yield made
    finally:
        api.delete_namespace(name)


def _has_default_account(cluster: Cluster) -> bool:
    return any(
        a.metadata.name == "default" for a in cluster.api.list_namespaced_service_account(cluster.namespace).items
    )


def _until(holds: Callable[[], Any]) -> Any:
    """Waits until something holds and returns it; what never does is a failure."""
    until = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < until, "it did not come to be"
        time.sleep(0.5)
    return found


def test_a_typed_secret_that_is_not_json_is_refused(cluster: Cluster) -> None:
    """So a malformed secret of this type is found only in bundles, and in secrets of type Opaque."""
    with pytest.raises(ApiException) as told:
        cluster.secret("not-json", "{")
    assert told.value.status == 422
    cluster.secret("opaque", "{", kind="Opaque")


def test_a_secret_that_does_not_exist_is_known_to_be_absent(cluster: Cluster) -> None:
    found = open_cluster(kubeconfig=cluster.kubeconfig).get("secrets", cluster.namespace, "nobody-made-this")
    assert isinstance(found, Unavailable)
    assert found.why is Why.NOT_FOUND
    assert found.says_absent


def test_a_pod_takes_the_pull_secrets_of_its_service_account_when_it_is_made(cluster: Cluster) -> None:
    """And keeps them: a pod that is older than the link has none."""
    body = {"metadata": {"name": "puller"}, "imagePullSecrets": [{"name": "of-the-account"}]}
    cluster.api.create_namespaced_service_account(cluster.namespace, body)
    cluster.pod("linked", NOWHERE, serviceAccountName="puller")
    named = cluster.api.read_namespaced_pod("linked", cluster.namespace).spec.image_pull_secrets
    assert "of-the-account" in [secret.name for secret in named]


def test_an_image_name_that_is_none_is_told_without_a_pull(cluster: Cluster) -> None:
    cluster.pod("bad-name", "us.icr.io/Team/App:1")
    _until(lambda: cluster.waiting("bad-name") == "InvalidImageName")
    verdict = cluster.diagnose("bad-name")
    assert (verdict["cause"], verdict["confidence"]) == ("image-name-invalid", "confirmed")


def test_an_image_that_may_not_be_pulled_and_is_not_there_is_told_so(cluster: Cluster) -> None:
    cluster.pod("never", NOWHERE, policy="Never")
    _until(lambda: cluster.waiting("never") == "ErrImageNeverPull")
    verdict = cluster.diagnose("never")
    assert (verdict["cause"], verdict["confidence"]) == ("never-pull-policy", "confirmed")


def test_a_named_secret_that_is_missing_is_told_by_an_event(cluster: Cluster) -> None:
    """The kubelet goes on without it: the event is a warning beside the pull's own error."""
    cluster.pod("without", NOWHERE, imagePullSecrets=[{"name": "nobody-made-this"}])
    told = _until(lambda: [m for r, m in cluster.events("without") if r == "FailedToRetrieveImagePullSecret"])
    assert "nobody-made-this" in told[0]


def test_a_registry_that_has_no_address_is_told_by_the_nodes_own_words(cluster: Cluster) -> None:
    """The verdict is never a cause that the credential would have: no registry was asked."""
    cluster.secret("wrong", json.dumps(REFUSED))
    cluster.pod("no-address", NOWHERE, imagePullSecrets=[{"name": "wrong"}])
    _until(lambda: cluster.waiting("no-address") in ("ErrImagePull", "ImagePullBackOff"))
    _until(lambda: any(r == "Failed" and "registry.invalid" in m for r, m in cluster.events("no-address")))
    verdict = cluster.diagnose("no-address")
    assert verdict["cause"] in ("dns-failure", "network-timeout", "insufficient-evidence")
