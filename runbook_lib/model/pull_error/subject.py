"""Which image and which registry a message is about."""

from __future__ import annotations

from .names import Names, bare_reference

_BEFORE_QUOTED = (
    'image "', "image '", "image `", 'reference "', 'default image tag "', 'image="', "image='", 'artifact "',
)  # fmt: skip
_BEFORE_BARE = (
    "source docker://", "running image docker://", "trying to pull ", "pull access denied for ", "manifest for ",
    "pulling image ", "pull image ", "error: image ", "repository ",
)  # fmt: skip
_LONGEST = 1024
_NOT_IMAGES = ("linux/", "windows/", "unknown/", "http:", "https:")


def find_image(text: str, low: str, names: Names) -> str | None:
    """Gives the image as the outermost layer writes it; an address of a manifest serves where nothing else
    does."""
    quoted = _first(text, low, _BEFORE_QUOTED, quoted=True)
    if quoted is not None:
        return quoted
    bare = _first(text, low, _BEFORE_BARE, quoted=False)
    if bare is not None:
        return bare
    in_repository = _reading_manifest(text, low)
    if in_repository is not None:
        return in_repository
    if names.references:
        return names.references[0][:_LONGEST]
    return next((address.image for address in names.addresses if address.image), None)


def find_host(low: str, names: Names) -> str | None:
    """Gives the host that was asked: the last address, or the name that was looked up."""
    if names.addresses and names.addresses[-1].host:
        return names.addresses[-1].host[:256]
    for before in (
        "pinging container registry ",
        "pinging docker registry ",
        "pulling from host ",
        "lookup ",
        "dial tcp ",
    ):
        start = low.rfind(before)
        if start >= 0:
            host = low[start + len(before) : start + len(before) + 256].split(" ", 1)[0].rstrip(":,;")
            if "." in host or ":" in host or host == "localhost":
                return host
    return None


def _first(text: str, low: str, openers: tuple[str, ...], *, quoted: bool) -> str | None:
    best, best_at = None, len(text)
    for opener in openers:
        at = low.find(opener, 0, best_at)
        if at < 0:
            continue
        start = at + len(opener)
        if quoted:
            end = text.find(opener[-1], start, start + _LONGEST)
            image = (
                text[start:end].strip() if end > start else bare_reference(text[start : start + _LONGEST].split(" ")[0])
            )
            image = image.removeprefix("docker://")
        else:
            image = bare_reference(text[start : start + _LONGEST].split(" ", 1)[0])
        if image and (quoted or _like_an_image(image)):
            best, best_at = image, at
    return best


def _like_an_image(word: str) -> bool:
    return ("/" in word or ":" in word) and word[0].isalnum() and not word.startswith(_NOT_IMAGES)


def _reading_manifest(text: str, low: str) -> str | None:
    """containers/image writes ``reading manifest TAG in REPOSITORY``."""
    start = low.find("reading manifest ")
    middle = low.find(" in ", start + 17, start + 300) if start >= 0 else -1
    if middle < 0:
        return None
    tag = text[start + 17 : middle]
    repository = bare_reference(text[middle + 4 : middle + 4 + _LONGEST].split(" ", 1)[0])
    if not repository or " " in tag:
        return None
    return f"{repository}{'@' if ':' in tag else ':'}{tag}"
