r"""The image has no manifest for the node's operating system and architecture.

## What it is
`no match for platform in manifest`, `no matching manifest for linux/…`, `no image found in manifest list for
architecture …`: the image is there and may be read, and holds nothing for this node.

## Why it happens
An image built on a workstation with another processor (arm64 for amd64 nodes), a single-platform image on a cluster
of mixed nodes (s390x, ppc64le), or a Windows image on a Linux node.

## How it is told from its rivals
**confirmed** where the node's words have no other reading, or the image, asked from here, offers other platforms.
- [`tag-not-found`] – `manifest unknown`; here a manifest list was found and read.
- [`manifest-unsupported`] – the type of the manifest is the trouble, not what it is for.
- [`not-an-image-pull-problem`] – a single-platform image without a list may be pulled and then end with `exec
  format error`: a crash loop, of the same origin.
- That the pod pulls on one node and not on another speaks for this cause.

## How to fix it
```sh
kubectl get node <node> -o jsonpath='{.status.nodeInfo.operatingSystem}/{.status.nodeInfo.architecture}'
skopeo inspect --raw docker://<registry>/<namespace>/<image>:<tag> | jq '.manifests // [] | map(.platform)'
# changes: the tag in the registry, now with both platforms
docker buildx build --platform linux/amd64,linux/arm64 -t <registry>/<namespace>/<image>:<tag> --push .
# changes: the pods keep to nodes of one architecture
kubectl patch deployment <name> -n <project> \
  -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/arch":"<architecture>"}}}}}'
```

## See also
- Step `image-pull/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-arch>
"""

from __future__ import annotations

from runbook_lib.causes.judging import by_the_kubelet, is_direct, quote, tests_or_none
from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model.counter_tests import CounterTests, Origin
from runbook_lib.model.finding import note, read
from runbook_lib.model.kube import Node
from runbook_lib.model.pull_error import Kind
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.registry_answer import Answer
from runbook_lib.model.remedy import q
from runbook_lib.model.unavailable import Unavailable


@cause("platform-mismatch", "The image has no manifest for the node's platform", "image-pull/1")
def platform_mismatch(
    image: CaseImage,
    node: Node | Unavailable,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """The runtime finds no manifest for its platform in the image index."""
    error = by_the_kubelet(failure, Kind.PLATFORM_MISMATCH)
    if error is None:
        return None
    made = tests_or_none(tests)
    told = [t.answer for t in made.trials if t.answer.answer is Answer.PLATFORM_ABSENT] if made else []
    offers = told[0].platforms if told else ()
    served = made.accepted(Origin.POD, Origin.ANONYMOUS) if made is not None else ()
    given = isinstance(node, Node) and any(f"{node.os}/{node.architecture}" in t.answer.platforms for t in served)
    return speaks(
        confirmed_if(not given and (bool(told) or is_direct(failure, error))),
        (
            quote(error),
            f"Node {node.name} is {node.os}/{node.architecture}." if isinstance(node, Node) else "",
            f"The image offers {', '.join(offers)}." if offers else "",
            "Asked from here, it is given for this platform: it was pushed anew since, or the node asks a mirror."
            if given
            else "",
        ),
        excluded_by=("a manifest for this platform in the index",),
        remedy=(
            read(
                "See which platforms the image has.",
                f"skopeo inspect --raw {q('docker://' + image.image.text)}",
            ),
            note("Build the image for this platform too, or keep the pod to fitting nodes by kubernetes.io/arch."),
        ),
    )
