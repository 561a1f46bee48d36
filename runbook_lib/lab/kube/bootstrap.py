"""What every new cluster holds before anyone creates anything: system namespaces and the standing RBAC
policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .store import ObjectStore

Obj = dict[str, Any]

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
OPENSHIFT_NAMESPACES = ("openshift", "openshift-config", "openshift-image-registry")

READ = ["get", "list", "watch"]
WRITE = ["create", "delete", "deletecollection", "patch", "update"]
_CORE_VIEW = [
    "configmaps",
    "endpoints",
    "events",
    "limitranges",
    "namespaces",
    "persistentvolumeclaims",
    "pods",
]
_CORE_VIEW += [
    "pods/log",
    "pods/status",
    "replicationcontrollers",
    "resourcequotas",
    "serviceaccounts",
    "services",
]
_CORE_EDIT = [
    "configmaps",
    "events",
    "persistentvolumeclaims",
    "pods",
    "secrets",
    "serviceaccounts",
    "services",
]
_APPS = ["daemonsets", "deployments", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets"]
_REVIEWS = ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]


def rule(groups: list[str], resources: list[str], verbs: list[str]) -> Obj:
    """One rule of a role."""
    return {"apiGroups": groups, "resources": resources, "verbs": verbs}


VIEW = [
    rule([""], _CORE_VIEW, READ),
    rule(["apps"], _APPS, READ),
    rule(["batch"], ["jobs", "cronjobs"], READ),
]
EDIT = [
    *VIEW,
    rule([""], _CORE_EDIT, READ + WRITE),
    rule(["apps"], _APPS, WRITE),
    rule(["batch"], ["jobs", "cronjobs"], WRITE),
]
ADMIN = [*EDIT, rule(["rbac.authorization.k8s.io"], ["roles", "rolebindings"], READ + WRITE)]
EVERYTHING: list[Obj] = [rule(["*"], ["*"], ["*"]), {"nonResourceURLs": ["*"], "verbs": ["*"]}]
_PATHS = ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*"]
_PATHS += ["/readyz", "/version", "/version/"]
DISCOVERY: list[Obj] = [{"nonResourceURLs": _PATHS, "verbs": ["get"]}]
BASIC = [
    rule(["authorization.k8s.io"], _REVIEWS, ["create"]),
    rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"]),
]


def _role(name: str, rules: list[Obj]) -> Obj:
    kind = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole"}
    return {
        **kind,
        "metadata": {"name": name, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}},
        "rules": rules,
    }


def _binding(name: str, group: str) -> Obj:
    group_api = "rbac.authorization.k8s.io"
    return {
        "apiVersion": f"{group_api}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": name, "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}},
        "roleRef": {"apiGroup": group_api, "kind": "ClusterRole", "name": name},
        "subjects": [{"apiGroup": group_api, "kind": "Group", "name": group}],
    }


def populate(store: ObjectStore) -> None:
    """Creates the namespaces and the standing roles and bindings of a new cluster."""
    for name in NAMESPACES + (OPENSHIFT_NAMESPACES if store.openshift else ()):
        store.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    basic = BASIC + ([rule(["project.openshift.io"], ["projects"], ["get", "list"])] if store.openshift else [])
    roles = {"cluster-admin": EVERYTHING, "admin": ADMIN, "edit": EDIT, "view": VIEW}
    roles |= {"system:basic-user": basic, "system:discovery": DISCOVERY}
    for name, rules in roles.items():
        store.create(_role(name, rules))
    for name, group in (
        ("cluster-admin", "system:masters"),
        ("system:basic-user", "system:authenticated"),
        ("system:discovery", "system:authenticated"),
    ):
        store.create(_binding(name, group))
    if store.openshift:
        version = {"state": "Completed", "version": "4.19.9", "verified": True}
        store.create(
            {
                "apiVersion": "config.openshift.io/v1",
                "kind": "ClusterVersion",
                "metadata": {"name": "version"},
                "spec": {"channel": "stable-4.19"},
                "status": {"desired": {"version": "4.19.9"}, "history": [version]},
            }
        )
