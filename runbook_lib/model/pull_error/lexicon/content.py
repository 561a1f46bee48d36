"""What runtimes say of platforms, manifests, layers and disks."""

from __future__ import annotations

from runbook_lib.model.pull_error.value import Kind, Phase, Runtime

from .meaning import Meaning, Phrases, Weight, mean


def storage_and_content() -> Phrases:
    """Gives what runtimes say once a manifest or a layer has come."""
    yield from mean(
        Meaning(Kind.DISK_FULL, Weight.WORDS, Phase.UNPACK),
        "no space left on device", "disk quota exceeded", "not enough space on the disk", "not enough space",
        "enospc",
        "failed to garbage collect required amount", "insufficient disk", "out of disk", "disk is full",
        "no free space",
        "thin pool has", "not enough free space", "insufficient free space", "file system is full",
        "filesystem is full", "device is full",
        "freediskspacefailed", "low on resource: ephemeral-storage", "low on resource: imagefs",
        "diskpressure",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.PLATFORM_MISMATCH, Weight.WORDS, Phase.PLATFORM),
        "cannot be used on this platform", "does not match the specified platform",
        "does not match the detected host platform",
        "no child with platform", "descriptor matching platform", "manifest found for platform",
        "manifest for platform", "image found for platform", "no unpack platforms", "unsupported architecture",
        "not available for platform", "not compatible with the host architecture", "not support the platform",
        "platform is not supported", "does not match the host platform", "no matching platform", "unsupported platform",
        "is incompatible with a 10.",
        "does not provide the specified platform", "exec format error", "no match for platform",
        "not found for platform",
        "operating system is not supported", "no supported platform found",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.PLATFORM_MISMATCH, Weight.WORDS, Phase.PLATFORM, runtime=Runtime.CONTAINERD),
        "no match for platform in manifest",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.PLATFORM_MISMATCH, Weight.WORDS, Phase.PLATFORM, runtime=Runtime.DOCKER),
        "no matching manifest for",
    )
    yield from mean(
        Meaning(Kind.PLATFORM_MISMATCH, Weight.WORDS, Phase.PLATFORM, runtime=Runtime.CRI_O),
        "no image found in manifest list", "no image found in image index",
    )  # fmt: skip
    unsupported = Meaning(Kind.MANIFEST_UNSUPPORTED, Weight.WORDS, Phase.MANIFEST)
    yield from mean(
        unsupported,
        "unsupported mediatype", "invalid rootfs in image", "unsupported image-specific operation",
        "no processor for media-type",
        "unsupported media type", "unsupported docker v2s2 media type", "unsupported oci media type",
        "unsupported oci config media type", "compression is not supported", "unsupported compression",
        "unsupported manifest", "is no longer supported since",
        "manifest.v1+prettyjws", "distribution.manifest.v1+json", "schema 1", "schemaversion 1", "schema v1",
        "schema1",
        "unsupported schema version", "unexpected media type", "unknown media type", "unrecognized manifest",
        "invalid config media type", "unsupported config media type", "accept header does not support",
        "manifest invalid", "manifest_invalid", "unknown schema version", "unimplemented mime type",
        "is not a supported manifest", "unsupported layer", "mediatype in manifest should be",
        "unsupported artifact", "is not a container image", "unknown manifest", "invalid manifest",
        "could not be unmarshalled as a manifest", "unexpectedly received a manifest list",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.MANIFEST_UNSUPPORTED, Weight.WORDS, Phase.MANIFEST, runtime=Runtime.DOCKER),
        "missing signature key",
    )
    yield from mean(
        Meaning(Kind.OTHER, Weight.CODE, Phase.UNPACK, also=(Kind.NOT_FOUND_REPO_OR_TAG,)),
        "reader from content store", "content digest ",
    )  # fmt: skip
    yield from mean(
        Meaning(Kind.OTHER, Weight.HINT, Phase.UNPACK),
        "filesystem layer verification failed", "invalid tar header", "failed to extract layer",
        "from manifest don't match", "wrong diff id", "mismatched image rootfs",
        "failed size validation", "unexpected commit digest", "does not match expected digest",
        "failed to register layer",
        "operation not permitted", "lchown", "rootfs does not exist", "failed to unpack image", "file exists",
    )  # fmt: skip
