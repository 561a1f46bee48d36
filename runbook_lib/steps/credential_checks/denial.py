"""The four causes of "access denied", each with what is known of it in this account."""

from __future__ import annotations

from dataclasses import dataclass

from runbook_lib.model.account_readings import PullIdentities, RegistryAccount, Restrictions
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import Action, Outcome, Plain, note, problem
from runbook_lib.model.image_ref import ImageRef, RegistryKind
from runbook_lib.model.remedy import list_images
from runbook_lib.model.remedy_account import allow_pull
from runbook_lib.model.unavailable import Unavailable
from runbook_lib.steps.credential_checks.scope import OUTDATED

_CAUSES = "the four causes that answer alike"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What IBM Cloud tells about the four causes; each part may be unavailable."""

    identities: PullIdentities | Unavailable
    account: RegistryAccount | Unavailable
    restrictions: Restrictions | Unavailable


def denied(
    said: str,
    ref: ImageRef,
    tests: CounterTests | None,
    around: Surroundings,
    evidence: dict[str, Plain],
    look: Action,
) -> Outcome:
    """Returns the outcome for a login that is taken and an image that is refused."""
    if ref.registry.kind is RegistryKind.ICR_ENTITLED:
        entitled = note("See in the container library of My IBM whether the key's account is entitled to this image.")
        return problem(f"{said} The entitlement key is not entitled to it, or it does not exist.", evidence, entitled)
    if not ref.registry.is_ibm:
        return problem(f"{said} This user may not read {ref.repository}, or it does not exist.", evidence, look)
    evidence[_CAUSES] = [
        f"no policy: {_policy(around.identities)}",
        f"another account: {_account(ref, around)}",
        f"a network restriction: {_network(ref, around.restrictions)}",
        f"no such repository: {_repository(ref, tests, around.account)}",
    ]
    evidence[OUTDATED] = "It names another account alone, and its pull command lacks a dot before icr.io."
    no_policy = _without_policy(around.identities)
    mend = [allow_pull(no_policy, ref)] if no_policy else []
    return problem(said, evidence, *mend, *list_images(ref), look)


def _without_policy(identities: PullIdentities | Unavailable) -> str:
    """The service ID for which no policy is known to allow the pull, or an empty string."""
    if isinstance(identities, Unavailable):
        return ""
    for identity in identities.identities:
        iam_id = getattr(identity.owner, "iam_id", "")
        if not identity.may_pull.is_yes and iam_id.startswith("iam-ServiceId-"):
            return str(iam_id.removeprefix("iam-"))
    return ""


def _policy(identities: PullIdentities | Unavailable) -> str:
    if isinstance(identities, Unavailable):
        return f"not known ({identities})"
    if not identities.identities:
        return "not known (the entry holds no API key whose owner could be asked)"
    said = []
    for identity in identities.identities:
        decision = identity.may_pull
        word = "no, one allows it" if decision.is_yes else "yes" if decision.is_no else "not known"
        said.append(f"{word} ({decision.why})")
    return ", ".join(dict.fromkeys(said))


def _account(ref: ImageRef, around: Surroundings) -> str:
    account = around.account
    if isinstance(account, Unavailable):
        return f"not known ({account})"
    if isinstance(account.namespaces, Unavailable):
        return f"not known ({account.namespaces})"
    mine = account.login.account_id
    if account.namespaces.find(ref.namespace) is None:
        return f"possible, {ref.namespace} is not among the namespaces of account {mine} that you may see"
    owners = set() if isinstance(around.identities, Unavailable) else {
        getattr(i.owner, "account_id", "") for i in around.identities.identities
    }  # fmt: skip
    strangers = sorted(owners - {"", mine})
    if strangers:
        return f"yes, {ref.namespace} is account {mine}'s and the key account {strangers[0]}'s"
    return f"no, {ref.namespace} is account {mine}'s"


def _network(ref: ImageRef, restrictions: Restrictions | Unavailable) -> str:
    if isinstance(restrictions, Unavailable):
        return f"not known ({restrictions})"
    found = []
    if not isinstance(restrictions.rules, Unavailable):
        found += [rule.says for rule in restrictions.rules.restricting(ref.namespace, ref.registry)]
    if not isinstance(restrictions.addresses, Unavailable) and restrictions.addresses.addresses:
        found.append(f"the account takes requests from {', '.join(restrictions.addresses.addresses)} only")
    if found:
        return f"possible, {'; '.join(found)}"
    unread = [str(r) for r in (restrictions.rules, restrictions.addresses) if isinstance(r, Unavailable)]
    return f"not known ({'; '.join(unread)})" if unread else "none is visible in your account"


def _repository(ref: ImageRef, tests: CounterTests | None, account: RegistryAccount | Unavailable) -> str:
    if tests is not None and (taken := tests.accepted(Origin.DEFAULT, Origin.PROJECT, Origin.REPAIRED)):
        return f"no, {taken[0].label} can read it"
    if isinstance(account, Unavailable):
        return f"not known ({account})"
    if isinstance(account.images, Unavailable):
        return f"not known ({account.images})"
    if account.images.find(ref.repository, ref.wanted) is not None:
        return f"no, your account {account.login.account_id} lists it"
    return f"possible, your account {account.login.account_id} does not list it in this region"
