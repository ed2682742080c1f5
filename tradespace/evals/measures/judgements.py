"""What a judge's replies say: read strictly, and what several of them come to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Literal

from tradespace.components.base import completion_of
from tradespace.evals.measures.calling import Scoring
from tradespace.types import Completion, Outcome

CombineRule = Literal["majority", "mean"]
REPLY_CHARACTERS = 200
"""Characters that are quoted of a reply."""
_VERDICT = re.compile(r"[\W_]*(?:(?:final )?(?:verdict|answer)[\W_]*)?(yes|no)[\W_]*", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[-*•–]|\d{1,3}[.)])\s+(.*\S)\s*")
_NO_ITEM = frozenset({"none", "no claim", "no claims"})


def verdict_in(text: str) -> bool | None:
    """Whether a reply says yes: every line that is a verdict must say the same. None where there is none, or two.

    >>> verdict_in("It names the same town.\\n**Verdict:** yes"), verdict_in("Yes and no."), verdict_in("No\\nYes")
    (True, None, None)
    """
    found = (_VERDICT.fullmatch(line.strip()) for line in text.splitlines())
    said = {match[1].lower() for match in found if match}
    return said == {"yes"} if len(said) == 1 else None


def claims_in(completion: Completion) -> list[str] | None:
    """The claims that a reply lists, each once; None where it is no list, or was cut off.

    >>> claims_in(Completion("- Rollo led them.\\n- He was a Dane.", 9, 12)), claims_in(Completion("none", 9, 1))
    (['Rollo led them.', 'He was a Dane.'], [])
    """
    if completion.finish_reason == "length":
        return None
    items = [match[1] for line in completion.text.splitlines() if (match := _ITEM.fullmatch(line))]
    listed = [item for item in dict.fromkeys(items) if _plain(item) not in _NO_ITEM]
    return listed if items or _plain(completion.text) in _NO_ITEM else None


@dataclass(frozen=True, slots=True)
class Judgements:
    """What a judge replied when it was asked the same once or several times."""

    replies: tuple[str, ...]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Judgements:
        """Those of some calls."""
        return cls(tuple(completion_of(outcome).text for outcome in outcomes))

    @property
    def verdicts(self) -> list[bool]:
        """Those that could be read, true for yes."""
        return [verdict for reply in self.replies if (verdict := verdict_in(reply)) is not None]

    @property
    def unread(self) -> int:
        """How many could not."""
        return len(self.replies) - len(self.verdicts)

    @property
    def compared(self) -> int:
        """How many can be compared with others."""
        return len(self.verdicts) if len(self.verdicts) > 1 else 0

    @property
    def outvoted(self) -> int:
        """How many of these say what fewer say."""
        return min(sum(self.verdicts), self.compared - sum(self.verdicts)) if self.compared else 0

    def share(self, rule: CombineRule) -> float | None:
        """What they come to, from 0 for no to 1 for yes; None where none could be read."""
        if not self.verdicts:
            return None
        share = mean(map(float, self.verdicts))
        return share if rule == "mean" or share == 0.5 else float(share > 0.5)

    def scoring(self, rule: CombineRule) -> Scoring:
        """An answer's score where these are all that there is to judge."""
        return Scoring(self.share(rule), self._reason(), len(self.replies), self.unread, self.compared, self.outvoted)

    def _reason(self) -> str:
        if not self.verdicts:
            return f"no verdict can be read in what the judge replied: {quoted_reply(self.replies[0])}"
        verdict = 2 * sum(self.verdicts) >= len(self.verdicts)
        explained = next(reply for reply in self.replies if verdict_in(reply) is verdict)
        votes = f" ({self.verdicts.count(verdict)} of {len(self.verdicts)})" if len(self.verdicts) > 1 else ""
        return f"the judge says {'yes' if verdict else 'no'}{votes}: {quoted_reply(explained)}"


def quoted_reply(reply: str) -> str:
    """A reply on one line, cut where it is long."""
    line = " ".join(reply.split())
    return repr(line if len(line) <= REPLY_CHARACTERS else f"{line[:REPLY_CHARACTERS]} …")


def _plain(text: str) -> str:
    return text.strip(" .!`*\n").lower()
