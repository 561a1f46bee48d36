"""The resource types that the emulated server offers, and how to find one.

One table feeds the store, discovery, the OpenAPI documents and the authorizer, so that they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

ALL_VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource type: where it lives, what it is called, and whether a namespace holds it."""

    group: str
    version: str
    plural: str
    kind: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ALL_VERBS

    @property
    def api_version(self) -> str:
        """`v1` for the core group, `group/version` otherwise."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def prefix(self) -> str:
        """The path below which the group and version are served."""
        return f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"

    @property
    def qualified(self) -> str:
        """The plural with its group, as messages of the server name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


_ALL = ("all",)
_SCALED = ("scale", "status")
_REVIEW = ("create",)

KUBERNETES: tuple[Resource, ...] = (
    Resource("", "v1", "namespaces", "Namespace", False, ("ns",), subresources=("status",)),
    Resource("", "v1", "nodes", "Node", False, ("no",), subresources=("status",)),
    Resource("", "v1", "persistentvolumes", "PersistentVolume", False, ("pv",)),
    Resource("", "v1", "pods", "Pod", True, ("po",), _ALL, ("log", "status")),
    Resource("", "v1", "events", "Event", True, ("ev",)),
    Resource("", "v1", "secrets", "Secret"),
    Resource("", "v1", "serviceaccounts", "ServiceAccount", True, ("sa",)),
    Resource("", "v1", "configmaps", "ConfigMap", True, ("cm",)),
    Resource("", "v1", "services", "Service", True, ("svc",), _ALL),
    Resource("", "v1", "endpoints", "Endpoints", True, ("ep",)),
    Resource("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", True, ("pvc",)),
    Resource("", "v1", "replicationcontrollers", "ReplicationController", True, ("rc",), _ALL),
    Resource("", "v1", "limitranges", "LimitRange", True, ("limits",)),
    Resource("", "v1", "resourcequotas", "ResourceQuota", True, ("quota",)),
    Resource("apps", "v1", "deployments", "Deployment", True, ("deploy",), _ALL, _SCALED),
    Resource("apps", "v1", "replicasets", "ReplicaSet", True, ("rs",), _ALL, _SCALED),
    Resource("apps", "v1", "statefulsets", "StatefulSet", True, ("sts",), _ALL, _SCALED),
    Resource("apps", "v1", "daemonsets", "DaemonSet", True, ("ds",), _ALL, ("status",)),
    Resource("batch", "v1", "jobs", "Job", True, (), _ALL, ("status",)),
    Resource("batch", "v1", "cronjobs", "CronJob", True, ("cj",), _ALL, ("status",)),
    Resource("autoscaling", "v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", True, ("hpa",), _ALL),
    Resource("networking.k8s.io", "v1", "ingresses", "Ingress", True, ("ing",)),
    Resource("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", True, ("netpol",)),
    Resource("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", True, ("pdb",)),
    Resource("coordination.k8s.io", "v1", "leases", "Lease"),
    Resource("storage.k8s.io", "v1", "storageclasses", "StorageClass", False, ("sc",)),
    Resource("rbac.authorization.k8s.io", "v1", "roles", "Role"),
    Resource("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding"),
    Resource("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", False),
    Resource("rbac.authorization.k8s.io", "v1", "clusterrolebindings", "ClusterRoleBinding", False),
    Resource(
        "authorization.k8s.io",
        "v1",
        "selfsubjectaccessreviews",
        "SelfSubjectAccessReview",
        False,
        verbs=_REVIEW,
    ),
    Resource(
        "authorization.k8s.io",
        "v1",
        "selfsubjectrulesreviews",
        "SelfSubjectRulesReview",
        False,
        verbs=_REVIEW,
    ),
    Resource("authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", False, verbs=_REVIEW),
    Resource("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview", False, verbs=_REVIEW),
)

OPENSHIFT: tuple[Resource, ...] = (
    Resource("project.openshift.io", "v1", "projects", "Project", False),
    Resource("config.openshift.io", "v1", "clusterversions", "ClusterVersion", False),
    Resource("config.openshift.io", "v1", "imagedigestmirrorsets", "ImageDigestMirrorSet", False, ("idms",)),
    Resource("config.openshift.io", "v1", "imagetagmirrorsets", "ImageTagMirrorSet", False, ("itms",)),
    Resource("operator.openshift.io", "v1alpha1", "imagecontentsourcepolicies", "ImageContentSourcePolicy", False),
)


class Catalogue:
    """The resource types of one server; plurals are unique, so the store may be asked by plural alone."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self._by_plural = {resource.plural: resource for resource in self.resources}
        self._by_kind = {(resource.api_version, resource.kind): resource for resource in self.resources}

    def plural(self, plural: str) -> Resource | None:
        """The type with this plural, whatever its group."""
        return self._by_plural.get(plural)

    def kind(self, api_version: str, kind: str) -> Resource | None:
        """The type with this `apiVersion` and `kind`."""
        return self._by_kind.get((api_version, kind))

    def served(self, group: str, version: str) -> tuple[Resource, ...]:
        """The types of one group and version; empty where the server has no such group."""
        return tuple(r for r in self.resources if (r.group, r.version) == (group, version))

    def groups(self) -> dict[str, list[str]]:
        """Each named group and its versions, in the order of the table; the core group is not among them."""
        found: dict[str, list[str]] = {}
        for resource in self.resources:
            if resource.group and resource.version not in found.setdefault(resource.group, []):
                found[resource.group].append(resource.version)
        return found


def catalogue(openshift: bool) -> Catalogue:
    """The types of a plain Kubernetes, or of an OpenShift, which adds its own groups."""
    return Catalogue(KUBERNETES + OPENSHIFT if openshift else KUBERNETES)
