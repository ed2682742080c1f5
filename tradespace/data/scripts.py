"""Which script documents are written in, as far as it decides what can search and read them."""

from __future__ import annotations

from collections.abc import Sequence

from tradespace.errors import Fault
from tradespace.segmentation import unspaced_share
from tradespace.types import Document

SAMPLED_DOCUMENTS, SAMPLED_CHARACTERS = 500, 500
"""How many documents are looked at, spread over all of them, and how many characters of each."""
NOTICED_SHARE = 0.3
"""Share of the letters from which a corpus counts as written without spaces between words."""


def script_faults(documents: Sequence[Document], where: str) -> tuple[Fault, ...]:
    """What to know where documents are written without spaces between words; nothing where they are not."""
    spread = documents[:: max(1, len(documents) // SAMPLED_DOCUMENTS)]
    share = unspaced_share(document.text[:SAMPLED_CHARACTERS] for document in spread)
    if share < NOTICED_SHARE:
        return ()
    message = (
        f"about {share:.0%} of the letters are of scripts without spaces between words: bm25 searches pairs of "
        "characters there, and answers are compared character by character. minilm, sentence, maxsim, reader, "
        "cross_encoder and the tiny reasoners know English only: name an embedder and a language model that know "
        "this language"
    )
    return (Fault(message, where),)
