"""That questions were generated, in words."""

from __future__ import annotations

from tradespace.explorer.conclusions.conclusion import Conclusion


def generated_notes(conclusion: Conclusion) -> tuple[str, ...]:
    """That questions were generated, and by what; nothing where people asked them all."""
    if not conclusion.generated:
        return ()
    return (
        f"{conclusion.generated[0].upper()}{conclusion.generated[1:]}: people may ask otherwise, and other pipelines "
        "may be best for what they ask. Confirm the choice on questions of theirs.",
    )
