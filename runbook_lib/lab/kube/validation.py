"""What the API server refuses with 422: the rules that matter when people create or mend pods, secrets and
workloads.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .refusals import FieldCause, forbidden_value, invalid, invalid_value, required, unsupported_value
from .resources import Resource
from .secret_rules import secret_causes, secret_update_causes
from .selectors import labels_match

Obj = dict[str, Any]

_LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
_SUBDOMAIN = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
_SUBDOMAIN_TEXT = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_LABEL_TEXT = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must "
    "start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for "
    "validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
_FREE_NAMES = (
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
)  # path segment names: `system:node` is one
_POLICIES = ("Always", "IfNotPresent", "Never")
_POD_UPDATE = (
    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
    "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)


def _name_causes(obj: Obj) -> list[FieldCause]:
    name = obj["metadata"].get("name")
    if not name:
        return [required("metadata.name", "name or generateName is required")]
    if obj["kind"] in _FREE_NAMES:
        return []
    if obj["kind"] == "Namespace":
        return [] if _LABEL.match(name) and len(name) <= 63 else [_bad_name("metadata.name", name, _LABEL_TEXT)]
    return [] if _SUBDOMAIN.match(name) and len(name) <= 253 else [_bad_name("metadata.name", name, _SUBDOMAIN_TEXT)]


def _bad_name(field: str, name: str, why: str) -> FieldCause:
    return invalid_value(field, f'"{name}"', why)


def _container_causes(containers: list[Obj], path: str) -> list[FieldCause]:
    causes: list[FieldCause] = []
    seen: set[str] = set()
    for index, container in enumerate(containers):
        here = f"{path}[{index}]"
        name, image = container.get("name"), container.get("image")
        if not name:
            causes.append(required(f"{here}.name"))
        elif not _LABEL.match(name):
            causes.append(_bad_name(f"{here}.name", name, _LABEL_TEXT))
        elif name in seen:
            causes.append(FieldCause("FieldValueDuplicate", f"{here}.name", f'Duplicate value: "{name}"'))
        seen.add(name or "")
        if not image:
            causes.append(required(f"{here}.image"))
        elif image.strip() != image:
            causes.append(invalid_value(f"{here}.image", f'"{image}"', "must not have leading or trailing whitespace"))
        policy = container.get("imagePullPolicy")
        if policy is not None and policy not in _POLICIES:
            causes.append(unsupported_value(f"{here}.imagePullPolicy", policy, _POLICIES))
    return causes


def pod_spec_causes(spec: Obj, path: str = "spec") -> list[FieldCause]:
    """What is wrong with a pod spec, wherever it stands."""
    containers = spec.get("containers") or []
    causes = [] if containers else [required(f"{path}.containers")]
    causes += _container_causes(containers, f"{path}.containers")
    causes += _container_causes(spec.get("initContainers") or [], f"{path}.initContainers")
    restart, allowed = spec.get("restartPolicy"), ("Always", "OnFailure", "Never")
    if restart not in allowed:
        causes.append(unsupported_value(f"{path}.restartPolicy", str(restart), allowed))
    return causes


def _workload_causes(obj: Obj) -> list[FieldCause]:
    spec = obj["spec"]
    selector, template = spec.get("selector"), spec["template"]
    causes = []
    if not selector:
        causes.append(required("spec.selector"))
    elif not labels_match(selector, template["metadata"].get("labels") or {}):
        why = "`selector` does not match template `labels`"
        labels = ", ".join(f'"{k}":"{v}"' for k, v in (template["metadata"].get("labels") or {}).items())
        causes.append(invalid_value("spec.template.metadata.labels", f"map[string]string{{{labels}}}", why))
    causes += pod_spec_causes(template["spec"], "spec.template.spec")
    if template["spec"].get("restartPolicy") in ("OnFailure", "Never"):
        field, policy = "spec.template.spec.restartPolicy", template["spec"]["restartPolicy"]
        causes.append(unsupported_value(field, policy, ("Always",)))
    return causes


def _job_template_causes(template: Obj, path: str) -> list[FieldCause]:
    causes = pod_spec_causes(template["spec"], f"{path}.spec")
    if template["spec"].get("restartPolicy") == "Always":
        causes.append(unsupported_value(f"{path}.spec.restartPolicy", "Always", ("OnFailure", "Never")))
    return causes


def _cron_job_causes(obj: Obj) -> list[FieldCause]:
    causes = [] if obj["spec"].get("schedule") else [required("spec.schedule")]
    return causes + _job_template_causes(
        obj["spec"]["jobTemplate"]["spec"]["template"], "spec.jobTemplate.spec.template"
    )


def _binding_causes(obj: Obj) -> list[FieldCause]:
    role = obj.get("roleRef") or {}
    return [] if role.get("name") else [required("roleRef.name")]


_CREATE: dict[str, Callable[[Obj], list[FieldCause]]] = {
    "Pod": lambda obj: pod_spec_causes(obj["spec"]),
    **dict.fromkeys(("Deployment", "ReplicaSet", "StatefulSet", "DaemonSet"), _workload_causes),
    "Job": lambda obj: _job_template_causes(obj["spec"]["template"], "spec.template"),
    "CronJob": _cron_job_causes,
    "Secret": secret_causes,
    **dict.fromkeys(("RoleBinding", "ClusterRoleBinding"), _binding_causes),
}


def validate_create(resource: Resource, obj: Obj) -> None:
    """Raises 422 Invalid with every cause where a new object breaks a rule of its kind."""
    causes = _name_causes(obj)
    if obj["kind"] in _CREATE:
        causes += _CREATE[obj["kind"]](obj)
    _raise(resource, obj, causes)


def _mutable_pod_spec(spec: Obj) -> Obj:
    free = ("activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds")
    kept = {key: value for key, value in spec.items() if key not in free}
    for group in ("containers", "initContainers"):
        if group in kept:
            kept[group] = [{**container, "image": ""} for container in kept[group] or []]
    return kept


def validate_update(resource: Resource, old: Obj, new: Obj) -> None:
    """Raises 422 Invalid where the new version is wrong in itself or changes what cannot change."""
    causes = _CREATE[new["kind"]](new) if new["kind"] in _CREATE else []
    kind = new["kind"]
    if kind == "Secret":
        causes = secret_update_causes(old, new) + causes
    elif kind == "Pod" and _mutable_pod_spec(old["spec"]) != _mutable_pod_spec(new["spec"]):
        causes.append(forbidden_value("spec", _POD_UPDATE))
    elif kind in ("Deployment", "ReplicaSet", "DaemonSet", "StatefulSet"):
        if old["spec"].get("selector") != new["spec"].get("selector"):
            causes.append(invalid_value("spec.selector", str(new["spec"].get("selector")), "field is immutable"))
    elif kind == "Job" and old["spec"]["template"] != new["spec"]["template"]:
        causes.append(invalid_value("spec.template", "core.PodTemplateSpec{...}", "field is immutable"))
    elif kind in ("RoleBinding", "ClusterRoleBinding") and old.get("roleRef") != new.get("roleRef"):
        causes.append(invalid_value("roleRef", str(new.get("roleRef")), "cannot change roleRef"))
    _raise(resource, new, causes)


def _raise(resource: Resource, obj: Obj, causes: list[FieldCause]) -> None:
    if causes:
        raise invalid(resource.kind, resource.group, obj["metadata"].get("name") or "", causes)
