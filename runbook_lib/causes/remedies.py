"""What to do about faults between a node and its registry; each is a list of commands and advice."""

from __future__ import annotations

from runbook_lib.model.finding import Action, note, read
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands
from runbook_lib.model.remedy import q


def host_of(image: CaseImage) -> str:
    """The registry's host, for commands."""
    return str(image.image.ref.registry) if image.image.ref else "<registry>"


def node_shell(c: Commands, pod: Pod, command: str) -> str:
    """A command run on the pod's node."""
    node = q(pod.node) if pod.node else "<node>"
    image = " --image=registry.access.redhat.com/ubi9/ubi" if c.kubectl == "kubectl" else ""
    return f"{c.kubectl} debug node/{node}{image} -- {command}"


def reach(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Tries the registry from the node itself."""
    host = host_of(image)
    return (
        read(
            "Try the registry from the node.",
            node_shell(c, pod, f"curl -sSI --max-time 10 https://{host}/v2/"),
        ),
        note(f"Allow TCP 443 to {host} (and *.icr.io for IBM Cloud) in firewall, security group, proxy or ACL."),
    )


def resolve(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Resolves the registry's name on the node."""
    host = host_of(image).partition(":")[0]
    return (
        read("Resolve the name on the node.", node_shell(c, pod, f"getent hosts {q(host)}")),
        note("Mend the node's resolver or the name in the image; a pod's DNS settings play no part in a pull."),
    )


def certificate(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Looks at the certificate that the node is shown."""
    host = host_of(image)
    at = host if ":" in host else f"{host}:443"
    return (
        read(
            "See which certificate the node is shown.",
            node_shell(c, pod, f"openssl s_client -connect {q(at)} -servername {q(host.partition(':')[0])} -brief"),
        ),
        note("Give the node the registry's CA (OpenShift: image.config.openshift.io/cluster, additionalTrustedCA)."),
    )


def disk(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Looks at the node's space for images."""
    return (
        read("See the node's space.", node_shell(c, pod, "df -h /host/var/lib /host/var/tmp")),
        read("See what the node reports.", f"{c.kubectl} describe node {q(pod.node) if pod.node else '<node>'}"),
        note("Free space on the node, or give it a larger disk; the kubelet removes unused images above 85 %."),
    )


def wait(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Advice for a registry that will answer again."""
    host = host_of(image)
    return (
        read(f"See whether {host} answers now.", f"curl -sSI --max-time 10 https://{host}/v2/"),
        note("The kubelet tries again by itself, every five minutes at most."),
    )


def limited(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Advice against a registry's rate limit."""
    return (
        note("Log in for pulls (a pull secret raises the limit), use a mirror, or wait for the window to pass."),
        note("imagePullPolicy: IfNotPresent, and images kept in your own registry, ask less often."),
    )


def kubelet_limit(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Where the kubelet's own limit is set."""
    node = q(pod.node) if pod.node else "<node>"
    return (
        read(
            "See the kubelet's limits.",
            f"{c.kubectl} get --raw /api/v1/nodes/{node}/proxy/configz | jq .kubeletconfig.registryPullQPS,"
            ".kubeletconfig.registryBurst",
        ),
        note("It passes when fewer pods start at once; raise registryPullQPS and registryBurst where it does not."),
    )


def policy(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """Where policies on images are kept."""
    return (
        read(
            "See the admission webhooks.",
            f"{c.kubectl} get validatingwebhookconfigurations,mutatingwebhookconfigurations",
        ),
        read("See OpenShift's registry policy.", "oc get image.config.openshift.io/cluster -o yaml"),
        note("Sign the image, or let the policy allow this registry; ask whoever owns the policy."),
    )


def rebuild(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """How to see a manifest's type."""
    text = q(f"docker://{image.image.text}")
    return (
        read("See the manifest's type.", f"skopeo inspect --raw {text} | jq .mediaType,.schemaVersion"),
        note("Push the image again with a current tool (Docker schema 2 or OCI), for the node's platform."),
    )


def sandbox(c: Commands, pod: Pod, image: CaseImage) -> tuple[Action, ...]:
    """How to look at a node's sandbox image."""
    return (
        read("See which pause image the node wants.", node_shell(c, pod, "chroot /host crictl info")),
        note(
            "Let the node reach that registry, or set sandbox_image (containerd) or pause_image (CRI-O) "
            "to one that it reaches."
        ),
    )
