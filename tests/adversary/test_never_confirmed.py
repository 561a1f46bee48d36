"""Evidence that looks like a cause and is another's: what the words and the answers do not prove is not confirmed."""

from __future__ import annotations

import pytest

from . import cluster as at
from . import objects
from . import words as node_says
from .cluster import diagnose, verdict
from .keys import BAD, GOOD, KNOWS_GOOD, THIRD
from .objects import HOST, IMAGE, failed, pod, said, secret, unretrieved

DEFAULT = objects.default_secret({HOST: GOOD})
COVERS = secret("s", {HOST: GOOD})
REFUSED = secret("s", {HOST: BAD})
ELSEWHERE = secret("s", {"uk.icr.io": GOOD})
HARBOR = "harbor.example.com/shop/web:1.0"
HUB = "docker.io/acme/web:1"
QUAY = "quay.io/pub/web:1.0"
MIRROR_401 = node_says.ANONYMOUS_401.replace("https://{h}/", "https://mirror.corp.example/")


def waits_with(text: str, name: str = "web", **how: object) -> objects.Item:
    """A pod whose waiting message carries the cause, as since 1.32."""
    cause = said(text).partition(": ")[2]
    message = f'Back-off pulling image "{IMAGE}": ErrImagePull: {cause}'
    return pod(name, status=[objects.waiting("app", IMAGE, message=message)], **how)  # type: ignore[arg-type]


HELD_BACK = {
    "words that nobody knows, and a pod without a secret": ([pod(), failed(node_says.ODD), DEFAULT], KNOWS_GOOD),
    "an answer from here, where no channel of the node speaks": ([pod(), DEFAULT], KNOWS_GOOD),
    "a newer attempt ended in words that nobody knows": (
        [pod(), failed(node_says.NO_SUCH_HOST, last=objects.CREATED), failed(node_says.ODD)],
        None,
    ),
    "a mirror asks for a login of its own; the image is public": ([pod(image=QUAY), failed(MIRROR_401, QUAY)], None),
    "the same, beside a secret for another registry": (
        [pod(image=QUAY, secrets=("s",)), ELSEWHERE, failed(MIRROR_401, QUAY)],
        None,
    ),
    "a leftover name of a secret, and a name that Docker Hub may not have": (
        [pod(image=HUB, secrets=("gone",)), failed(node_says.SCOPE, HUB), unretrieved("gone")],
        None,
    ),
    "a secret is missing, another is for another region: either may be meant": (
        [pod(secrets=("gone", "s")), ELSEWHERE, failed(node_says.ANONYMOUS_401), unretrieved("gone")],
        None,
    ),
    "denied, and the node's own credential may have been sent": (
        [pod(secrets=("gone",)), failed(node_says.CRIO_DENIED), unretrieved("gone")],
        None,
    ),
    "every login is refused from here too: an address allow-list answers alike": (
        [pod(secrets=("s",)), COVERS, failed(node_says.OAUTH_401), DEFAULT],
        at.registry({}),
    ),
    "403 on a blob without the quota's words": ([pod(secrets=("s",)), COVERS, failed(node_says.BLOB_403)], KNOWS_GOOD),
    "a sibling is refused; this pod says nothing": (
        [
            pod(secrets=("s",)),
            REFUSED,
            waits_with(node_says.OAUTH_401, "other", node="worker-2", secrets=("s",)),
            DEFAULT,
        ],
        KNOWS_GOOD,
    ),
    "the copy is refused here, and the node was denied, not rejected": (
        [pod(secrets=("all-icr-io",)), secret("all-icr-io", {HOST: BAD}), failed(node_says.FORBIDDEN), DEFAULT],
        KNOWS_GOOD,
    ),
    "attempts with two credentials end differently": (
        [
            pod(secrets=("s",)),
            REFUSED,
            failed(
                'Failed to pull image "{i}": ['
                + node_says.OAUTH_401.partition('": ')[2]
                + ", "
                + node_says.REFUSED.partition('": ')[2]
                + "]"
            ),
        ],
        KNOWS_GOOD,
    ),
    "a pod just like it was given the image on another node": (
        [
            pod(policy="Always"),
            pod(
                "b",
                status=[objects.running("app", IMAGE)],
                node="worker-2",
                phase="Running",
                created=objects.LATER,
                policy="Always",
            ),
            failed(node_says.ANONYMOUS_401),
        ],
        None,
    ),
    "an entitlement key is denied an image of which nobody has seen that it exists": (
        [
            pod(image="cp.icr.io/cp/typo:1", secrets=("s",)),
            secret("s", {"cp.icr.io": ("cp", GOOD[1])}),
            failed(node_says.FORBIDDEN, "cp.icr.io/cp/typo:1"),
        ],
        at.registry({GOOD[1]: at.DENIED}),
    ),
    "a container is being made, and no event is left that says what it waits for": (
        [pod(status=[objects.waiting("app", IMAGE, "ContainerCreating", "")])],
        None,
    ),
}


@pytest.mark.parametrize(("items", "answers"), HELD_BACK.values(), ids=HELD_BACK)
def test_nothing_is_confirmed_of_what_is_not_proved(items, answers):
    assert at.confirmed(diagnose(*items, answers=answers)) == set()


SILENT = {
    "a layer could not be unpacked: the registry had let the node in": (
        [pod(), failed(node_says.ODD_UNPACK), DEFAULT],
        KNOWS_GOOD,
    ),
    "a proxy asks the node for a login": ([pod(), failed(node_says.PROXY_407), DEFAULT], KNOWS_GOOD),
    "a proxy's page stands where the registry should answer": (
        [pod(), failed(node_says.CRIO_PROXY_PAGE), DEFAULT],
        KNOWS_GOOD,
    ),
    "a proxy does not let the connection through": ([pod(), failed(node_says.PROXY_CLOSED), DEFAULT], KNOWS_GOOD),
    "the same, in CRI-O's words": ([pod(), failed(node_says.CRIO_PROXY_CLOSED), DEFAULT], KNOWS_GOOD),
    "a proxy's page, with a good secret": ([pod(secrets=("s",)), COVERS, failed(node_says.CRIO_PROXY_PAGE)], None),
    "a blob is forbidden: the manifest had been read": (
        [pod(image=HARBOR), failed(node_says.BLOB_403, HARBOR), objects.default_secret({"harbor.example.com": GOOD})],
        KNOWS_GOOD,
    ),
    "the event is about the image that the container had before": (
        [pod(image="us.icr.io/shop/web:2.0"), failed(node_says.NO_SUCH_HOST, "us.example.com/shop/web:1.0")],
        None,
    ),
    "the event is about the start of an earlier container": (
        [
            pod(),
            objects.event('Error: failed to start container "app": exec: "foo": executable file not found in $PATH'),
        ],
        None,
    ),
    "a sibling with other secrets was anonymous": (
        [pod(secrets=("s",)), ELSEWHERE, waits_with(node_says.ANONYMOUS_401, "other")],
        None,
    ),
    "a registry token is accepted from here": (
        [pod(secrets=("s",)), secret("s", {HOST: ("token", GOOD[1])}), failed(node_says.OAUTH_401)],
        KNOWS_GOOD,
    ),
    "it is not found, and a pod like it was given it on another node": (
        [
            pod(policy="Always"),
            pod(
                "b",
                status=[objects.running("app", IMAGE)],
                node="worker-2",
                phase="Running",
                created=objects.LATER,
                policy="Always",
            ),
            failed(node_says.NOT_FOUND),
        ],
        None,
    ),
    "nothing was sent, and the pod has a credential: the words are older than it": (
        [
            pod(secrets=("all-icr-io",)),
            secret("all-icr-io", {HOST: BAD}, created=objects.LATER),
            failed(node_says.ANONYMOUS_401),
            DEFAULT,
        ],
        KNOWS_GOOD,
    ),
}


@pytest.mark.parametrize(("items", "answers"), SILENT.values(), ids=SILENT)
def test_no_cause_is_named_that_the_evidence_speaks_against(items, answers):
    assert verdict(diagnose(*items, answers=answers))[0] == "insufficient-evidence"


SENT_ALL_THE_SAME = {
    "for another region": (pod(secrets=("s",)), ELSEWHERE),
    "of the wrong type": (pod(secrets=("s",)), secret("s", {HOST: GOOD}, type_="Opaque")),
    "that the pod does not name": (pod(), COVERS),
    "by the registry's old domain": (pod(secrets=("s",)), secret("s", {"registry.ng.bluemix.net": GOOD})),
    "without a password": (pod(secrets=("s",)), secret("s", {HOST: ("iamapikey", "")})),
}


@pytest.mark.parametrize("items", SENT_ALL_THE_SAME.values(), ids=SENT_ALL_THE_SAME)
def test_a_secret_that_gives_nothing_is_no_cause_where_the_node_did_send_a_credential(items):
    """The node has credentials of its own, which no look at the pod shows."""
    diagnosis = diagnose(*items, failed(node_says.OAUTH_401), DEFAULT, answers=KNOWS_GOOD)
    assert at.confirmed(diagnosis) == set()
    assert verdict(diagnosis) == ("credentials-rejected", "likely")


def test_a_bundle_with_some_secrets_of_a_project_does_not_confirm_that_another_is_missing():
    other = secret("db", {"example.com": GOOD})
    diagnosis = diagnose(pod(secrets=("s",)), other, failed(node_says.ANONYMOUS_401), live=False)
    assert at.confirmed(diagnosis) == set()


def test_the_same_bundle_confirms_it_where_the_kubelet_says_so_too():
    items = (
        pod(secrets=("s",)),
        secret("db", {"example.com": GOOD}),
        failed(node_says.ANONYMOUS_401),
        unretrieved("s"),
    )
    assert verdict(diagnose(*items, live=False)) == ("pull-secret-missing", "confirmed")


def test_a_secret_named_like_a_generated_one_counts_by_what_it_holds():
    named = pod(secrets=("my-dockercfg-creds",))
    diagnosis = diagnose(named, secret("my-dockercfg-creds", {HOST: BAD}), failed(node_says.CRIO_401))
    assert verdict(diagnosis) == ("credentials-rejected", "likely")
    assert "no-pull-secret" in {e.id for e in diagnosis.excluded}


def test_a_third_credential_that_is_known_and_denied_is_told_apart_from_one_that_is_rejected():
    items = (pod(secrets=("s",)), secret("s", {HOST: THIRD}), failed(node_says.OAUTH_401))
    assert at.confirmed(diagnose(*items, answers=at.registry({THIRD[1]: at.DENIED}))) == set()
