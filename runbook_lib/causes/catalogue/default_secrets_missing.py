"""The `default` project holds no `icr-io` secret, so there is nothing to copy from."""

from __future__ import annotations

from runbook_lib.causes.judging import anonymous_is_enough, auth_refusal
from runbook_lib.causes.rule import Against, Ruling, cause, speaks
from runbook_lib.model import remedy
from runbook_lib.model.counter_tests import CounterTests
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.readings import CaseImage, Commands, Credentials, DefaultSecrets, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("default-secrets-missing", "The default project holds no icr-io secrets", "image-pull/4.1")
def default_secrets_missing(
    image: CaseImage,
    credentials: Credentials,
    default: DefaultSecrets,
    failure: PullFailure,
    tests: CounterTests | Unavailable,
    c: Commands,
) -> Ruling:
    """A further fault of a cluster whose pods lack a secret: the source of the document's copy is missing."""
    ref = image.image.ref
    if default.icr:
        return Against(f"the default project holds {', '.join(s.name for s in default.icr)}")
    if ref is None or not ref.registry.is_ibm or auth_refusal(failure, tests) is None or credentials.usable:
        return None
    if anonymous_is_enough(tests):
        return None
    return speaks(
        Confidence.POSSIBLE,
        ("The default project was read, and none of its secrets has icr-io in its name.",),
        excluded_by=("an icr-io secret in the default project",),
        remedy=(remedy.apply_pull_secrets(c),),
    )
