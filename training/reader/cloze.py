"""Questions made by rule from the sentences of a passage, for self-supervised span pretraining.

After unsupervised question answering by cloze translation (Lewis et al. 2019): an answer is taken out of a
clause, a question word of the answer's type is put in front, an auxiliary verb is moved behind it, and words
are dropped, weakened or replaced by neighbours in the embedding space, so that the reader learns to align and
not to copy. No tagger and no parser is needed: the answers' types come from regular expressions (after Fabbri
et al. 2020, whose templates need a tagger).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tradespace.data.generation.answer_candidates import STOP_WORDS, AnswerCandidate, answer_candidates
from training.reader.corpora import Passage

_SENTENCE_BREAK = re.compile(r"(?<=[\w\)\"”%][.!?]) +(?=[\"“A-Z0-9])")
_PERSON_CLUE = re.compile(
    r"(?:\b(?:by|king|queen|president|actor|actress|singer|author|writer|director|minister|mr\.?|sir|wife|husband|son"
    r"|daughter|brother|father|mother|composer|general|emperor|inventor|scientist|captain|character|played by|named"
    r"|starring|as) )$",
    re.I,
)
_PLACE_CLUE = re.compile(r"\b(?:in|at|near|from|to|of|across|through|outside) (?:the )?$")
_ORGANISATION = re.compile(
    r"\b(?:University|College|Company|Party|Corporation|Institute|Church|Army|Bank|School|Inc|Club|Council|Act|War|Battle"
    r"|River|Award|Cup|League|Empire|Museum|Association|Union|Court|Theatre|Mountains?|Island|Street|Lake|Ocean|Sea"
    r"|Prize|Series)\b"
)
_PRONOUN = re.compile(r"^(?:He|She|It|They|The (?:film|song|series|show|album|book|game|novel|company))\b")
_CLAUSE_BREAK = re.compile(r", | - |; |: | – |—|\)|\(")
_AUXILIARY = re.compile(
    r"^(?P<subject>(?:\S+ ){1,8}?)"
    r"(?P<auxiliary>is|was|are|were|has|had|have|can|could|will|would|may|must|should) (?P<rest>.*)$"
)


@dataclass(frozen=True)
class Cloze:
    """A made question and where its answer stands in the passage's text."""

    question: str
    start: int
    end: int


@dataclass(frozen=True)
class Noise:
    """How far a made question strays from its sentence: chances per word; neighbours map a word to similar ones."""

    neighbours: Mapping[str, Sequence[str]]
    drop_function: float = 0.25
    drop_content: float = 0.12
    replace: float = 0.15
    weaken: float = 0.15


def clozes(passage: Passage, noise: Noise, generator: random.Random) -> Iterator[Cloze]:
    """Questions over `passage`, at most one for each answer that the rules find."""
    for start, end in _sentences(passage.text):
        sentence = passage.text[start:end]
        for answer in answer_candidates(sentence):
            question = _question(sentence, answer, passage.title, generator)
            if question is not None:
                yield Cloze(_stray(question, noise, generator), start + answer.start, start + answer.end)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of `text` stand; a first line of its own is a title, and no sentence."""
    start = text.find("\n") + 1
    for match in _SENTENCE_BREAK.finditer(text, start):
        if not re.search(r"\b(?:[A-Z]|St|Mr|Dr|Mrs|vs|No|c|ca|U\.S)\.$", text[start : match.start()]):
            yield start, match.start()
            start = match.end()
    yield start, len(text)


def _question(sentence: str, answer: AnswerCandidate, title: str, generator: random.Random) -> str | None:
    """A question for `answer`, or None where too little is left to ask with."""
    before, after = _clause(sentence[: answer.start], sentence[answer.end :], generator)
    if generator.random() < 0.8:
        before = _PRONOUN.sub(lambda _: title, before)
    if len([w for w in (before + " " + after).lower().split() if w not in STOP_WORDS]) < 2:
        return None
    asked, before, after = _question_word(sentence[answer.start : answer.end], answer.kind, (before, after), generator)
    return _arrange(asked, before.strip(), after.strip(), generator)


def _clause(before: str, after: str, generator: random.Random) -> tuple[str, str]:
    """What stands before and after the answer, sometimes cut back to the clause, and to a window of words."""
    if generator.random() < 0.7:
        pieces = _CLAUSE_BREAK.split(before)
        enough = len(pieces[-1].split()) >= 4 or generator.random() < 0.2
        before = pieces[-1] if enough else " ".join(pieces[-2:])
        after = _CLAUSE_BREAK.split(after, maxsplit=1)[0] if len(before.split()) >= 3 else after
    return " ".join(before.split()[-12:]), " ".join(after.split()[: generator.randint(2, 12)])


def _question_word(answer: str, kind: str, around: tuple[str, str], generator: random.Random) -> tuple[str, str, str]:
    """The question word for an answer, and what stands around it without what the question word takes up."""
    before, after = around
    if kind == "date":
        bare = re.sub(r"\b(?:in|on|by|since|from|of|during|until|the) ?$", "", before.rstrip() + " ").strip()
        words = ["when", "when", "what year", "in what year"] if len(answer) <= 5 else ["when", "when", "on what date"]
        return generator.choice(words), bare, after
    if kind == "quantity":
        return _quantity_word(answer, before, after, generator)
    if kind == "name":
        return _name_word(answer, before, after, generator)
    head = answer.rsplit(maxsplit=1)[-1]
    bare = re.sub(r"\b(?:a|an|the)$", "", before.strip()).strip()
    asked = ["what", "what", "what", "which", "what type of " + head, "what is", "how", "what kind of " + head]
    return generator.choice(asked), bare, after


def _quantity_word(answer: str, before: str, after: str, generator: random.Random) -> tuple[str, str, str]:
    counted = re.match(r"\s*([a-z]+)", after)
    if "%" in answer or "percent" in answer or "per cent" in answer:
        return generator.choice(["what percentage", "what percent", "how much"]), before, after
    if answer[0] in "$£€":
        return generator.choice(["how much", "how much money", "what amount"]), before, after
    if counted and counted[1] not in STOP_WORDS:
        asked = generator.choice(["how many", "how many", "what number of"])
        return f"{asked} {counted[1]}", before, after[counted.end() :]
    return generator.choice(["how many", "what", "how much", "what number"]), before, after


def _name_word(answer: str, before: str, after: str, generator: random.Random) -> tuple[str, str, str]:
    words = answer.split()
    if _ORGANISATION.search(answer):
        head = words[-1].lower()
        return generator.choice(["what", "which", "what " + head, "which " + head, "who"]), before, after
    if _PERSON_CLUE.search(before + " "):
        return generator.choice(["who", "who", "who", "what", "which person"]), before, after
    if _PLACE_CLUE.search(before + " "):
        bare = re.sub(r"\b(?:in|at|near) ?(?:the)?$", "", before.strip()).strip()
        place = generator.choice(["where", "where", "what country", "what city", "which place", "what", "what state"])
        return (place, bare, after) if place == "where" else (place, before, after)
    if len(words) in (2, 3) and not re.search(r"\b(?:of|the|and|in)\b", answer):
        return generator.choice(["who", "who", "who", "what", "which"]), before, after
    return generator.choice(["what", "who", "which", "what is the name of"]), before, after


def _arrange(asked: str, before: str, after: str, generator: random.Random) -> str:
    """Question word order: `asked`, then an auxiliary moved to the front, then the rest."""
    before = re.sub(r"\b(?:the|a|an)$", "", before).strip()
    if not before:
        return f"{asked} {after}"
    choice = generator.random()
    if choice < 0.1:
        return f"{before} {asked} {after}"
    moved = _AUXILIARY.match(before)
    if moved and choice < 0.85:
        return f"{asked} {moved['auxiliary']} {moved['subject']}{moved['rest']} {after}"
    if choice < 0.55:
        return f"{asked} did {before} {after}"
    return f"{asked} {after} {before}" if choice < 0.75 else f"{asked} {before} {after}"


def _stray(question: str, noise: Noise, generator: random.Random) -> str:
    """`question` in lower case with words dropped, weakened (endings cut) and replaced; its question word stays."""
    strength = generator.choice([0.0, 0.5, 1.0, 1.0, 1.6])
    kept = []
    for place, word in enumerate(re.findall(r"[\w'$%£€-]+(?:[.,]\d+)?", question.lower())):
        dice = generator.random() / strength if strength else 2.0
        if place < 2 or dice > 1:
            kept.append(word)
        elif word in STOP_WORDS:
            kept.extend([word] if dice > noise.drop_function else [])
        elif dice > noise.drop_content:
            kept.append(_altered(word, noise, generator))
    return " ".join(kept) + generator.choice(["", "", "?"])


def _altered(word: str, noise: Noise, generator: random.Random) -> str:
    dice = generator.random()
    if dice < noise.replace and word in noise.neighbours:
        return generator.choice(noise.neighbours[word])
    if dice < noise.replace + noise.weaken and len(word) > 5:
        return re.sub(r"(?:ed|ing|es|s|ly)$", "", word)
    return word
