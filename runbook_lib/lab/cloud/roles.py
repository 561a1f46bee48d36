"""Which actions each role allows at each service: as far as pulling, listing and this runbook's readings go.

A Writer may pull but not list; an Administrator may do neither. Source: the product's page on access roles;
the actions of the account's own services are reduced to reading and operating.
"""

from __future__ import annotations

PULL = "container-registry.image.pull"
LIST_IMAGES = "container-registry.image.list"
LIST_NAMESPACES = "container-registry.namespace.list"
GET_QUOTA = "container-registry.quota.get"
GET_PLAN = "container-registry.plan.get"
GET_AUTH = "container-registry.auth.get"
GET_SETTINGS = "container-registry.settings.get"
APPLY_PULL_SECRET = "container-registry.pull-secret.apply"  # noqa: S105 - an action

READ_KEYS = "iam-identity.apikey.get"
READ_SERVICE_IDS = "iam-identity.serviceid.get"
READ_POLICIES = "iam-access-management.policy.read"
READ_GROUPS = "iam-groups.groups.read"
READ_RULES = "context-based-restrictions.rules.read"
READ_CLUSTER = "containers-kubernetes.cluster.read"
OPERATE_CLUSTER = "containers-kubernetes.cluster.operate"

REGISTRY = "container-registry"
SERVICE_ROLES: dict[str, tuple[str, ...]] = {
    "Reader": (PULL, LIST_IMAGES, LIST_NAMESPACES, GET_QUOTA),
    "Writer": (PULL, "container-registry.image.push", GET_QUOTA),
    "Manager": (
        PULL,
        "container-registry.image.push",
        LIST_IMAGES,
        LIST_NAMESPACES,
        GET_QUOTA,
        GET_PLAN,
        GET_AUTH,
        GET_SETTINGS,
    ),
}
_READS: dict[str, tuple[str, ...]] = {
    "iam-identity": (READ_KEYS, READ_SERVICE_IDS),
    "iam-access-management": (READ_POLICIES,),
    "iam-groups": (READ_GROUPS,),
    "context-based-restrictions": (READ_RULES,),
    "containers-kubernetes": (READ_CLUSTER,),
}
PLATFORM_ROLES = ("Viewer", "Operator", "Editor", "Administrator")
PLATFORM_SERVICES = frozenset({"iam-identity", "iam-access-management", "iam-groups", "context-based-restrictions"})


def service_of(action: str) -> str:
    """Returns the service to which an action belongs."""
    return action.split(".", 1)[0]


def service_type(service: str) -> str:
    """Returns what an all-services policy calls the service: `service` or `platform_service`."""
    return "platform_service" if service in PLATFORM_SERVICES else "service"


def allows(role: str, action: str) -> bool:
    """Returns whether a role of IBM's own allows an action at the action's service."""
    service = service_of(action)
    if service == REGISTRY:
        return action in SERVICE_ROLES.get(role, ()) or (role == "Administrator" and action == APPLY_PULL_SECRET)
    if action == OPERATE_CLUSTER:
        return role in ("Operator", "Administrator")
    return role in PLATFORM_ROLES and action in _READS.get(service, ())


def role_crn(role: str, account_id: str = "") -> str:
    """Returns the id of a role in policies; with an account, that of a custom role."""
    if account_id:
        return f"crn:v1:bluemix:public:iam::a/{account_id}::customRole:{role}"
    kind = "role" if role in PLATFORM_ROLES else "serviceRole"
    return f"crn:v1:bluemix:public:iam::::{kind}:{role}"
