"""What happens in clusters that live: mirrors, nodes with credentials of their own, pods made anew, odd keys."""

from __future__ import annotations

import pytest

from . import cluster as at
from . import objects
from . import words as node_says
from .cluster import diagnose, verdict
from .keys import BAD, GOOD, KNOWS_GOOD, THIRD
from .objects import EARLIER, HOST, IMAGE, elided, failed, pod, said, secret, unretrieved

DEFAULT = objects.default_secret({HOST: GOOD})
ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop/web:1.0"
RED_HAT = "registry.redhat.io/ubi9/ubi:9.4"
PAUSE = "us.icr.io/armada-master/pause:3.9"
MODEL = "quay.io/models/large:1"
MIRROR_REFUSES = (
    'Failed to pull image "{i}": rpc error: code = Unknown desc = initializing source docker://{i}: (Mirrors also '
    "failed: [mirror.corp.example/shop/web:1.0: reading manifest 1.0 in mirror.corp.example/shop/web: unauthorized: "
    "authentication required]): {i}: "
)
CLOSED_NETWORK = MIRROR_REFUSES + (
    'pinging container registry {h}: Get "https://{h}/v2/": dial tcp: lookup {h}: no such host'
)
MIRROR_AND_SOURCE = MIRROR_REFUSES + "reading manifest {t} in {h}/{r}: unauthorized: authentication required"
TOKEN = secret("s", {HOST: ("token", "made-up-token")})
UNREAD = elided(secret("u", {HOST: BAD}))
STARTING = objects.waiting("app", IMAGE, "ContainerCreating", "")


def without_uid(event: objects.Item) -> objects.Item:
    """The event as a hand-made bundle may hold it."""
    return {**event, "involvedObject": {k: v for k, v in event["involvedObject"].items() if k != "uid"}}


def sandbox(text: str) -> objects.Item:
    """The kubelet's event about the node's pause image."""
    cause = said(text, PAUSE).partition('": ')[2]
    return objects.event(
        f'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "{PAUSE}": failed '
        f'to pull image "{PAUSE}": {cause}',
        reason="FailedCreatePodSandBox",
        path="",
    )


def mounting(text: str, **how: object) -> objects.Item:
    """A pod whose container waits for an image that it mounts as a volume."""
    cause = said(text, MODEL).partition('": ')[2]
    message = f'failed to pull image "{MODEL}": {cause}'
    made = pod(status=[objects.waiting("app", IMAGE, "ErrImagePull", message)], **how)  # type: ignore[arg-type]
    made["spec"]["volumes"] = [{"name": "model", "image": {"reference": MODEL, "pullPolicy": "Always"}}]
    return made


def as_iamapikey(credential: at.Credential | None) -> at.RegistryAnswer:
    """A registry that knows the good password, under its right username."""
    if credential is None:
        return at.NO_TOKEN
    return at.ACCEPTED if (credential.username, credential.password.reveal()) == GOOD else at.REJECTED


NOTHING_CONFIRMED = {
    "a cloud whose nodes log in by themselves": ([pod(image=ECR), failed(node_says.ANONYMOUS_401, ECR)], None),
    "the same, with a leftover name of a secret": (
        [pod(image=ECR, secrets=("gone",)), failed(node_says.ANONYMOUS_401, ECR), unretrieved("gone")],
        None,
    ),
    "the same, with a secret for another registry": (
        [pod(image=ECR, secrets=("s",)), secret("s", {HOST: GOOD}), failed(node_says.ANONYMOUS_401, ECR)],
        None,
    ),
    "Red Hat's registry, to which OpenShift's nodes log in": (
        [pod(image=RED_HAT), failed(node_says.ANONYMOUS_401, RED_HAT)],
        None,
    ),
    "a closed network, whose mirror refuses": ([pod(), failed(CLOSED_NETWORK)], None),
    "a mirror refuses, and so does the registry itself": (
        [pod(secrets=("s",)), secret("s", {HOST: BAD}), failed(MIRROR_AND_SOURCE), DEFAULT],
        KNOWS_GOOD,
    ),
    "a registry token, beside a secret that could not be read": (
        [pod(secrets=("s", "u")), TOKEN, UNREAD, failed(node_says.OAUTH_401)],
        None,
    ),
    "denied, beside a secret that could not be read": (
        [pod(secrets=("s", "u")), secret("s", {HOST: THIRD}), UNREAD, failed(node_says.FORBIDDEN)],
        at.registry({THIRD[1]: at.DENIED}),
    ),
    "rejected, beside a secret that could not be read": (
        [pod(secrets=("s", "u")), secret("s", {HOST: BAD}), UNREAD, failed(node_says.OAUTH_401), DEFAULT],
        KNOWS_GOOD,
    ),
    "a wrong username, beside a secret that could not be read": (
        [pod(secrets=("s", "u")), secret("s", {HOST: ("me", GOOD[1])}), UNREAD, failed(node_says.OAUTH_401)],
        as_iamapikey,
    ),
    "words about the network that an earlier pod of this name left": (
        [pod(), without_uid(failed(node_says.NO_SUCH_HOST, last=EARLIER))],
        None,
    ),
    "words about credentials that an earlier pod of this name left": (
        [pod(), without_uid(failed(node_says.ANONYMOUS_401, last=EARLIER))],
        None,
    ),
    "a pod beside it may only use what is on its node": (
        [
            pod(),
            pod(
                "b",
                policy="Never",
                status=[
                    objects.waiting(
                        "app",
                        IMAGE,
                        "ErrImageNeverPull",
                        f'Container image "{IMAGE}" is not present with pull policy of Never',
                    )
                ],
            ),
        ],
        None,
    ),
    "a Windows node finds no manifest, and the image offers Windows": (
        [pod(), failed(node_says.NO_PLATFORM), objects.node(system="windows")],
        lambda _: at.RegistryAnswer(at.Answer.ACCEPTED, at.Hop.MANIFEST, 200, platforms=("windows/amd64",)),
    ),
    "a secret was mended in its place, and nobody asked since": (
        [pod(secrets=("s",)), secret("s", {HOST: GOOD}), failed(node_says.ANONYMOUS_401)],
        None,
    ),
}


@pytest.mark.parametrize(("items", "answers"), NOTHING_CONFIRMED.values(), ids=NOTHING_CONFIRMED)
def test_nothing_is_confirmed_where_a_rival_is_left(items, answers):
    assert at.confirmed(diagnose(*items, answers=answers)) == set()


def test_a_pod_of_the_default_project_lacks_a_secret_for_certain_only_where_its_secrets_were_listed():
    items = (pod(namespace="default"), objects.event(said(node_says.ANONYMOUS_401), namespace="default"))
    seen = diagnose(*items, namespace="default")
    unseen = diagnose(*items, namespace="default", forbidden=frozenset({"secrets"}))
    assert verdict(seen) == ("no-pull-secret", "confirmed")
    assert verdict(unseen) == ("no-pull-secret", "likely")


@pytest.mark.parametrize("items", [(pod(status=[STARTING]),), (pod(secrets=("s",), status=[STARTING]), TOKEN)])
@pytest.mark.parametrize(
    "text",
    [node_says.ANONYMOUS_401, node_says.OAUTH_401, node_says.FORBIDDEN, node_says.NOT_FOUND, node_says.NO_PLATFORM],
)
def test_the_pause_image_of_the_node_tells_nothing_of_the_pod_s_own_image(items, text):
    diagnosis = diagnose(*items, sandbox(text), DEFAULT, answers=KNOWS_GOOD)
    assert [claim.id for claim in diagnosis.causes] == ["sandbox-image-unavailable"]


def test_a_copy_is_stale_only_where_the_secret_that_it_copies_is_accepted():
    """Another secret of `default` is accepted; copying the one of this name again would change nothing."""
    items = (
        pod(secrets=("all-icr-io",)),
        secret("all-icr-io", {HOST: BAD}),
        objects.default_secret({HOST: THIRD}),
        objects.default_secret({HOST: GOOD}, name="team-b"),
        failed(node_says.OAUTH_401),
    )
    diagnosis = diagnose(*items, answers=KNOWS_GOOD)
    assert verdict(diagnosis) == ("credentials-rejected", "confirmed")
    assert "stale-secret-copy" in {e.id for e in diagnosis.excluded}


@pytest.mark.parametrize("key", ["us.icr.io:443", "us.icr.io/other", "*.us.icr.io", "registry.ng.bluemix.net/other"])
def test_a_key_that_only_looks_like_the_registry_s_is_not_its_other_name(key):
    diagnosis = diagnose(pod(secrets=("s",)), secret("s", {key: GOOD}), failed(node_says.ANONYMOUS_401))
    assert at.confirmed(diagnosis) == {"registry-not-covered"}


@pytest.mark.parametrize("other", [("me", BAD[1]), BAD], ids=["also odd", "right"])
def test_the_secret_whose_username_is_wrong_is_the_one_that_is_named(other):
    """Two secrets cover the registry; the password of the second is accepted under its right username."""
    items = (pod(secrets=("a", "b")), secret("a", {HOST: other}), secret("b", {HOST: ("you", GOOD[1])}))
    diagnosis = diagnose(*items, failed(node_says.OAUTH_401), answers=as_iamapikey)
    assert verdict(diagnosis) == ("username-mismatch", "confirmed")
    assert diagnosis.causes[0].because[0].startswith("b logs in as you")


class TestAnImageThatIsMountedAsAVolume:
    def test_its_registry_is_the_one_that_the_pod_needs_a_secret_for(self):
        items = (mounting(node_says.ANONYMOUS_401, secrets=("s",)), secret("s", {HOST: GOOD}))
        diagnosis = diagnose(*items)
        assert verdict(diagnosis) == ("registry-not-covered", "confirmed")
        assert "none matches quay.io" in diagnosis.causes[0].because[0]

    def test_its_refusal_says_nothing_of_the_credential_for_the_container_s_image(self):
        assert verdict(diagnose(mounting(node_says.OAUTH_401, secrets=("s",)), TOKEN)) == (
            "credentials-rejected",
            "likely",
        )

    def test_the_kubelet_s_event_about_it_names_the_pod_alone(self):
        waits = mounting(node_says.ANONYMOUS_401)
        waits["status"]["containerStatuses"] = [
            objects.waiting("app", IMAGE, message=f'Back-off pulling image "{MODEL}"')
        ]
        diagnosis = diagnose(waits, failed(node_says.NO_SUCH_HOST, MODEL, path=""))
        assert verdict(diagnosis) == ("dns-failure", "confirmed")

    def test_the_remedy_leaves_the_container_s_own_image_alone(self):
        waits = mounting(node_says.NOT_FOUND, owner="web")
        commands = [action.command for action in diagnose(waits).causes[0].remedy]
        assert not any("set image" in command for command in commands)


def test_no_command_is_given_for_a_pod_that_its_node_makes_from_a_file():
    made = pod()
    made["metadata"]["ownerReferences"] = [{"kind": "Node", "name": "worker-1", "controller": True}]
    commands = " ".join(a.command for a in diagnose(made, failed(node_says.ANONYMOUS_401)).causes[0].remedy)
    assert "node/worker-1" not in commands
    assert "delete pod" not in commands
