"""OpenShift's internal registry: the service account may not pull from another project."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote
from runbook_lib.causes.rule import Ruling, cause, confirmed_if, speaks
from runbook_lib.model.finding import change, read
from runbook_lib.model.image_ref import RegistryKind
from runbook_lib.model.kube import Pod
from runbook_lib.model.readings import CaseImage, Commands, PullFailure
from runbook_lib.model.remedy import q


@cause("internal-registry-permission", "The service account may not pull from that project", "api-key/3.6")
def internal_registry_permission(pod: Pod, image: CaseImage, failure: PullFailure, c: Commands) -> Ruling:
    """The internal registry's first path part is a project; pulls across projects need system:image-puller."""
    ref, error = image.image.ref, auth_refusal(failure)
    if ref is None or error is None or ref.registry.kind is not RegistryKind.OPENSHIFT_INTERNAL:
        return None
    across = ref.namespace not in (pod.namespace, "openshift")
    account = f"system:serviceaccount:{pod.namespace}:{pod.service_account}"
    return speaks(
        confirmed_if(False),
        (
            f"The image lies in project {ref.namespace}, the pod in {pod.namespace}." if across else "",
            quote(error),
        ),
        excluded_by=(
            f"{account} bound to system:image-puller in {ref.namespace}",
            "the image stream not existing",
        ),
        remedy=(
            read("See whether it may.", f"oc policy who-can get imagestreams/layers -n {q(ref.namespace)}"),
            change(
                "Let it pull from that project.",
                f"oc policy add-role-to-user system:image-puller {account} -n {q(ref.namespace)}",
            ),
        ),
    )
