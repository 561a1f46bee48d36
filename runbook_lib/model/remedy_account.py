"""What to do in the IBM Cloud account: service IDs, API keys and policies, as exact commands."""

from __future__ import annotations

from runbook_lib.model.finding import Action, change, read
from runbook_lib.model.image_ref import ImageRef
from runbook_lib.model.remedy import q


def list_service_ids() -> Action:
    """API keys 1 of the document."""
    return read("See the service IDs of the account.", "ibmcloud iam service-ids")


def list_service_policies(service_id: str) -> Action:
    """API keys 2 of the document."""
    return read("See the policies of the service ID.", f"ibmcloud iam service-policies {q(service_id)}")


def list_service_api_keys(service_id: str) -> Action:
    """The keys of a service ID with their state; a disabled one is enabled in the console."""
    return read("See the API keys of the service ID.", f"ibmcloud iam service-api-keys {q(service_id)}")


def list_user_policies(user: str) -> Action:
    """What the document asks for where the key is a person's own."""
    return read("See the policies of the user.", f"ibmcloud iam user-policies {q(user)}")


def allow_pull(service_id: str, image: ImageRef) -> Action:
    """API keys 2: lets a service ID pull from the image's namespace.

    icr.io is no region but the geography `global`: without a region the policy holds for it as well.
    """
    region = image.registry.region
    limit = f" --region {q(region)}" if region not in ("", "global") else ""
    return change(
        f"Let the service ID pull from the namespace {image.namespace}.",
        f"ibmcloud iam service-policy-create {q(service_id)} --roles Reader --service-name container-registry"
        f"{limit} --resource-type namespace --resource {q(image.namespace)}",
    )
