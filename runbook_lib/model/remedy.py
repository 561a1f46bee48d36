"""The document's remedies as exact commands with a case's names. Text only: the runbook never runs them."""

from __future__ import annotations

import json
import shlex

from runbook_lib.model.finding import Action, change, note, read
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.kube import ServiceAccount
from runbook_lib.model.readings import CaseContainer, Commands

_STATIC = "Node"  # the owner of a static pod's mirror: deleting that one restarts nothing
_SETTABLE = ("Deployment", "StatefulSet", "DaemonSet", "DeploymentConfig", "CronJob", "Pod")
"""Kinds whose image `set image` can change: a Job's template stays as it is, and an operator's is written anew."""


def q(word: str) -> str:
    """Quotes one word for a POSIX shell."""
    return shlex.quote(word)


def describe_pod(c: Commands, namespace: str, pod: str) -> Action:
    """Symptom 2 of the document."""
    return read("Read the pod's events.", f"{c.kubectl} describe pod {q(pod)} -n {q(namespace)}")


def get_pod(c: Commands, namespace: str, pod: str) -> Action:
    """Step 3 of the document."""
    return read("See which pull secrets the pod names.", f"{c.kubectl} get pod {q(pod)} -n {q(namespace)} -o yaml")


def list_default_secrets(c: Commands) -> Action:
    """Step 4.1 of the document."""
    return read("See the icr-io secrets of the default project.", f"{c.kubectl} get secrets -n default | grep icr-io")


def apply_pull_secrets(c: Commands) -> Action:
    """Step 4.1: has IBM Cloud make the service ID, its API key and the secrets of `default` anew."""
    tool = "oc" if c.kubectl == "oc" else "ks"
    return change(
        "Have IBM Cloud create the pull secrets in the default project. It can take some minutes, and it makes a new "
        "API key: copies in other projects must be made again.",
        f"ibmcloud {tool} cluster pull-secret apply --cluster {q(c.cluster) if '<' not in c.cluster else c.cluster}",
    )


def copy_secret(c: Commands, name: str, to_namespace: str, *, replace: bool = False, named: str = "") -> Action:
    """Step 4.2: copies a secret from `default`, without the fields that belong to the original only.

    `named` is the name of the copy, where the pod names another one.

    The document pipes through `sed 's/default/<project>/g'`, which rewrites every `default` in the text.
    """
    verb = "apply" if replace else "create"
    text = "Replace the project's copy with" if replace else "Copy"
    kept = f'.metadata={{"name":{json.dumps(named) if named else ".metadata.name"}}}'
    called = f", under the name {named}: the default project has none of that name" if named else ""
    return change(
        f"{text} {name} from the default project{called}.",
        f"{c.kubectl} get secret {q(name)} -n default -o json | jq {q(kept)} | "
        f"{c.kubectl} {verb} -n {q(to_namespace)} -f -",
    )


def list_hosts(c: Commands, namespace: str, name: str) -> Action:
    """The registries that a secret has entries for, without what it holds for them."""
    return read(
        f"See for which registries {name} in {namespace} has an entry.",
        f"{c.kubectl} get secret {q(name)} -n {q(namespace)} -o json | "
        """jq -r '.data[".dockerconfigjson"] | @base64d | fromjson | .auths | keys[]'""",
    )


def link_secret(c: Commands, account: ServiceAccount, name: str) -> Action:
    """Step 4.3: adds a secret to a service account without dropping those it has.

    The list is atomic under a strategic merge patch: the document's first form would replace it.
    """
    if c.openshift:
        return change(
            f"Let service account {account.name} use {name} for pulls.",
            f"oc secrets link {q(account.name)} {q(name)} --for=pull -n {q(account.namespace)}",
        )
    value: object = {"name": name}
    path = "/imagePullSecrets/-"
    if not account.pull_secrets:
        path, value = "/imagePullSecrets", [value]
    patch = json.dumps([{"op": "add", "path": path, "value": value}], separators=(",", ":"))
    return change(
        f"Let service account {account.name} use {name} for pulls.",
        f"{c.kubectl} patch serviceaccount {q(account.name)} -n {q(account.namespace)} --type=json -p {q(patch)}",
    )


def recreate_pod(c: Commands, namespace: str, pod: str, workload: tuple[str, str]) -> Action:
    """A pod keeps the secrets that it was made with; only a new one takes a mended service account's."""
    kind, name = workload
    if kind == _STATIC:
        return note("Its node makes this pod from a file: restart the kubelet, or take the file away and put it back.")
    if kind in ("Deployment", "StatefulSet", "DaemonSet"):
        return change(
            "Make the pods anew: a pod keeps the pull secrets it was created with.",
            f"{c.kubectl} rollout restart {kind.lower()}/{q(name)} -n {q(namespace)}",
        )
    if kind == "DeploymentConfig":
        return change(
            "Make the pods anew: a pod keeps the pull secrets it was created with.",
            f"oc rollout latest dc/{q(name)} -n {q(namespace)}",
        )
    return change(
        "Delete the pod so that it is made anew: a pod keeps the pull secrets it was created with."
        + ("" if kind != "Pod" else " Nothing makes this one again: create it once more."),
        f"{c.kubectl} delete pod {q(pod)} -n {q(namespace)}",
    )


def set_image(c: Commands, case: CaseContainer, image: str) -> Action:
    """Changes the image that a workload names, for a container or for the volume that it waits for."""
    kind, name = case.pod.workload
    container = case.container
    if container is None or kind not in _SETTABLE:
        return note(f"Name the image as {image} where the pod is defined.")
    target, namespace = f"{kind.lower()}/{q(name)}", q(case.pod.namespace)
    if container.image_volume:
        return change(
            f"Name the image as {image} in volume {container.image_volume} of the workload.",
            f"{c.kubectl} edit {target} -n {namespace}",
        )
    return change(
        "Name the right image in the workload.",
        f"{c.kubectl} set image {target} {q(container.name)}={q(image)} -n {namespace}",
    )


def create_pull_secret(c: Commands, namespace: str, name: str, host: str, username: str = "iamapikey") -> Action:
    """Makes a pull secret; the key is typed at a prompt, so that it is in no history and no process list."""
    return change(
        f"Create a pull secret for {host} (the key is asked for, and stays out of the shell's history).",
        f"read -rs KEY && {c.kubectl} create secret docker-registry {q(name)} -n {q(namespace)} "
        f'--docker-server={q(host)} --docker-username={q(username)} --docker-password="$KEY"',
    )


def list_images(image: ImageRef) -> tuple[Action, ...]:
    """Step 1 of the document, with the region that it forgets to set."""
    region = image.registry.region
    return (
        change("Point the command line at the image's region.", f"ibmcloud cr region-set {region}"),
        read(
            "List the images of the namespace.",
            f"ibmcloud cr images --restrict {q(image.repository)}",
        ),
    )


def manifest_inspect(image: ImageRef) -> Action:
    """Asks a registry for an image from a workstation."""
    return read("Ask the registry for the image from a workstation.", f"skopeo inspect --raw docker://{q(str(image))}")


def see_secret(c: Commands, namespace: str, name: str) -> Action:
    """API keys 3.1 and tokens 1: type and keys of a secret, without its value (the document prints it whole)."""
    return read(
        f"See the type and the keys of {name}; its value stays out of sight.",
        f"{c.kubectl} get secret {q(name)} -n {q(namespace)} -o json | jq '{{type, keys: (.data | keys)}}'",
    )


def decode_secret(c: Commands, namespace: str, name: str, key: str) -> Action:
    """API keys 3.3 and tokens 3: what a secret holds, without its credentials."""
    return read(
        f"See what {name} holds, without its credentials.",
        f"{c.kubectl} get secret {q(name)} -n {q(namespace)} -o json | "
        f"jq '.data[\"{key}\"] | @base64d | fromjson | del(.. | .password?, .auth?)'",
    )


def retype_secret(c: Commands, namespace: str, name: str, type_: str) -> Action:
    """API keys 3.2 and tokens 2: deletes a secret and makes it again, since its type cannot be changed."""
    made = '{apiVersion, kind, type: "' + type_ + '", metadata: {name: .metadata.name}, data}'
    return change(
        f"Make {name} again with the type that goes with its key (the type of a secret cannot be changed).",
        f"{c.kubectl} get secret {q(name)} -n {q(namespace)} -o json | jq '{made}' | "
        f"{c.kubectl} replace --force -n {q(namespace)} -f -",
    )


def registry_login(
    c: Commands, namespace: str, name: str, data_key: str, entry_key: str, host: str, username: str
) -> Action:
    """API keys 3.5 and tokens 5: the password goes from the secret to the login through a pipe.

    The document's `docker login -p` leaves it in the shell's history and in the list of processes, and
    the login would stay on the workstation: a folder made for this purpose holds it.
    """
    hosts = ".auths" if data_key == ".dockerconfigjson" else "."
    entry = f"{hosts}[{json.dumps(entry_key)}]"
    pick = 'if (.auth // "") != "" then .auth | @base64d | split(":")[1:] | join(":") else .password end'
    return read(
        f"Log in from a workstation with the credential of {name}, shown nowhere and kept in a folder of its own.",
        f'export DOCKER_CONFIG="$(mktemp -d)"; '
        f"{c.kubectl} get secret {q(name)} -n {q(namespace)} -o json | "
        f"jq -j {q(f'.data[{json.dumps(data_key)}] | @base64d | fromjson | {entry} | {pick}')} | "
        f"docker login -u {q(username)} --password-stdin {q(host)}",
    )


def pull_image(image: ImageRef) -> Action:
    """API keys 3.6 and tokens 6."""
    return read("Pull the image from a workstation after that login.", f"docker pull {q(str(image))}")


def renew_pull_secret(c: Commands, namespace: str, name: str, host: str, username: str) -> Action:
    """Puts another credential into a pull secret that exists; the key is typed at a prompt."""
    return change(
        f"Put a working credential for {host} into {name} (the key is asked for). It replaces all that {name} holds.",
        f"read -rs KEY && {c.kubectl} create secret docker-registry {q(name)} -n {q(namespace)} "
        f'--docker-server={q(host)} --docker-username={q(username)} --docker-password="$KEY" '
        f"--dry-run=client -o yaml | {c.kubectl} apply -f -",
    )
