"""Fills the lab's object store with a scenario: each object at the age it is to have, through the API's own
checks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from runbook_lib.lab import cluster_seed
from runbook_lib.lab.clock import LabClock
from runbook_lib.lab.kube import ApiRefusal, ObjectStore
from runbook_lib.lab.kubelet import NodeState
from runbook_lib.lab.manifests import Manifest, Manifests
from runbook_lib.lab.pull_secrets import secret_data
from runbook_lib.lab.scenario import Scenario, ScenarioError

Obj = dict[str, Any]

CLUSTER_AGE = timedelta(days=1000)
INTERNAL_REGISTRY = "image-registry.openshift-image-registry.svc:5000"
_GENERATED = "openshift.io/internal-registry-auth-token.service-account"
_PLURALS = {
    "ServiceAccount": "serviceaccounts",
    "Secret": "secrets",
    "ConfigMap": "configmaps",
    "Namespace": "namespaces",
}


@dataclass(frozen=True, slots=True)
class ClusterBuilder:
    """Makes the cluster of one scenario; `key_value` gives the value of a named API key of the account."""

    scenario: Scenario
    node: NodeState
    clock: LabClock
    key_value: Callable[[str], str]

    def build(self) -> ObjectStore:
        """Makes the store with everything in it but what the kubelet adds; raises ScenarioError on a bad
        manifest.
        """
        now, manifests = self.clock(), self.scenario.manifests()
        with self.clock.at(now - CLUSTER_AGE):
            store = ObjectStore(self.clock, openshift=self.scenario.openshift, seed=self._seed())
            self._seed_cluster(store, manifests, now)
        for item in manifests:
            self._apply(store, item, now)
        return store

    def _seed(self) -> int:
        return sum(ord(letter) * (place + 1) for place, letter in enumerate(self.scenario.name))

    def _seed_cluster(self, store: ObjectStore, manifests: Manifests, now: datetime) -> None:
        namespace, openshift = self.scenario.namespace, self.scenario.openshift
        others = manifests.namespaces() - {namespace}
        for obj in cluster_seed.objects(self.node, namespace, self.clock(), now, openshift=openshift):
            store.create(obj)
        for name in sorted(others):
            if store.get("namespaces", None, name) is None:
                store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        if openshift:
            _set_internal_passwords(store)
        if self.scenario.default_secrets:
            store.create(cluster_seed.default_pull_secret(self.scenario.cluster_key, self.key_value))
            account = {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": "default", "namespace": "default"},
            }
            _merge_account(store, account | {"imagePullSecrets": [{"name": "all-icr-io"}]})

    def _apply(self, store: ObjectStore, item: Manifest, now: datetime) -> None:
        where = f"{self.scenario.name}/manifests.yaml: {item.body['kind']} {item.body['metadata']['name']}"
        try:
            obj = item.object(self.key_value)
            with self.clock.at(now - item.age):
                self._make(store, obj, item.raw)
        except ApiRefusal as refusal:
            raise ScenarioError(f"{where}: {refusal.message}") from None
        except KeyError as error:
            raise ScenarioError(f"{where}: no key is called {error}") from None

    @staticmethod
    def _make(store: ObjectStore, obj: Obj, raw: bool) -> None:
        if raw:
            store.put_raw(obj)
            return
        metadata = obj["metadata"]
        plural = _PLURALS.get(obj["kind"])
        present = store.get(plural, metadata.get("namespace"), metadata["name"]) if plural else None
        if present is None:
            store.create(obj)
        elif obj["kind"] == "ServiceAccount":
            _merge_account(store, obj)
        else:
            store.update(present | {key: value for key, value in obj.items() if key != "metadata"})


def _set_internal_passwords(store: ObjectStore) -> None:
    """Gives each generated secret a password that a scenario's internal registry can know beforehand."""
    for secret in store.list("secrets"):
        account = (secret["metadata"].get("annotations") or {}).get(_GENERATED)
        if account is None:
            continue
        password = f"lab-internal-registry-{secret['metadata']['namespace']}-{account}"
        entry = {"username": "<token>", "password": password}
        data = secret_data(secret["type"], {INTERNAL_REGISTRY: entry}, str)
        store.update(secret | {"data": data})


def _merge_account(store: ObjectStore, account: Obj) -> None:
    """Adds pull secrets to a service account that is there already, after those that it has."""
    metadata = account["metadata"]
    present = store.get("serviceaccounts", metadata["namespace"], metadata["name"])
    if present is None:
        store.create(account)
        return
    own = account.get("imagePullSecrets") or []
    store.update(present | {"imagePullSecrets": [*(present.get("imagePullSecrets") or []), *own]})
