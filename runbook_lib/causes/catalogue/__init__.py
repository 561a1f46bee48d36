"""Every cause, one module each: its id, title, rule and remedy; the module's text is its page.

The order is that of mending: what ends a pull before the next could matter stands first, and what
tells a fault exactly stands before what tells it broadly.
"""

from runbook_lib.causes.catalogue.access_denied import access_denied
from runbook_lib.causes.catalogue.api_key_disabled import api_key_disabled
from runbook_lib.causes.catalogue.connection_refused import connection_refused
from runbook_lib.causes.catalogue.credentials_rejected import credentials_rejected
from runbook_lib.causes.catalogue.default_secrets_missing import default_secrets_missing
from runbook_lib.causes.catalogue.deprecated_domain import deprecated_domain
from runbook_lib.causes.catalogue.dns_failure import dns_failure
from runbook_lib.causes.catalogue.entitlement_missing import entitlement_missing
from runbook_lib.causes.catalogue.iam_policy_missing import iam_policy_missing
from runbook_lib.causes.catalogue.image_name_invalid import image_name_invalid
from runbook_lib.causes.catalogue.image_not_found import image_not_found
from runbook_lib.causes.catalogue.image_policy_denied import image_policy_denied
from runbook_lib.causes.catalogue.internal_registry_permission import internal_registry_permission
from runbook_lib.causes.catalogue.kubelet_pull_limit import kubelet_pull_limit
from runbook_lib.causes.catalogue.manifest_unsupported import manifest_unsupported
from runbook_lib.causes.catalogue.network_restricted import network_restricted
from runbook_lib.causes.catalogue.network_timeout import network_timeout
from runbook_lib.causes.catalogue.never_pull_policy import never_pull_policy
from runbook_lib.causes.catalogue.no_pull_secret import no_pull_secret
from runbook_lib.causes.catalogue.node_disk_full import node_disk_full
from runbook_lib.causes.catalogue.not_an_image_pull_problem import not_an_image_pull_problem
from runbook_lib.causes.catalogue.other_account import other_account
from runbook_lib.causes.catalogue.platform_mismatch import platform_mismatch
from runbook_lib.causes.catalogue.private_only_account import private_only_account
from runbook_lib.causes.catalogue.pull_quota_exceeded import pull_quota_exceeded
from runbook_lib.causes.catalogue.pull_secret_malformed import pull_secret_malformed
from runbook_lib.causes.catalogue.pull_secret_missing import pull_secret_missing
from runbook_lib.causes.catalogue.pull_secret_not_linked import pull_secret_not_linked
from runbook_lib.causes.catalogue.pull_secret_type_wrong import pull_secret_type_wrong
from runbook_lib.causes.catalogue.rate_limited import rate_limited
from runbook_lib.causes.catalogue.registry_error import registry_error
from runbook_lib.causes.catalogue.registry_not_covered import registry_not_covered
from runbook_lib.causes.catalogue.registry_token_retired import registry_token_retired
from runbook_lib.causes.catalogue.sandbox_image_unavailable import sandbox_image_unavailable
from runbook_lib.causes.catalogue.service_id_missing import service_id_missing
from runbook_lib.causes.catalogue.signature_rejected import signature_rejected
from runbook_lib.causes.catalogue.stale_secret_copy import stale_secret_copy
from runbook_lib.causes.catalogue.tag_not_found import tag_not_found
from runbook_lib.causes.catalogue.tls_name_mismatch import tls_name_mismatch
from runbook_lib.causes.catalogue.tls_untrusted import tls_untrusted
from runbook_lib.causes.catalogue.username_mismatch import username_mismatch

CATALOGUE = (
    not_an_image_pull_problem,
    image_name_invalid,
    never_pull_policy,
    sandbox_image_unavailable,
    kubelet_pull_limit,
    image_policy_denied,
    signature_rejected,
    dns_failure,
    connection_refused,
    network_timeout,
    tls_name_mismatch,
    tls_untrusted,
    pull_secret_malformed,
    pull_secret_missing,
    pull_secret_type_wrong,
    pull_secret_not_linked,
    deprecated_domain,
    no_pull_secret,
    registry_not_covered,
    registry_token_retired,
    username_mismatch,
    stale_secret_copy,
    api_key_disabled,
    service_id_missing,
    credentials_rejected,
    private_only_account,
    entitlement_missing,
    other_account,
    iam_policy_missing,
    network_restricted,
    internal_registry_permission,
    access_denied,
    tag_not_found,
    image_not_found,
    manifest_unsupported,
    platform_mismatch,
    pull_quota_exceeded,
    rate_limited,
    registry_error,
    node_disk_full,
    default_secrets_missing,
)

__all__ = ["CATALOGUE"]
