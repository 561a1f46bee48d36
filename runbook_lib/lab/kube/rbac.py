"""Who may do what: Roles, ClusterRoles and their bindings in the store decide, as the RBAC authorizer of a
real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .refusals import ApiRefusal
from .resources import Resource
from .store import ObjectStore
from .users import MASTERS, User

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is asked: a verb on a resource (`pods/log` with its subresource), or on a path that is no
    resource.
    """

    verb: str
    group: str = ""
    resource: str = ""
    namespace: str = ""
    name: str = ""
    path: str = ""


def _covers(allowed: list[str] | None, wanted: str) -> bool:
    return bool(allowed) and ("*" in (allowed or ()) or wanted in (allowed or ()))


def rule_allows(rule: Obj, asked: Attributes) -> bool:
    """Whether one rule of a role allows what is asked."""
    if not _covers(rule.get("verbs"), asked.verb):
        return False
    if asked.path:
        return any(
            url in ("*", asked.path) or (url.endswith("*") and asked.path.startswith(url[:-1]))
            for url in rule.get("nonResourceURLs") or ()
        )
    subresource = asked.resource.partition("/")[2]
    resources = rule.get("resources")
    named = _covers(resources, asked.resource) or bool(subresource and _covers(resources, f"*/{subresource}"))
    names = rule.get("resourceNames")
    return _covers(rule.get("apiGroups"), asked.group) and named and (not names or asked.name in names)


def _is_subject(subject: Obj, user: User, namespace: str) -> bool:
    kind, name = subject.get("kind"), subject.get("name")
    if kind == "Group":
        return name in user.groups
    if kind == "ServiceAccount":
        return user.name == f"system:serviceaccount:{subject.get('namespace') or namespace}:{name}"
    return kind == "User" and name == user.name


class Authorizer:
    """Asks the RBAC objects of one store; nothing is cached, so a changed binding holds for the
    next request.
    """

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def grants(self, user: User, namespace: str) -> Iterator[tuple[Obj, str]]:
        """Each rule that the user has in the namespace (or cluster-wide, for none), with what granted it."""
        if MASTERS in user.groups:
            yield {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}, "group system:masters"
            yield {"nonResourceURLs": ["*"], "verbs": ["*"]}, "group system:masters"
        for plural, scope in (("clusterrolebindings", ""), ("rolebindings", namespace)):
            if plural == "rolebindings" and not namespace:
                continue
            for stored in self._store.storage.items(self._store.resource(plural), scope or None):
                binding = stored.obj
                for subject in binding.get("subjects") or ():
                    if _is_subject(subject, user, scope):
                        why = self._reason(binding, subject)
                        for rule in self._rules(binding, scope):
                            yield rule, why
                        break

    def allows(self, user: User, asked: Attributes) -> str | None:
        """Why the user may (the `reason` of an access review); None where nothing allows it."""
        return next((why for rule, why in self.grants(user, asked.namespace) if rule_allows(rule, asked)), None)

    def _rules(self, binding: Obj, namespace: str) -> list[Obj]:
        role = binding["roleRef"]
        plural = "clusterroles" if role["kind"] == "ClusterRole" else "roles"
        stored = self._store.stored(plural, namespace, role["name"])
        return (stored.obj.get("rules") or []) if stored else []

    @staticmethod
    def _reason(binding: Obj, subject: Obj) -> str:
        metadata, role = binding["metadata"], binding["roleRef"]
        name = f"{metadata['name']}/{metadata['namespace']}" if metadata.get("namespace") else metadata["name"]
        who = f'{subject["kind"]} "{subject["name"]}"'
        if subject["kind"] == "ServiceAccount":
            home = subject.get("namespace") or metadata.get("namespace", "")
            who = f'ServiceAccount "{subject["name"]}/{home}"'
        return f'RBAC: allowed by {binding["kind"]} "{name}" of {role["kind"]} "{role["name"]}" to {who}'


def denied(user: User, asked: Attributes) -> ApiRefusal:
    """403 in the words of the real server."""
    if asked.path:
        message = f'forbidden: User "{user.name}" cannot {asked.verb} path "{asked.path}"'
        return ApiRefusal(403, "Forbidden", message, {})
    plural = asked.resource.partition("/")[0]
    qualified = f"{plural}.{asked.group}" if asked.group else plural
    subject = f'{qualified} "{asked.name}"' if asked.name else qualified
    where = f'in the namespace "{asked.namespace}"' if asked.namespace else "at the cluster scope"
    message = (
        f'{subject} is forbidden: User "{user.name}" cannot {asked.verb} resource "{asked.resource}" '
        f'in API group "{asked.group}" {where}'
    )
    details: Obj = {"name": asked.name} if asked.name else {}
    details |= {"group": asked.group} if asked.group else {}
    return ApiRefusal(403, "Forbidden", message, {**details, "kind": plural})


def asked_for(resource: Resource, verb: str, namespace: str = "", name: str = "", subresource: str = "") -> Attributes:
    """The attributes of a request on a resource."""
    full = f"{resource.plural}/{subresource}" if subresource else resource.plural
    return Attributes(verb, resource.group, full, namespace, name)
