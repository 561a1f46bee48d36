"""Where the document stands: the page that the steps mirror, and the pages that single steps lead to."""

from __future__ import annotations

_DOCS = "https://cloud.ibm.com/docs/"
DOCUMENT = f"{_DOCS}openshift?topic=openshift-ts-app-image-pull"
_REGISTRY = f"{_DOCS}containers?topic=containers-registry"

_OF_SECTION = {
    "image-pull": DOCUMENT,
    "api-key": f"{DOCUMENT}#img-pull-api-key",
    "token": f"{DOCUMENT}#img-pull-token",
    "registry-token": f"{DOCUMENT}#img-pull-token",
}
_OF_STEP = {
    "image-pull/2": f"{_DOCS}Registry?topic=Registry-registry_quota",
    "image-pull/4.1": f"{_REGISTRY}#imagePullSecret_migrate_api_key",
    "image-pull/4.2": f"{_REGISTRY}#copy_imagePullSecret",
    "image-pull/4.3": f"{_REGISTRY}#store_imagePullSecret",
    "api-key/2": f"{_DOCS}Registry?topic=Registry-user#create",
    "api-key/3.4": f"{_REGISTRY}#copy_imagePullSecret",
    "api-key/3.6": f"{_REGISTRY}#other_registry_accounts",
    "token/4": f"{_DOCS}containers?topic=containers-images#token_other_regions_accounts",
    "token/6": f"{_DOCS}containers?topic=containers-images#token_other_regions_accounts",
}


def section_of(step: str) -> str:
    """Returns the section of a step's id: `image-pull` of `image-pull/4.1`."""
    return step.partition("/")[0]


def of_section(section: str) -> str:
    """Returns the address of the document's section, or of the document."""
    return _OF_SECTION.get(section, DOCUMENT)


def of_step(step: str) -> str:
    """Returns the address of the page that the document names at a step, or of the step's section."""
    return _OF_STEP.get(step, of_section(section_of(step)))
