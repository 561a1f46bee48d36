"""The service ID to which the API key belongs is gone."""

from __future__ import annotations

from runbook_lib.causes.judging import auth_refusal, quote
from runbook_lib.causes.rule import Against, Ruling, cause, speaks
from runbook_lib.model import remedy
from runbook_lib.model.account import ServiceId
from runbook_lib.model.account_readings import PullIdentities, RegistryAccount
from runbook_lib.model.diagnosis import Confidence
from runbook_lib.model.readings import Commands, PullFailure
from runbook_lib.model.unavailable import Unavailable


@cause("service-id-missing", "The service ID of the API key is gone", "api-key/1")
def service_id_missing(
    identities: PullIdentities, account: RegistryAccount | Unavailable, failure: PullFailure, c: Commands
) -> Ruling:
    """IAM knows the key's owner by id and has no such service ID in the login's account."""
    error, first = auth_refusal(failure), identities.first
    if error is None or first is None or not isinstance(first.service_id, ServiceId):
        return None
    service_id = first.service_id
    if service_id.exists:
        return Against(f"service ID {service_id.name} is there")
    same = isinstance(account, RegistryAccount) and account.login.account_id == service_id.account_id
    return speaks(
        Confidence.LIKELY if same else Confidence.POSSIBLE,
        (
            f"IAM has no service ID {service_id.iam_id}, to which the key in {first.where} belongs.",
            quote(error),
        ),
        excluded_by=("the service ID in `ibmcloud iam service-ids`",),
        remedy=(remedy.apply_pull_secrets(c),),
    )
