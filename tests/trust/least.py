"""A user of the practice cluster who has the rights of `deploy/` and no other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from runbook_lib.lab import Lab
from runbook_lib.lab.kube import User

DEPLOY = Path(__file__).parents[2] / "deploy"
CONTEXT = "least"
GROUP = "pull-runbook-users"
_TOKEN = "least-rights-token-0123456789"


def role_objects() -> list[dict[str, Any]]:
    """The objects of deploy/clusterrole.yaml and deploy/namespaced.yaml."""
    files = ("clusterrole.yaml", "namespaced.yaml")
    return [o for f in files for o in yaml.safe_load_all((DEPLOY / f).read_text("utf-8"))]


def granted() -> set[tuple[str, str]]:
    """Each (verb, resource) that the two roles grant."""
    rules = [rule for o in role_objects() for rule in o.get("rules", ())]
    return {(verb, resource) for rule in rules for verb in rule["verbs"] for resource in rule["resources"]}


def give(lab: Lab, *, secrets_in: Iterable[str] = ("shop", "default")) -> Mapping[str, str]:
    """Applies the roles for a new user; returns the variables that make that user's context current."""
    roles = [o for o in role_objects() if o["kind"] == "ClusterRole"]
    bindings = [o for o in role_objects() if o["kind"] == "RoleBinding"]
    for role in roles:
        lab.store.create(role)
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": GROUP}
    lab.store.create(_bound("ClusterRoleBinding", "pull-runbook", {}, subject))
    for namespace in dict.fromkeys(secrets_in):
        lab.store.create({**bindings[0], "metadata": {"name": "pull-runbook-secrets", "namespace": namespace}})
    return _variables(lab)


def give_rules(lab: Lab, rules: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
    """As `give`, for a ClusterRole of these rules alone, bound for the whole cluster."""
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": GROUP}
    metadata = {"name": "pull-runbook"}
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": metadata}
    lab.store.create({**role, "rules": [dict(rule) for rule in rules]})
    lab.store.create(_bound("ClusterRoleBinding", "pull-runbook", {}, subject))
    return _variables(lab)


def _variables(lab: Lab) -> Mapping[str, str]:
    lab.server._users[_TOKEN] = User("runbook-user", (GROUP,))
    path = lab.kubeconfig.parent / "kubeconfig-least"
    lab.server.kubeconfig(path, {CONTEXT: _TOKEN}, namespace=lab.scenario.namespace)
    return {**lab.env, "KUBECONFIG": str(path)}


def _bound(kind: str, role: str, metadata: Mapping[str, str], subject: Mapping[str, str]) -> dict[str, Any]:
    reference = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role}
    head = {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": role, **metadata}}
    return {**head, "roleRef": reference, "subjects": [dict(subject)]}
