"""The registry domains of the secret against the one of the image, compared as the kubelet compares them."""

from __future__ import annotations

from runbook_lib.model.finding import Action, Outcome, Plain, note, ok, problem, skipped, unknown
from runbook_lib.model.image_ref import ImageRef, RegistryHost
from runbook_lib.model.keyring import key_matches, normalise_key
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseContainer, CaseImage, Commands, Credentials, PullFailure
from runbook_lib.model.remedy import apply_pull_secrets, copy_secret, create_pull_secret, set_image
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.steps.credential_checks.scope import CredentialKind, Scope


def coverage(
    scope: Scope,
    case: CaseContainer,
    image: CaseImage,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """Some entry covers the image's host, by text: an old and a new name of one registry do not match."""
    if not scope.named:
        return skipped(scope.why_not)
    ref = image.image.ref
    if ref is None or isinstance(credentials, Unavailable):
        return skipped("The image is not a valid reference (image-pull/1): no domain can be compared.")
    entries = [(s.name, e.key) for s in scope.read for e in s.entries]
    evidence: dict[str, Plain] = {
        "domain of the image": str(ref.registry),
        "domains of the secrets": [f"{n} [{k}]: {relation(k, ref)}" for n, k in entries] or ["none readable"],
    }
    matches = scope.matches(credentials)
    if matches:
        where = ", ".join(f"{m.secret.name} [{m.entry.key}]" for m in matches)
        return ok(f"{ref.registry} is covered by {where}.", evidence)
    if scope.unread:
        return unknown(f"No entry that could be read covers {ref.registry}. {scope.why_unread()}", evidence)
    ignored = [s for s in scope.read if not s.is_read_by_kubelet and any(key_matches(e.key, ref) for e in s.entries)]
    if ignored:
        step = scope.step("type")
        return ok(f"{ignored[0].name} names {ref.registry}, but the kubelet passes over it (step {step}).", evidence)
    if credentials.broken is not None:
        step = scope.step("decode")
        return unknown(f"What {credentials.broken.name} covers is not known: see step {step}.", evidence)
    if not failure.failing:
        return ok(f"No secret covers {ref.registry}, and none is needed: no pull fails.", evidence)
    if not scope.read:
        step = scope.step("get")
        return skipped(f"{', '.join(scope.missing)} does not exist (step {step}).", evidence)
    if credentials.usable:
        other = credentials.usable[0]
        return ok(f"Another secret covers {ref.registry}: {other.secret.name} [{other.entry.key}].", evidence)
    renamed = next((k for _, k in entries if _other_name(k, ref)), "")
    if renamed:
        return problem(
            f"{renamed} and {ref.registry} are two names of one registry; the kubelet compares the text, "
            "so the secret does not serve the image.",
            evidence,
            *_renaming(scope, case, ref, c),
        )
    held = ", ".join(dict.fromkeys(k for _, k in entries)) or "nothing that the kubelet reads"
    return problem(
        f"No secret that the pod uses covers {ref.registry}; they hold {held}.",
        evidence,
        *_getting(scope, case.pod, ref, c),
    )


def _host(key: str) -> RegistryHost:
    return RegistryHost(normalise_key(key).partition("/")[0])


def _other_name(key: str, ref: ImageRef) -> bool:
    host = _host(key)
    return host.name != ref.registry.name and host.same_registry(ref.registry)


def relation(key: str, ref: ImageRef) -> str:
    """How an entry's key stands to the image, in words."""
    host, image = _host(key), ref.registry
    if key_matches(key, ref):
        return "covers the image"
    if host.name == image.name:
        return "the same registry, for other repositories only"
    if host.host == image.host:
        return "the same registry by another port, which the kubelet takes for another one"
    if host.same_registry(image):
        return f"the same registry by its {'new' if host.name == host.modern else 'deprecated'} name"
    if not host.is_ibm or not image.is_ibm:
        return "another registry"
    if host.region == image.region:
        return f"the {'private' if host.is_private else 'public'} name of the same region, which needs its own entry"
    if host.region == "global":
        return "the global registry, not the region's"
    return f"another region ({host.region or 'not known'})"


def _renaming(scope: Scope, case: CaseContainer, ref: ImageRef, c: Commands) -> list[Action]:
    new = ref.with_registry(ref.registry.modern)
    if new == ref:
        return _getting(scope, case.pod, ref, c)
    return [set_image(c, case, str(new))]


def _getting(scope: Scope, pod: Pod, ref: ImageRef, c: Commands) -> list[Action]:
    """How the pod gets an entry for the registry; a copy of all-icr-io holds every public domain."""
    names = [n.name for n in scope.named]
    if not ref.registry.is_ibm:
        return [create_pull_secret(c, pod.namespace, f"{ref.registry.host}-pull", str(ref.registry), "<username>")]
    if ref.registry.is_private:
        return [create_pull_secret(c, pod.namespace, "private-icr-io", str(ref.registry))]
    if pod.namespace == "default":
        return [apply_pull_secrets(c)]
    copy = copy_secret(c, "all-icr-io", pod.namespace, replace="all-icr-io" in names)
    if scope.kind is CredentialKind.TOKEN:
        return [
            note("The document's way, a token for the other region, is closed: no token can be made any more."),
            copy,
        ]
    return [copy]
