"""Label and field selectors, parsed once per request into a predicate; what the server cannot
parse is a 400.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .refusals import bad_request
from .resources import Resource

Obj = dict[str, Any]
Predicate = Callable[[Obj], bool]

_SET = re.compile(r"^(?P<key>[^\s=!,()]+)\s+(?P<op>in|notin)\s*\((?P<values>[^()]*)\)$")
_EQUAL = re.compile(r"^(?P<key>[^\s=!,()]+)\s*(?P<op>==|!=|=)\s*(?P<value>[^\s=!,()]*)$")
_EXISTS = re.compile(r"^(?P<op>!?)\s*(?P<key>[^\s=!,()]+)$")
_COMMA_OUTSIDE_PARENTHESES = re.compile(r",(?![^(]*\))")

_META = {"metadata.name": "metadata.name", "metadata.namespace": "metadata.namespace"}
_EVENT = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
FIELDS: Mapping[str, Mapping[str, str]] = {
    "pods": {
        **{
            f: f
            for f in (
                "spec.nodeName",
                "spec.restartPolicy",
                "spec.schedulerName",
                "spec.serviceAccountName",
                "spec.hostNetwork",
                "status.phase",
                "status.podIP",
                "status.nominatedNodeName",
            )
        }
    },
    "events": {
        **{f"involvedObject.{f}": f"involvedObject.{f}" for f in _EVENT},
        "reason": "reason",
        "type": "type",
        "source": "source.component",
        "reportingComponent": "reportingComponent",
    },
    "secrets": {"type": "type"},
    "namespaces": {"status.phase": "status.phase"},
    "nodes": {"spec.unschedulable": "spec.unschedulable"},
    "jobs": {"status.successful": "status.succeeded"},
    "replicasets": {"status.replicas": "status.replicas"},
}
_ABSENT = {"spec.hostNetwork": "false", "spec.unschedulable": "false"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One term of a label selector; `operator` is one of `in`, `notin`, `exists`, `absent`."""

    key: str
    operator: str
    values: frozenset[str]

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet the term: `notin` also holds where the key is absent, as in Kubernetes."""
        if self.operator in ("exists", "absent"):
            return (self.key in labels) == (self.operator == "exists")
        if self.operator == "in":
            return labels.get(self.key) in self.values
        return labels.get(self.key) not in self.values


def parse_labels(text: str) -> tuple[Requirement, ...]:
    """The terms of a label selector such as `app=web,tier in (a, b),!old`; 400 where it does not parse."""
    found = []
    for term in _COMMA_OUTSIDE_PARENTHESES.split(text) if text.strip() else []:
        term = term.strip()
        if match := _SET.match(term):
            values = frozenset(value.strip() for value in match["values"].split(","))
            found.append(Requirement(match["key"], match["op"], values))
        elif match := _EQUAL.match(term):
            found.append(
                Requirement(match["key"], "notin" if match["op"] == "!=" else "in", frozenset({match["value"]}))
            )
        elif match := _EXISTS.match(term):
            found.append(Requirement(match["key"], "absent" if match["op"] else "exists", frozenset()))
        else:
            raise bad_request(f"unable to parse requirement: found '{term}', expected: identifier")
    return tuple(found)


def labels_match(selector: Obj | None, labels: Mapping[str, str]) -> bool:
    """Whether labels meet a `LabelSelector` object (`matchLabels`, `matchExpressions`), as
    controllers ask.
    """
    selector = selector or {}
    if any(labels.get(key) != value for key, value in (selector.get("matchLabels") or {}).items()):
        return False
    names = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "absent"}
    return all(
        Requirement(term["key"], names[term["operator"]], frozenset(term.get("values") or ())).holds(labels)
        for term in selector.get("matchExpressions") or ()
    )


def _field(obj: Obj, path: str) -> str:
    value: Any = obj
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None:
        return _ABSENT.get(path, "")
    return str(value).lower() if isinstance(value, bool) else str(value)


def parse_fields(resource: Resource, text: str) -> tuple[tuple[str, bool, str], ...]:
    """The terms of a field selector as (path, equal?, value); 400 for a field that the type
    does not offer.
    """
    known = {**_META, **FIELDS.get(resource.plural, {})}
    found = []
    for term in text.split(",") if text.strip() else []:
        match = _EQUAL.match(term.strip()) or re.match(r"^(?P<key>[^=!]+)(?P<op>==|!=|=)(?P<value>.*)$", term.strip())
        if match is None:
            raise bad_request(f"invalid selector: '{term}'; can't understand '{term}'")
        if match["key"] not in known:
            raise bad_request(f"field label not supported: {match['key']}")
        found.append((known[match["key"]], match["op"] != "!=", match["value"]))
    return tuple(found)


def selects(resource: Resource, labels: str = "", fields: str = "") -> Predicate | None:
    """The predicate of a request's two selectors; None where they select everything."""
    requirements, terms = parse_labels(labels), parse_fields(resource, fields)
    if not requirements and not terms:
        return None

    def holds(obj: Obj) -> bool:
        own = obj["metadata"].get("labels") or {}
        return all(r.holds(own) for r in requirements) and all(
            (_field(obj, path) == value) == equal for path, equal, value in terms
        )

    return holds
