"""Access: tokens, roles and bindings decide, and a refusal reads as a real server's."""

from __future__ import annotations

from typing import Any

import pytest

from runbook_lib.lab.kube import ObjectStore
from runbook_lib.lab.kube.rbac import Attributes, rule_allows

Obj = dict[str, Any]
API = "rbac.authorization.k8s.io"


@pytest.mark.parametrize(
    ("rule", "asked", "allowed"),
    [
        (("", "pods", "get"), Attributes("get", "", "pods"), True),
        (("", "pods", "get"), Attributes("list", "", "pods"), False),
        (("", "pods", "get"), Attributes("get", "apps", "pods"), False),
        (("", "pods", "get"), Attributes("get", "", "pods/log"), False),
        (("", "pods/log", "get"), Attributes("get", "", "pods/log"), True),
        (("", "*/log", "get"), Attributes("get", "", "pods/log"), True),
        (("*", "*", "*"), Attributes("delete", "apps", "deployments"), True),
        (("*", "*", "*"), Attributes("get", path="/version"), False),
    ],
    ids=str,
)
def test_a_rule_allows_what_it_names(rule: tuple[str, str, str], asked: Attributes, allowed: bool) -> None:
    group, resource, verb = rule
    assert rule_allows({"apiGroups": [group], "resources": [resource], "verbs": [verb]}, asked) is allowed


def test_resource_names_narrow_a_rule() -> None:
    rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"], "resourceNames": ["mine"]}
    assert rule_allows(rule, Attributes("get", "", "secrets", "shop", "mine"))
    assert not rule_allows(rule, Attributes("get", "", "secrets", "shop", "other"))
    assert not rule_allows(rule, Attributes("list", "", "secrets", "shop"))


FORBIDDEN = [
    pytest.param(
        "viewer",
        "/api/v1/namespaces/shop/secrets/x",
        'secrets "x" is forbidden: User "viewer" cannot get resource "secrets" in API group "" in the namespace "shop"',
        id="get",
    ),
    pytest.param(
        "viewer",
        "/api/v1/namespaces/shop/secrets",
        'secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "shop"',
        id="list",
    ),
    pytest.param(
        "viewer",
        "/api/v1/pods",
        'pods is forbidden: User "viewer" cannot list resource "pods" in API group "" at the cluster scope',
        id="all namespaces",
    ),
    pytest.param(
        "viewer",
        "/api/v1/nodes/worker-1",
        'nodes "worker-1" is forbidden: User "viewer" cannot get resource "nodes" in API group "" at the cluster scope',
        id="cluster scope",
    ),
    pytest.param(
        "nobody",
        "/apis/apps/v1/namespaces/shop/deployments",
        'deployments.apps is forbidden: User "nobody" cannot list resource "deployments" in API group "apps" '
        'in the namespace "shop"',
        id="named group",
    ),
    pytest.param(
        "viewer",
        "/apis/config.openshift.io/v1/clusterversions/version",
        'clusterversions.config.openshift.io "version" is forbidden: User "viewer" cannot get resource '
        '"clusterversions" in API group "config.openshift.io" at the cluster scope',
        id="a type that the server does not have",
    ),
]


@pytest.mark.parametrize(("user", "path", "message"), FORBIDDEN)
def test_forbidden_is_said_in_the_words_of_a_real_server(call: Any, user: str, path: str, message: str) -> None:
    response = call("GET", path, user)
    status = response.json()
    assert response.status_code == status["code"] == 403
    assert (status["kind"], status["status"], status["reason"]) == ("Status", "Failure", "Forbidden")
    assert status["message"] == message


def test_what_the_binding_grants_is_served(call: Any) -> None:
    assert call("GET", "/api/v1/namespaces/shop/pods", "viewer").json()["kind"] == "PodList"
    assert call("GET", "/version", "nobody").status_code == 200


def test_a_binding_made_now_holds_for_the_next_request(call: Any, store: ObjectStore) -> None:
    path = "/api/v1/namespaces/shop/pods"
    assert call("GET", path, "nobody").status_code == 403
    metadata = {"name": "nobody", "namespace": "shop"}
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]}]
    store.create({"apiVersion": f"{API}/v1", "kind": "Role", "metadata": metadata, "rules": rules})
    binding = {"apiVersion": f"{API}/v1", "kind": "RoleBinding", "metadata": metadata}
    binding["roleRef"] = {"apiGroup": API, "kind": "Role", "name": "nobody"}
    store.create({**binding, "subjects": [{"kind": "User", "name": "nobody", "apiGroup": API}]})
    assert call("GET", path, "nobody").status_code == 200


@pytest.mark.parametrize("user", ["unknown", "old"])
def test_an_unknown_and_an_expired_token_are_401(call: Any, user: str) -> None:
    response = call("GET", "/api/v1/namespaces/shop/pods", user)
    assert response.status_code == 401
    assert (response.json()["reason"], response.json()["message"]) == ("Unauthorized", "Unauthorized")


def test_a_token_expires_while_the_server_runs(call: Any, clock: Any) -> None:
    assert call("GET", "/version", "hour").status_code == 200
    clock.advance(hours=1)
    assert call("GET", "/version", "hour").status_code == 401


def test_impersonation_is_allowed_to_those_who_may(call: Any) -> None:
    path, as_viewer = "/api/v1/namespaces/shop/secrets", {"Impersonate-User": "viewer"}
    assert 'User "viewer" cannot list' in call("GET", path, headers=as_viewer).json()["message"]
    refused = call("GET", path, "viewer", headers={"Impersonate-User": "admin"}).json()
    assert refused["message"] == (
        'users "admin" is forbidden: User "viewer" cannot impersonate resource "users" in API group "" '
        "at the cluster scope"
    )
    masters = {"Impersonate-User": "x", "Impersonate-Group": "system:masters"}
    assert call("GET", path, headers=masters).status_code == 200


@pytest.mark.parametrize(
    ("user", "resource", "allowed"),
    [("admin", "secrets", True), ("viewer", "secrets", False), ("viewer", "pods", True)],
)
def test_an_access_review_agrees_with_what_would_happen(call: Any, user: str, resource: str, allowed: bool) -> None:
    attributes = {"namespace": "shop", "verb": "list", "resource": resource}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    response = call("POST", path, user, json={"spec": {"resourceAttributes": attributes}})
    assert response.status_code == 201
    assert response.json()["status"]["allowed"] is allowed
    listed = call("GET", f"/api/v1/namespaces/shop/{resource}", user)
    assert (listed.status_code == 200) is allowed


def test_a_rules_review_lists_what_the_user_may(call: Any) -> None:
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    status = call("POST", path, "viewer", json={"spec": {"namespace": "shop"}}).json()["status"]
    resources = {name for rule in status["resourceRules"] for name in rule["resources"]}
    assert "pods" in resources
    assert "secrets" not in resources
    assert status["incomplete"] is False


def test_a_user_can_ask_who_they_are(call: Any) -> None:
    status = call("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", "viewer", json={}).json()["status"]
    assert status["userInfo"] == {"username": "viewer", "groups": ["system:authenticated"]}
