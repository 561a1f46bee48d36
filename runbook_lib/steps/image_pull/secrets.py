"""Steps 3 to 4.3: does the pod name a pull secret, and where would one come from."""

from __future__ import annotations

from runbook_lib.model.account_readings import ClusterAccount
from runbook_lib.model.finding import Action, Outcome, Plain, ok, problem, skipped, unknown
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.keyring import lookup
from runbook_lib.model.kube import Pod, ServiceAccount
from runbook_lib.model.pull_secret import PullSecret
from runbook_lib.model.readings import (
    CaseImage,
    Commands,
    Credentials,
    DefaultSecrets,
    NamedSecret,
    PodSecrets,
    ProjectSecrets,
    PullFailure,
)
from runbook_lib.model.remedy import (
    apply_pull_secrets,
    copy_secret,
    get_pod,
    link_secret,
    list_default_secrets,
    recreate_pod,
)
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.model.wiring import step
from runbook_lib.steps.saying import to_read


def _described(named: NamedSecret) -> str:
    secret = named.secret
    if isinstance(secret, Unavailable):
        return f"{named.name}: {'does not exist' if secret.says_absent else secret.why.value}"
    hosts = ", ".join(secret.hosts) or "no registry"
    wrong = f"; {secret.fault_text}" if secret.fault else ""
    return f"{named.name} ({secret.type}): {hosts}{wrong}"


def _evidence(pod: Pod, secrets: PodSecrets) -> dict[str, Plain]:
    return {
        "service account": pod.service_account,
        "pull secrets of the pod": [_described(n) for n in secrets.named] or ["none"],
    }


@step("image-pull/3", "Look for the imagePullSecrets section of the pod")
def pod_names_secrets(
    pod: Pod,
    image: CaseImage,
    secrets: PodSecrets,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """Asks for a secret that matches the image's registry: on OpenShift some secret is always listed."""
    evidence, look = _evidence(pod, secrets), get_pod(c, pod.namespace, pod.name)
    if isinstance(credentials, Unavailable):
        return unknown(credentials.sentence, evidence, look)
    host = image.image.ref.registry if image.image.ref else ""
    if credentials.usable:
        names = ", ".join(dict.fromkeys(m.secret.name for m in credentials.usable))
        evidence["matching entries"] = [
            f"{m.secret.name} [{m.entry.key}] as {m.entry.username}" for m in credentials.usable
        ]
        return ok(f"The pod names {names}, with a credential for {host}.", evidence, look)
    if not credentials.complete:
        unread = ", ".join(n.name for n in secrets.unread)
        return unknown(f"The pod names {unread}; what it holds could not be read.", evidence, look)
    if not failure.failing:
        return ok(f"The pod names no secret for {host}, and needs none: no pull fails.", evidence)
    if not secrets.named:
        return problem(f"The pod names no pull secret; for {host} the node would go anonymous.", evidence, look)
    return problem(f"The pod names {', '.join(n.name for n in secrets.named)}; none covers {host}.", evidence, look)


@step("image-pull/4.1", "Verify that the default project has icr-io image pull secrets")
def default_project_secrets(
    image: CaseImage,
    default: DefaultSecrets | Unavailable,
    cluster: ClusterAccount | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """The `default` project holds icr-io secrets for the image's region; IBM Cloud makes them there."""
    ref = image.image.ref
    if ref is not None and not ref.registry.is_ibm:
        return skipped(f"{ref.registry} is not IBM Cloud Container Registry: no icr-io secret would help.")
    look, applied = list_default_secrets(c), _applied(cluster)
    if isinstance(default, Unavailable):
        return unknown(default.sentence, {"reason": default.why.value, **applied}, look, *to_read(default))
    names = [f"{s.name}: {', '.join(s.hosts) or 'entries not known'}" for s in default.icr]
    evidence: dict[str, Plain] = {"icr-io secrets": names or ["none"], **applied}
    if not names:
        finding = problem if failure.failing else ok
        return finding("The default project has no icr-io secrets.", evidence, look, apply_pull_secrets(c))
    here = f"The default project has {', '.join(s.name for s in default.icr)}"
    covering = [m.secret.name for m in lookup(default.icr, ref)] if ref else []
    if ref is not None and not covering and lookup(default.icr, ref.with_registry(ref.registry.modern)):
        return ok(f"{here}, for {ref.registry.modern}: name the registry so in the image.", evidence, look)
    if ref is None or covering or any(s.elided and not s.entries for s in default.icr):
        return ok(f"{here}.", evidence, look)
    finding = problem if failure.failing else ok
    return finding(
        f"The default project has icr-io secrets, but none for {ref.registry}.",
        evidence,
        look,
        apply_pull_secrets(c),
    )


def _applied(cluster: ClusterAccount | Unavailable) -> dict[str, Plain]:
    """Whether IBM Cloud says that it has put the secrets there, where it says so."""
    if isinstance(cluster, Unavailable) or cluster.info.pull_secret_applied is None:
        return {}
    said = "yes" if cluster.info.pull_secret_applied else "no"
    return {f"IBM Cloud has applied the pull secrets to {cluster.info.name}": said}


@step("image-pull/4.2", "Copy the all-icr-io secret to the project")
def secret_in_project(
    pod: Pod,
    image: CaseImage,
    project: ProjectSecrets,
    secrets: PodSecrets,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """The project holds a secret for the registry, and every secret that the pod names exists."""
    ref = image.image.ref
    if ref is None:
        return unknown("The image is not a valid reference, so no secret can be matched to it.")
    fits = list(dict.fromkeys(m.secret.name for m in lookup(project.secrets, ref) if m.entry.has_credential))
    evidence: dict[str, Plain] = {
        "pull secrets of the project": [f"{s.name}: {', '.join(s.hosts) or s.fault_text}" for s in project.secrets]
        or ["none"],
        "named by the pod and missing": list(secrets.missing) or ["none"],
    }
    source = "all-icr-io" if ref.registry.is_ibm else ""
    copy = (copy_secret(c, source, pod.namespace),) if source and pod.namespace != "default" else ()
    if secrets.missing and failure.failing:
        wanted = ", ".join(secrets.missing)
        mend = tuple(copy_secret(c, n, pod.namespace) for n in secrets.missing) if pod.namespace != "default" else ()
        return problem(f"The pod names {wanted}, which {pod.namespace} does not have.", evidence, *mend)
    if fits:
        return ok(f"{pod.namespace} has {', '.join(fits)} for {ref.registry}.", evidence)
    unread = [s.name for s in project.secrets if s.elided and not s.entries]
    if unread:
        return unknown(f"{pod.namespace} has {', '.join(unread)}; the values were removed from the evidence.", evidence)
    if not failure.failing or ref.registry.kind is RegistryKind.OPENSHIFT_INTERNAL:
        return ok(f"{pod.namespace} has no secret for {ref.registry}, and needs none here.", evidence)
    return problem(f"{pod.namespace} has no pull secret for {ref.registry}.", evidence, *copy)


@step("image-pull/4.3", "Add the image pull secret to the service account")
def service_account_secrets(
    pod: Pod,
    account: ServiceAccount,
    image: CaseImage,
    project: ProjectSecrets | Unavailable,
    credentials: Credentials | Unavailable,
    failure: PullFailure,
    c: Commands,
) -> Outcome:
    """The pod's own service account (not always `default`) hands a fitting secret to new pods."""
    ref = image.image.ref
    evidence: dict[str, Plain] = {
        "service account": f"{account.namespace}/{account.name}",
        "its pull secrets": list(account.pull_secrets) or ["none"],
        "pull secrets of the pod": list(pod.pull_secrets) or ["none"],
    }
    if not isinstance(credentials, Unavailable) and credentials.usable:
        held = [m.secret.name for m in credentials.usable if m.secret.name in account.pull_secrets]
        by = f"service account {account.name} names {held[0]}" if held else "the pod itself names a fitting secret"
        return ok(f"Nothing to add: {by}.", evidence)
    if ref is None or isinstance(project, Unavailable):
        why = str(project) if isinstance(project, Unavailable) else "the image is not a valid reference"
        return unknown(f"Which secret would fit is not known: {why}.", evidence)
    fits = [m.secret for m in lookup(project.secrets, ref) if m.entry.has_credential]
    again = recreate_pod(c, pod.namespace, pod.name, pod.workload)
    if not failure.failing:
        return ok(f"No pull fails; service account {account.name} needs no secret for {ref.registry}.", evidence)
    linked = [s for s in fits if s.name in account.pull_secrets]
    if linked:
        return problem(
            f"Service account {account.name} names {linked[0].name}; the pod was made before that and does not.",
            evidence,
            again,
        )
    return _not_linked(fits, account, evidence, c, again)


def _not_linked(
    fits: list[PullSecret], account: ServiceAccount, evidence: dict[str, Plain], c: Commands, again: Action
) -> Outcome:
    name = fits[0].name if fits else "all-icr-io"
    first = "" if fits else " First put one into the project (step 4.2)."
    return problem(
        f"Service account {account.name} names no secret that fits the image.{first}",
        evidence,
        link_secret(c, account, name),
        again,
    )
