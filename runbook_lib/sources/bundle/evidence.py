"""Saved objects behind the interface of a cluster, honest about what was collected and what was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.kube import ClusterIdentity, RawObject, what
from runbook_lib.sources.kube_shape import misshapen
from runbook_lib.vault import vault

_RESOURCE_OF_KIND = {
    "Pod": "pods",
    "Event": "events",
    "Secret": "secrets",
    "ServiceAccount": "serviceaccounts",
    "Node": "nodes",
    "Namespace": "namespaces",
    "Deployment": "deployments",
    "ReplicaSet": "replicasets",
}
_CLUSTER_SCOPED = frozenset({"nodes", "namespaces"})
COLLECTION_KIND = "PullEvidenceCollection"
"""Kind of the object in which `runbook collect` says what it asked for and what was refused."""

_Scope = tuple[str, str]  # resource, namespace


class Evidence:
    """The objects of a bundle while it is being read, and what is known of how it was collected."""

    def __init__(self) -> None:
        self.objects: dict[_Scope, dict[str, RawObject]] = {}
        self.asked: dict[_Scope, Unavailable | None] = {}
        self.listed: set[_Scope] = set()  # scopes of which a whole list was saved, not single objects
        self.collection: Mapping[str, Any] | None = None
        self.is_gathered = False  # must-gather or `oc adm inspect`: its folders say what was asked for
        self.unreadable: list[str] = []
        self.openshift: bool | None = None
        self.count = 0

    def add(self, document: RawObject, *, listed: bool = True) -> None:
        """Takes one object; `listed` says that it stood in a List. Kinds that no step reads are only counted."""
        kind = str(document.get("kind") or "")
        if kind == COLLECTION_KIND:
            self._read_collection(document)
            return
        self.count += 1
        metadata = document.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        annotations = metadata.get("annotations")
        marks = annotations if isinstance(annotations, dict) else {}
        if "openshift.io" in str(document.get("apiVersion") or "")[:200] or any(
            str(k).startswith("openshift.io/") for k in marks
        ):
            self.openshift = True
        resource = _RESOURCE_OF_KIND.get(kind)
        name = metadata.get("name")
        if resource is None or not isinstance(name, str):
            return
        namespace = "" if resource in _CLUSTER_SCOPED else str(metadata.get("namespace") or "default")
        if resource == "secrets":
            vault().register_secret(document)
        self.objects.setdefault((resource, namespace), {})[name] = document
        if listed:
            self.listed.add((resource, namespace))

    def note_file(self, inner: PurePosixPath) -> None:
        """Learns from a must-gather's path that a list was asked for, even where it is empty."""
        parts = inner.parts
        if "namespaces" in parts:
            self.is_gathered = True
            at = parts.index("namespaces")
            if len(parts) == at + 4 and inner.stem in _RESOURCE_OF_KIND.values():
                self.asked.setdefault((inner.stem, parts[at + 1]), None)

    def tolerates(self, inner: str) -> bool:
        """True for a file of a gathered folder: one broken file of hundreds does not spoil the rest."""
        return "namespaces/" in inner or "cluster-scoped-resources/" in inner

    def _read_collection(self, document: RawObject) -> None:
        self.collection = document
        if isinstance(document.get("openshift"), bool):
            self.openshift = document["openshift"]
        for entry in document.get("asked") or ():
            if not isinstance(entry, dict):
                continue
            scope = (str(entry.get("resource") or ""), str(entry.get("namespace") or ""))
            refused = str(entry.get("refused") or "")
            why = Why(refused) if refused in set(Why) else Why.NOT_COLLECTED
            self.asked[scope] = (
                Unavailable(what(*scope), why, str(entry.get("detail") or ""), str(entry.get("remedy") or ""))
                if refused
                else None
            )


class BundleCluster:
    """Saved evidence read like a cluster. Nothing leaves this machine."""

    default_namespace = ""

    def __init__(self, evidence: Evidence, *, name: str) -> None:
        self._evidence, self._name = evidence, name

    def get(self, resource: str, namespace: str, name: str) -> RawObject | Unavailable:
        """Returns one saved object; says absent only where the list was collected."""
        found = self._evidence.objects.get((resource, namespace), {}).get(name)
        if found is None:
            return self._absent(resource, namespace, name)
        flaw = misshapen(resource, found)
        return _malformed(what(resource, namespace, name), flaw) if flaw else found

    def list(self, resource: str, namespace: str = "", *, fields: str = "") -> Sequence[RawObject] | Unavailable:
        """Returns saved objects; a list that nobody is known to have collected is unavailable, not empty."""
        if namespace or resource in _CLUSTER_SCOPED:
            held = self._evidence.objects.get((resource, namespace))
            if held is None or (resource == "secrets" and (resource, namespace) not in self._evidence.listed):
                refused = self._absent(resource, namespace, "")
                return () if refused.says_absent else refused
            items = list(held.values())
        else:
            scopes = [s for s in self._evidence.objects if s[0] == resource]
            if not scopes:
                return self._absent(resource, namespace, "")
            items = [o for s in sorted(scopes) for o in self._evidence.objects[s].values()]
        flaws = [misshapen(resource, item) for item in items]
        if resource == "secrets" and any(flaws):  # one that is left out would seem to be absent
            return _malformed(what(resource, namespace), next(filter(None, flaws)))
        return [item for item, flaw in zip(items, flaws, strict=True) if not flaw and _selected(item, fields)]

    def identity(self) -> ClusterIdentity:
        """Names the bundle."""
        collection = self._evidence.collection or {}
        return ClusterIdentity(
            kind="bundle",
            name=str(collection.get("cluster") or self._name),
            server=str(collection.get("server") or ""),
            version=str(collection.get("version") or ""),
            openshift=True if self._evidence.is_gathered else self._evidence.openshift,
        )

    def _absent(self, resource: str, namespace: str, name: str) -> Unavailable:
        about = what(resource, namespace, name)
        scope = (resource, namespace)
        if scope in self._evidence.asked:
            refused = self._evidence.asked[scope]
            if refused is not None:
                return Unavailable(about, refused.why, refused.detail, refused.remedy)
            return Unavailable(about, Why.NOT_FOUND, "it was collected, and there is none")
        if scope in self._evidence.listed:
            return Unavailable(about, Why.NOT_FOUND, f"the bundle holds {resource} of {namespace}, and not this one")
        flag = f"-n {namespace} " if namespace else ""
        remedy = f"Save it too: `oc get {resource} {flag}-o json`, or make the bundle with `runbook collect`."
        if self._evidence.is_gathered or self._evidence.collection is not None:
            return Unavailable(about, Why.NOT_COLLECTED, "the bundle was made without it", remedy)
        return Unavailable(
            about,
            Why.UNKNOWN_IF_COLLECTED,
            f"the bundle holds no {resource}{f' of {namespace}' if namespace else ''} and does not say whether they "
            "were asked for",
            remedy,
        )


def _malformed(about: str, flaw: str) -> Unavailable:
    return Unavailable(about, Why.MALFORMED, f"the saved object is malformed: {flaw}", "Save it again, unedited.")


def _selected(item: RawObject, fields: str) -> bool:
    """Applies the few field selectors that the providers use, as the API would."""
    for term in filter(None, fields.split(",")):
        path, _, wanted = term.partition("=")
        value: Any = item
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value != wanted:
            return False
    return True
