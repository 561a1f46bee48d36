"""What would decide could not be read, so no cause is named.

## What it is
Several causes still fit, or nothing was readable that could tell them apart. The report names the causes that are
left, every reading that could not be taken and why, and the one next reading that would decide most.

## Why it happens
Events are gone (an hour by default), and before Kubernetes 1.32 the waiting message does not repeat the cause; the
login may not read secrets; the evidence was saved without them, or must-gather removed their values; the registry
was not asked, because the run was offline or `--no-probe`.

## How it is told from its rivals
It is no cause but the absence of proof, and has no confidence. *Forbidden*, *not collected* and *value removed* are
not "missing": only a 404 is ([`pull-secret-missing`]).
- `denied` with an unread secret may be [`no-pull-secret`], [`registry-not-covered`], [`access-denied`] or
  [`iam-policy-missing`].
- `unauthorized` with an unread secret may be [`credentials-rejected`], [`no-pull-secret`] or
  [`pull-secret-type-wrong`].
- Exit code 3 says this; it is neither success (0) nor a cause found (1).

## How to fix it
Take the reading that the report names first. These decide most, in this order:
```sh
kubectl auth can-i get secrets -n <project>
kubectl get events -n <project> --field-selector involvedObject.name=<pod>,reason=Failed
kubectl get pod <pod> -n <project> -o json | jq '.spec.imagePullSecrets, .status.containerStatuses[].state.waiting'
kubectl get secret <secret> -n <project> -o json | jq '{type, keys: (.data | keys)}'
runbook diagnose <pod> -n <project> --probe
# changes: the pod is made anew, and so are its events (a pod without a controller does not come back)
kubectl delete pod <pod> -n <project>
```
For somebody else's judgement: `runbook collect` saves what is needed, without secret values.

## See also
- Step `image-pull/symptom-2`: <https://cloud.ibm.com/docs/openshift?topic=openshift-ts-app-image-pull>
- <https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/>
"""

from __future__ import annotations

from runbook_lib.model.diagnosis import INSUFFICIENT

ID = INSUFFICIENT
TITLE = "The evidence does not tell why the pull fails"
STEP = "image-pull/symptom-2"
NOT_STAGED = "it is what is left when evidence is taken away: the tests take it from each recorded cluster in turn"
