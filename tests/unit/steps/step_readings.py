"""Readings for the steps, as frozen values: one failing pull of us.icr.io/shop/web:1.0, changed as a case needs it."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from runbook_lib.model.account import (
    AccountFlags,
    AllowedAddresses,
    ApiKeyDetails,
    CbrRules,
    Decision,
    KeyOwner,
    KeyState,
    ListedImage,
    LoginInfo,
    Namespace,
    Namespaces,
    OwnerKind,
    Plan,
    Policies,
    Quota,
    RegistryImages,
    ServiceId,
    Verdict,
)
from runbook_lib.model.account_readings import (
    ClusterAccount,
    PullIdentities,
    PullIdentity,
    RegistryAccount,
    Restrictions,
)
from runbook_lib.model.counter_tests import CounterTests, Origin, Trial
from runbook_lib.model.finding import Outcome
from runbook_lib.model.image_ref import parse_image
from runbook_lib.model.keyring import Match
from runbook_lib.model.kube import Container, Pod, Role
from runbook_lib.model.pull_error import parse
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.pull_secret_decode import decode_pull_secret
from runbook_lib.model.readings import (
    CaseContainer,
    CaseImage,
    Commands,
    DefaultSecrets,
    NamedSecret,
    PodSecrets,
    PullFailure,
    Said,
)
from runbook_lib.model.registry_answer import Answer, Hop, RegistryAnswer
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.model.wiring import Step
from runbook_lib.providers import PROVIDERS
from runbook_lib.resolve import Resolver

IMAGE = "us.icr.io/shop/web:1.0"
KEY = "a-key-that-no-finding-may-show"
MINE, PARTNER = "account-of-the-shop", "account-of-a-partner"
SERVICE_ID = "iam-ServiceId-1111"

UNAUTHORIZED = (
    f'Failed to pull image "{IMAGE}": failed to pull and unpack image "{IMAGE}": failed to resolve reference '
    f'"{IMAGE}": failed to authorize: failed to fetch oauth token: unexpected status from GET request to '
    "https://us.icr.io/oauth/token?scope=repository%3Ashop%2Fweb%3Apull&service=registry: 401 Unauthorized"
)
FORBIDDEN = (
    f'Failed to pull image "{IMAGE}": failed to pull and unpack image "{IMAGE}": failed to resolve reference '
    f'"{IMAGE}": unexpected status from HEAD request to https://us.icr.io/v2/shop/web/manifests/1.0: 403 Forbidden'
)
OVER_QUOTA = (
    f'Failed to pull image "{IMAGE}": fetching blob: denied: Your account has exceeded its pull traffic quota '
    "for the current month."
)
PRIVATE_ONLY = (
    f'Failed to pull image "{IMAGE}": denied: Private-only access is enabled on this account, but this request '
    "was over the public network. You must access this account over the private network"
)


def unavailable(why: Why = Why.NOT_ASKED, detail: str = "asking was turned off (--no-probe)") -> Unavailable:
    return Unavailable("the registry's own answers", why, detail)


def secret(
    name: str = "all-icr-io",
    entries: Mapping[str, tuple[str, str]] | None = None,
    *,
    namespace: str = "shop",
    type_: str = "kubernetes.io/dockerconfigjson",
    key: str = ".dockerconfigjson",
    payload: object = None,
    annotations: Mapping[str, str] | None = None,
) -> PullSecret:
    """A pull secret as the API gives it, decoded; `payload` replaces what the entries would make."""
    hosts = {
        host: {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}
        for host, (user, password) in (entries or {"us.icr.io": ("iamapikey", KEY)}).items()
    }
    made = payload if payload is not None else hosts if key == ".dockercfg" else {"auths": hosts}
    raw = made if isinstance(made, str) else json.dumps(made)
    return decode_pull_secret(
        {
            "metadata": {"name": name, "namespace": namespace, "annotations": dict(annotations or {})},
            "type": type_,
            "data": {key: base64.b64encode(raw.encode()).decode()},
        }
    )


def token_secret(host: str = "us.icr.io", **changes: str) -> PullSecret:
    """A secret of the old kind, with a registry token."""
    told = {"type_": "kubernetes.io/dockercfg", "key": ".dockercfg", **changes}
    return secret("bluemix-default-secret", {host: ("token", KEY)}, **told)


def forbidden(name: str = "all-icr-io") -> NamedSecret:
    return NamedSecret(
        name, Unavailable(f"Secret shop/{name}", Why.FORBIDDEN, "the login may not get secrets", "Ask for it.")
    )


def missing(name: str = "all-icr-io") -> NamedSecret:
    return NamedSecret(name, Unavailable(f"Secret shop/{name}", Why.NOT_FOUND, "there is none"))


def pod_secrets(*held: PullSecret | NamedSecret) -> PodSecrets:
    return PodSecrets(tuple(h if isinstance(h, NamedSecret) else NamedSecret(h.name, h) for h in held))


def failing(text: str = UNAUTHORIZED) -> PullFailure:
    return PullFailure(True, "ImagePullBackOff", (Said("event", text, parse(text)),))


NOT_FAILING = PullFailure(False, "")


def image(text: str) -> CaseImage:
    return CaseImage(parse_image(text))


def answer(what: Answer, *, logged_in: bool = False, **more: object) -> RegistryAnswer:
    hop = Hop.TOKEN if what is Answer.CREDENTIALS_REJECTED else Hop.MANIFEST
    return RegistryAnswer(what, hop, logged_in=logged_in, **more)  # type: ignore[arg-type]


TAKEN = answer(Answer.ACCEPTED, logged_in=True, status=200)
REJECTED = answer(Answer.CREDENTIALS_REJECTED, status=401)
DENIED = answer(Answer.DENIED, logged_in=True, status=403)


def trial(origin: Origin, given: RegistryAnswer, *, name: str = "all-icr-io", username: str = "iamapikey") -> Trial:
    namespace = "default" if origin is Origin.DEFAULT else "shop"
    return Trial(origin, namespace, name, "us.icr.io", username, given, origin is Origin.POD)


def counter_tests(*trials: Trial, of: str = IMAGE) -> CounterTests:
    ref = parse_image(of).ref
    assert ref is not None
    return CounterTests(ref, trials)


OWNER = KeyOwner(KeyState.ACCEPTED, SERVICE_ID, OwnerKind.SERVICE_ID, "cluster-shop-prod", MINE)
PERSON = KeyOwner(KeyState.ACCEPTED, "IBMid-1", OwnerKind.USER, "ops@shop.example", MINE)
ALLOWED = Decision(Verdict.YES, "Reader on serviceName=container-registry")
NO_POLICY_VISIBLE = Decision(Verdict.UNSURE, "no policy of this identity is visible to you")


def refused_key(state: KeyState, code: str = "BXNIM0415E") -> KeyOwner:
    return KeyOwner(state, code=code, text="as IAM says it")


def identity(
    owner: KeyOwner | Unavailable = OWNER,
    may_pull: Decision = ALLOWED,
    *,
    details: ApiKeyDetails | Unavailable | None = None,
    service_id: ServiceId | Unavailable | None = None,
    policies: Policies | Unavailable | None = None,
) -> PullIdentity:
    held = secret()
    nothing = Unavailable("the rest", Why.NOT_APPLICABLE, "IAM names no owner of it")
    return PullIdentity(
        Match(held, held.entries[0]),
        owner,
        details or nothing,
        service_id or nothing,
        policies or Policies(SERVICE_ID, MINE, ()),
        may_pull,
    )


def identities(*found: PullIdentity) -> PullIdentities:
    return PullIdentities(found)


def registry_account(
    *,
    tags: tuple[str, ...] = ("1.0", "1.1"),
    repository: str = "shop/web",
    namespaces: tuple[str, ...] = ("shop",),
    traffic: tuple[int, int] = (10, 100),
    storage: tuple[int, int] = (10, 100),
) -> RegistryAccount:
    """What the login's account holds at us.icr.io; traffic and storage are (used, limit) in bytes."""
    host = "us.icr.io"
    listed = (ListedImage(repository, "sha256:" + "1" * 64, tags),) if tags else ()
    return RegistryAccount(
        LoginInfo(MINE, "IBMid-1", OwnerKind.USER, "ops@shop.example", "a test"),
        RegistryImages(host, MINE, "shop", listed, "shop/web"),
        Namespaces(host, MINE, tuple(Namespace(n) for n in namespaces)),
        Quota(host, MINE, traffic[1], traffic[0], storage[1], storage[0]),
        Plan(host, MINE, "Free"),
        AccountFlags(host, MINE, private_only=False),
    )


NO_RESTRICTIONS = Restrictions(CbrRules(MINE, ()), AllowedAddresses(MINE, ()))

_POD = Pod(
    "shop",
    "web-0",
    owner_kind="StatefulSet",
    owner_name="web",
    containers=(Container("app", Role.REGULAR, IMAGE, state="waiting", reason="ImagePullBackOff"),),
)
_TYPES = (
    Pod, CaseContainer, CaseImage, PodSecrets, PullFailure, CounterTests, PullIdentities, RegistryAccount,
    Restrictions, ClusterAccount, DefaultSecrets, Commands,
)  # fmt: skip


def outcome(step: Step, *readings: object, without: type | None = None) -> Outcome | Unavailable:
    """Runs a step on the usual case, with these readings in place of the usual ones.

    Credentials are looked up by the real provider, so that a case names its secrets only.
    """
    no_login = Unavailable("the IBM Cloud login", Why.NO_LOGIN, "there is no login")
    given: dict[type, object] = {
        Pod: _POD,
        CaseContainer: CaseContainer(_POD, _POD.containers[0]),
        CaseImage: image(IMAGE),
        PodSecrets: pod_secrets(secret()),
        PullFailure: failing(),
        CounterTests: unavailable(),
        PullIdentities: no_login,
        RegistryAccount: no_login,
        Restrictions: no_login,
        ClusterAccount: no_login,
        DefaultSecrets: DefaultSecrets((secret(namespace="default"),)),
        Commands: Commands("oc", openshift=True, cluster="shop-prod"),
    }
    for reading in readings:
        given[next(t for t in _TYPES if isinstance(reading, t))] = reading
    if without is not None:
        given[without] = Unavailable("what this case leaves out", Why.FORBIDDEN, "the login may not")
    return Resolver(given, PROVIDERS).call(step.run, step.needs)


def commands(found: Outcome) -> str:
    """The commands of an outcome, one a line."""
    return "\n".join(a.command for a in found.next if a.command)


def evidence(found: Outcome) -> dict[str, str]:
    """The evidence as text, by its label."""
    return {label: "\n".join(v) if isinstance(v, list) else str(v) for label, v in found.evidence}
