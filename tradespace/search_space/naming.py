"""Valid names: the name of a space becomes the name of a folder."""

from __future__ import annotations

MOST_NAME_BYTES = 200
"""Most file systems allow 255 bytes for a name, and temporary files need a few more."""
FORBIDDEN_CHARACTERS = '/\\:*?"<>|'
"""Path separators and characters with a special meaning on some system."""


def name_fault(name: object) -> str | None:
    """What keeps a value from being the name of a folder, here or where the study is taken; None if nothing does.

    >>> name_fault("wikipedia 100ms"), name_fault("../../evil")
    (None, "must not hold '/': it becomes the name of a folder; given: '../../evil'")
    """
    if not isinstance(name, str) or not name.strip():
        return f"must be text; given: {name!r}. Put it in quotes"
    problem = _problem(name)
    return problem and f"{problem}: it becomes the name of a folder; given: {name!r}"


def as_name(text: str) -> str:
    """The name nearest to a text, such as that of a file.

    >>> as_name(".my:space")
    'my-space'
    """
    plain = "".join("-" if _forbidden(character) else character for character in text)
    cut = plain.encode()[:MOST_NAME_BYTES].decode(errors="ignore").strip(" .")
    return cut or "space"


def _problem(name: str) -> str | None:
    if forbidden := next(filter(_forbidden, name), None):
        return f"must not hold {forbidden!r}"
    if name != name.strip(" .") or not name:
        return "must neither begin nor end with a dot or a space"
    return f"must be at most {MOST_NAME_BYTES} bytes long" if len(name.encode()) > MOST_NAME_BYTES else None


def _forbidden(character: str) -> bool:
    return character in FORBIDDEN_CHARACTERS or not character.isprintable()
