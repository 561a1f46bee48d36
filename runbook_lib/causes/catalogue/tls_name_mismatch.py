"""The certificate that the node is shown does not name the host that the image names.

## What it is
`x509: certificate is valid for <other names>, not <registry>`: the connection stands, and what answers is not what
the image names.

## Why it happens
A proxy or mirror answers in the registry's place with its own certificate, the host is an alias that the
certificate does not list, an address was written in place of a name, or DNS leads to the wrong machine.

## How it is told from its rivals
**confirmed** where this pod's own event or status carries the words.
- [`tls-untrusted`] – the name fits, and the authority is unknown or the certificate has expired. Adding a CA does
  not cure a wrong name.
- [`dns-failure`] – no address at all. [`connection-refused`] – nothing answers there.
- `http: server gave HTTP response to HTTPS client` is no certificate at all: a registry without TLS.

## How to fix it
See who answers, from the node: the names in the certificate tell whose machine it is.
```sh
oc debug node/<node> -- chroot /host getent hosts <registry>
oc debug node/<node> -- chroot /host openssl s_client -connect <registry>:443 -servername <registry> -brief
oc debug node/<node> -- chroot /host systemctl show crio containerd --property=Environment
# changes: the image of the workload now names the host that is in the certificate
kubectl set image deployment/<name> <container>=<registry>/<namespace>/<image>:<tag> -n <project>
```
Or give the registry a certificate that lists the name. Do not set the registry to insecure: the node would then
take an image from whoever answers.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/tasks/debug/debug-cluster/kubectl-node-debug/>
"""

from __future__ import annotations

from runbook_lib.causes import remedies
from runbook_lib.causes.rule import cause
from runbook_lib.causes.told_by_node import told_by_node
from runbook_lib.model.pull_error import Detail, Kind

tls_name_mismatch = cause(
    "tls-name-mismatch", "The registry's certificate is for another name", "image-pull/symptom-2", page=__doc__
)(
    told_by_node(
        Kind.TLS_UNTRUSTED,
        excluded_by=("the host among the names of the certificate",),
        remedy=remedies.certificate,
        only=(Detail.TLS_NAME_MISMATCH,),
    )
)
