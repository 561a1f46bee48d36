"""What the kubelet, the cluster or the node says before a registry is asked, and what their policies say."""

from __future__ import annotations

from runbook_lib.model.pull_error.value import CredentialSent, Detail, Kind, Phase, Runtime

from .meaning import Meaning, Phrases, Weight, mean

NO = CredentialSent.NO


def before_any_request() -> Phrases:
    """Gives what ends or forestalls a pull before a registry is asked."""
    yield from mean(
        Meaning(Kind.OTHER, Weight.GATE, detail=Detail.NOT_A_PULL),
        "probe failed:", "back-off restarting failed container", "mountvolume.",
        "unable to attach or mount volumes",
        "failed to setup network for sandbox", "networkplugin cni failed", "nodes are available:",
        "couldn't find key ", 'configmap "', "violates podsecurity", "forbidden: exceeded quota",
        "failed calling webhook",
        "failed to create containerd task", "starting container process", "runc create failed",
        "oci runtime create failed", "container create failed", 'persistentvolumeclaim "',
        "insufficient cpu", "insufficient memory", "must be logged in to the server",
    )  # fmt: skip
    yield from mean(Meaning(Kind.OTHER, Weight.WORDS, detail=Detail.NOT_A_PULL), "is forbidden: user ")
    yield from mean(
        Meaning(Kind.OTHER, Weight.GATE, detail=Detail.RUNTIME_UNREACHABLE, runtime=Runtime.KUBELET),
        "dial unix ", "cannot connect to the docker daemon",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.NEVER_PULL, Weight.GATE, Phase.NAME, sent=NO, runtime=Runtime.KUBELET),
        "is not present with pull policy of never", "errimageneverpull", "pull policy of never",
    )  # fmt: skip
    yield from mean(Meaning(Kind.OTHER, Weight.CODE), "executable file not found")
    invalid = Meaning(Kind.INVALID_IMAGE_NAME, Weight.WORDS, Phase.NAME, sent=NO)
    yield from mean(
        invalid,
        "invalid reference format", "couldn't parse image", "could not parse image", "failed to parse image",
        "parse image reference", "invalidimagename", "repository name must be lowercase",
        "invalid image name", "invalid image reference", "error parsing reference",
        "failed to parse reference",
        "could not parse reference", "repository name must be canonical", "invalid tag format",
        "repository name must have at least one component", "invalid checksum digest",
        "unsupported digest algorithm",
        "parsing reference", "must only contain the runes", "unable to parse image",
        "invalid repository name",
        "name invalid", "name_invalid", "tag invalid", "tag_invalid", "must specify a tag or digest",
        "tag explicitly required",
        "can only contain the characters", "must not have leading or trailing whitespace", "image: required value",
        "refusing to create a tag with a digest", "must be valid rfc 3986", "repository name can not be",
        "invalid digest format", "unsupported digest length", "invalid namespace name",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.INVALID_IMAGE_NAME, Weight.WORDS, Phase.NAME, Detail.SHORT_NAME, (Kind.OTHER,),
                sent=NO, runtime=Runtime.CRI_O),
        "short-name", "short name", "no unqualified-search registries",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.INVALID_SECRET, Weight.WORDS, Phase.TOKEN, Detail.SECRET_UNPARSABLE, sent=NO,
                runtime=Runtime.KUBELET),
        "unable to parse auth field", "must be formatted as base64", "illegal base64 data",
        "data[.dockerconfigjson]", "data[.dockercfg]",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.INVALID_SECRET, Weight.HINT, Phase.TOKEN, Detail.SECRET_UNPARSABLE, (Kind.OTHER,)),
        "looking for beginning of value", "looking for beginning of object key string",
        "into go value of type",
        "unexpected end of json input", "invalid auth configuration file",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.MISSING_SECRET, Weight.WORDS, Phase.TOKEN, runtime=Runtime.KUBELET),
        "unable to retrieve some image pull secrets", "failedtoretrieveimagepullsecret",
        "unable to retrieve pull secret",
        "couldn't get image pull secret", "failed to get image pull secret",
        "failed to retrieve image pull secret",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.RATE_LIMITED, Weight.GATE, Phase.NAME, Detail.KUBELET_QPS, (Kind.OTHER,), sent=NO,
                runtime=Runtime.KUBELET),
        "pull qps exceeded",
    )  # fmt: skip
    yield from mean(Meaning(Kind.INVALID_IMAGE_NAME, Weight.HINT, Phase.NAME, also=(Kind.OTHER,)), "parsing image name")
    yield from mean(Meaning(Kind.OTHER, Weight.WORDS, also=(Kind.INVALID_SECRET,)), "error getting credentials")


def policies() -> Phrases:
    """Gives what admission, the node's policy and the registry's own policy say."""
    denied = Meaning(Kind.IMAGE_POLICY_DENIED, Weight.GATE, Phase.ADMISSION, sent=NO, runtime=Runtime.KUBELET)
    yield from mean(
        denied,
        "denied the request", "denied request", "image policy webhook", "imagepolicywebhook",
        "validatingadmissionpolicy",
        "forbiddenregistry", "not allowed by whitelist", "not allowed by allowlist", "prohibited by policy",
        "only images from ", "has not been allowed", "denied one or more images", "denied by attestor",
        "denied by binary authorization", "invalid image repo", "disallowed image repo", "disallowed tag",
        "allowed repos are", "allowed registries are", "untrusted registry", "not permitted to run",
        "only images imported into", "importing images from registry",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.IMAGE_POLICY_DENIED, Weight.WORDS, Phase.VERIFY, also=(Kind.SIGNATURE,),
        runtime=Runtime.CRI_O),
        "is rejected by policy", "not allowed by the policy", "not allowed by policy", "not permitted by policy",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.IMAGE_POLICY_DENIED, Weight.WORDS, Phase.NAME, Detail.REGISTRY_BLOCKED,
        runtime=Runtime.CRI_O),
        "is blocked in", "registry is blocked", "blocked by policy",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.IMAGE_POLICY_DENIED, Weight.WORDS, Phase.MANIFEST, also=(Kind.ACCESS_DENIED,)),
        "projectpolicyviolation", "due to configured policy", "download blocking policy",
        "cannot be pulled due to",
        "vulnerabilities cannot be pulled", "severity of vulnerability",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.SIGNATURE, Weight.WORDS, Phase.VERIFY),
        "source image rejected", "signature was required", "no signature exists", "signature for identity",
        "invalid signature",
        "no signatures found",
        "signature verification failed", "no matching signatures", "not signed", "no valid trust data",
        "remote trust data does not exist", "does not have trust data", "signature mismatch",
        "signed by the wrong",
        "cryptographic signature verification", "failed to verify signature", "signatures could be verified",
        "signatures were accepted",
        "signature validation failed", "signature key validation failed", "signaturevalidationfailed",
        "invalid gpg signature", "rejected: signature", "no signature is associated", "trusted signer",
        "expected identities matched", "in transparency log", "do not match threshold", "no matching attestations",
        "no valid signature", "no verifier report", "is unsigned", "unsigned image", "trust data missing",
        "trust data unavailable",
        "path to a trusted root", "no trust data", "unable to verify signature", "image verification failed",
    )  # fmt: skip
