"""The manifest's media type or schema is one that the container runtime does not read.

## What it is
The registry has the image and hands it out, but in a form that the node's runtime does not read: `unsupported
manifest media type`, `mediaType … not supported`, `schema 1 … no longer supported`.

## Why it happens
An image pushed long ago (Docker schema 1, which newer runtimes refuse), something that is no container image (a
Helm chart, a signature, an artifact under an image's name), or a layer compression that an old runtime does not
know.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words; **likely** where they have another reading.
- [`platform-mismatch`] – the manifest is read, and has nothing for this node's architecture.
- [`tag-not-found`] – `manifest unknown` means that there is no manifest; here there is one.
- Nodes with another runtime, or another version of it, may pull the same image well.

## How to fix it
See what it is, then push it again with a current tool; a registry does not convert old manifests.
```sh
skopeo inspect --raw docker://<registry>/<namespace>/<image>:<tag> | jq '.mediaType, .schemaVersion, .config.mediaType'
kubectl get node <node> -o jsonpath='{.status.nodeInfo.containerRuntimeVersion}'
# changes: the tag in the registry, with a manifest of today's type
skopeo copy --format v2s2 docker://<registry>/<namespace>/<image>:<tag> docker://<registry>/<namespace>/<image>:<tag>
```

## See also
- Step `image-pull/1`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/concepts/containers/images/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Kind

manifest_unsupported = cause(
    "manifest-unsupported", "The runtime cannot read this type of manifest", "image-pull/1", page=__doc__
)(
    told_by_node(
        Kind.MANIFEST_UNSUPPORTED,
        excluded_by=("the same manifest being read by this runtime",),
        remedy=remedies.rebuild,
        of_node=False,
    )
)
