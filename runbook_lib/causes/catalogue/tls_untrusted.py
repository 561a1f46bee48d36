r"""The registry shows a certificate that the node cannot trace to an authority it trusts, or one that has expired.

## What it is
`x509: certificate signed by unknown authority`, `certificate has expired or is not yet valid`, `tls: failed to
verify certificate`: the handshake with the registry fails on the node.

## Why it happens
A registry with a certificate of an authority of one's own, a proxy that breaks TLS open, an expired certificate, a
node whose clock is wrong, or a registry that speaks plain HTTP.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words. That it works from here says nothing: this
machine trusts other authorities.
- [`tls-name-mismatch`] – the chain is good, and the certificate is for another host.
- [`signature-rejected`] – a signature of the *image*. [`connection-refused`], [`network-timeout`] – no handshake
  began.
- `icr.io` has a certificate of a public authority: an unknown one there is a proxy in between.

## How to fix it
```sh
oc debug node/<node> -- chroot /host openssl s_client -connect <registry>:443 -servername <registry> -brief
oc debug node/<node> -- chroot /host date
# changes: OpenShift's nodes trust this authority for this registry (a port is written <host>..<port>)
oc create configmap <ca_config_map> -n openshift-config --from-file=<registry>=<ca_file>
oc patch image.config.openshift.io/cluster --type=merge \
  -p '{"spec":{"additionalTrustedCA":{"name":"<ca_config_map>"}}}'
```
Look first whether `additionalTrustedCA` is set: then add to that ConfigMap, or its other authorities are lost. On
Kubernetes it is the runtime's setting on each node (containerd: `certs.d`). A pod's CA bundle plays no part in a
pull.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/setup/production-environment/container-runtimes/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

tls_untrusted = cause(
    "tls-untrusted", "The node does not trust the registry's certificate", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.TLS_UNTRUSTED,
        excluded_by=("a handshake on the node",),
        remedy=remedies.certificate,
        never=(Detail.TLS_NAME_MISMATCH,),
    )
)
