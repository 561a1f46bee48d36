"""Access reviews: what `kubectl auth can-i` and `kubectl auth whoami` ask, answered by the same
authorizer.
"""

from __future__ import annotations

from typing import Any

from .rbac import Attributes, Authorizer
from .refusals import bad_request
from .users import User

Obj = dict[str, Any]


def _attributes(spec: Obj) -> Attributes:
    plain = spec.get("nonResourceAttributes")
    if plain:
        return Attributes(str(plain.get("verb")), path=str(plain.get("path")))
    asked = spec.get("resourceAttributes")
    if not asked:
        raise bad_request("exactly one of nonResourceAttributes or resourceAttributes must be specified")
    resource = str(asked.get("resource", ""))
    if asked.get("subresource"):
        resource += f"/{asked['subresource']}"
    texts = (str(asked.get(key) or "") for key in ("namespace", "name"))
    return Attributes(str(asked.get("verb", "")), str(asked.get("group") or ""), resource, *texts)


def _access(authorizer: Authorizer, user: User, spec: Obj) -> Obj:
    reason = authorizer.allows(user, _attributes(spec))
    return {"allowed": False} if reason is None else {"allowed": True, "reason": reason}


def _rules(authorizer: Authorizer, user: User, spec: Obj) -> Obj:
    resource_rules, plain_rules = [], []
    for rule, _ in authorizer.grants(user, str(spec.get("namespace") or "")):
        if rule.get("nonResourceURLs"):
            plain_rules.append({"verbs": rule["verbs"], "nonResourceURLs": rule["nonResourceURLs"]})
        else:
            keys = ("verbs", "apiGroups", "resources", "resourceNames")
            resource_rules.append({key: rule[key] for key in keys if rule.get(key)})
    return {"resourceRules": resource_rules, "nonResourceRules": plain_rules, "incomplete": False}


def review(authorizer: Authorizer, user: User, kind: str, body: Obj) -> Obj:
    """The review with its status filled in; nothing is stored."""
    spec = body.get("spec") or {}
    if kind == "SelfSubjectAccessReview":
        status = _access(authorizer, user, spec)
    elif kind == "SubjectAccessReview":
        other = User(str(spec.get("user") or ""), tuple(spec.get("groups") or ()))
        status = _access(authorizer, other, spec)
    elif kind == "SelfSubjectRulesReview":
        status = _rules(authorizer, user, spec)
    else:
        status = {"userInfo": {"username": user.name, "groups": list(user.groups)}}
    group = "authentication.k8s.io" if kind == "SelfSubjectReview" else "authorization.k8s.io"
    answer = {
        "kind": kind,
        "apiVersion": f"{group}/v1",
        "metadata": {"creationTimestamp": None},
        "status": status,
    }
    return answer if kind == "SelfSubjectReview" else {**answer, "spec": spec}
