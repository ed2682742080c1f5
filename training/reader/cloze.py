"""Questions made by rule from the sentences of a passage, for self-supervised span pretraining.

After unsupervised question answering by cloze translation (Lewis et al. 2019): an answer is taken out of a clause, a question
word of the answer's type is put in front, an auxiliary verb is moved behind it, and words are dropped, weakened or replaced by
neighbours in the embedding space, so that the reader learns to align and not to copy. No tagger and no parser is needed: the
answers' types come from regular expressions (after Fabbri et al. 2020, whose templates need a tagger).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.reader.corpora import Passage

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_NUMBER_WORD = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fifteen|sixteen|twenty|thirty|forty|fifty|sixty|hundred|half"
_NAME = r"[A-Z][\w'’.-]*[\w.](?:(?: (?:of|the|de|von|van|for|and|&|in) (?:the )?| )[A-Z][\w'’-]*\w)*"
_DATE = re.compile(
    rf"\b(?:(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}|\d{{1,2}} (?:{_MONTH}) \d{{4}}|(?:{_MONTH})(?: \d{{1,2}}|,? \d{{4}})"
    rf"|(?:early |late |mid-)?(?:1[0-9]|20)\d\ds?(?: to (?:1[0-9]|20)\d\d)?)\b(?! (?:people|feet|metres|meters|km|miles))"
)
_QUANTITY = re.compile(
    rf"[$£€]?\b\d[\d,]*(?:\.\d+)?(?: (?:million|billion|trillion|hundred|thousand))?(?:%| percent| per cent)?|\b(?:{_NUMBER_WORD})\b"
)
_PROPER = re.compile(rf"\b{_NAME}")
_PHRASE = re.compile(r"\b(?:[a-z][a-z'-]+ ){0,2}[a-z][a-z-]{2,}\b")
_PERSON_CLUE = re.compile(
    r"(?:\b(?:by|king|queen|president|actor|actress|singer|author|writer|director|minister|mr\.?|sir|wife|husband|son|daughter|brother"
    r"|father|mother|composer|general|emperor|inventor|scientist|captain|character|played by|named|starring|as) )$",
    re.I,
)
_PLACE_CLUE = re.compile(r"\b(?:in|at|near|from|to|of|across|through|outside) (?:the )?$")
_ORGANISATION = re.compile(
    r"\b(?:University|College|Company|Party|Corporation|Institute|Church|Army|Bank|School|Inc|Club|Council|Act|War|Battle|River"
    r"|Award|Cup|League|Empire|Museum|Association|Union|Court|Museum|Theatre|Mountains?|Island|Street|Lake|Ocean|Sea|Prize|Series)\b"
)
_AUXILIARY = re.compile(
    r"^(?P<subject>(?:\S+ ){1,8}?)(?P<auxiliary>is|was|are|were|has|had|have|can|could|will|would|may|must|should) (?P<rest>.*)$"
)
_SENTENCE_BREAK = re.compile(r"(?<=[\w\)\"”%][.!?]) +(?=[\"“A-Z0-9])")
_STOP = frozenset(
    "a an the of in on at to for from by with as and or but is was are were be been being has had have do does did it its he she they"
    " his her their this that these those which who whom whose what when where why how than then there also into over under between"
    " after before during about not no only such can could will would may must should more most some other one all both each many"
    " i you we my your our him them me us if so up out while because until through".split()
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
        for left, right, kind in _answers(sentence):
            question = _question(sentence, left, right, kind, passage.title, generator)
            if question is not None:
                yield Cloze(_stray(question, noise, generator), start + left, start + right)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences of `text` stand; a first line of its own is a title, and no sentence."""
    start = text.find("\n") + 1
    for match in _SENTENCE_BREAK.finditer(text, start):
        if not re.search(r"\b(?:[A-Z]|St|Mr|Dr|Mrs|vs|No|c|ca|U\.S)\.$", text[start : match.start()]):
            yield start, match.start()
            start = match.end()
    yield start, len(text)


def _answers(sentence: str) -> Iterator[tuple[int, int, str]]:
    """Candidate answers of `sentence` with their kind, those that overlap an earlier one left out."""
    taken: list[tuple[int, int]] = []
    for kind, pattern in (("date", _DATE), ("quantity", _QUANTITY), ("name", _PROPER), ("phrase", _PHRASE)):
        for match in pattern.finditer(sentence):
            left, right = match.span()
            if kind == "phrase":
                left, right = _trim_phrase(sentence, left, right)
            worthless = right - left < 2 and kind != "quantity"
            lone_opener = kind == "name" and left == 0 and sentence[left:right].lower() in _STOP
            if worthless or lone_opener or any(left < b and a < right for a, b in taken):
                continue
            taken.append((left, right))
            yield left, right, kind


def _trim_phrase(sentence: str, left: int, right: int) -> tuple[int, int]:
    """The last run of content words in a run of lower-case words: the part most like a noun phrase."""
    words = [(m.start() + left, m.end() + left, m.group()) for m in re.finditer(r"\S+", sentence[left:right])]
    while words and words[-1][2] in _STOP:
        words.pop()
    kept: list[tuple[int, int, str]] = []
    while words and words[-1][2] not in _STOP:
        kept.insert(0, words.pop())
    opener = words[-1][2] if words else sentence[:left].split()[-1] if sentence[:left].split() else ""
    follower = sentence[kept[-1][1] :].split()[:1] if kept else []
    ends_well = not follower or follower[0] in _STOP or sentence[kept[-1][1]] in ",.;:)"
    noun_like = opener in (
        "a",
        "an",
        "the",
        "of",
        "and",
        "or",
        "as",
        "by",
        "with",
        "for",
        "into",
        "their",
        "its",
        "his",
    )
    return (kept[0][0], kept[-1][1]) if kept and ends_well and noun_like else (0, 0)


def _question(sentence: str, left: int, right: int, kind: str, title: str, generator: random.Random) -> str | None:
    before, after = _clause(sentence, left, right, generator)
    if generator.random() < 0.8:
        before = re.sub(
            r"^(?:He|She|It|They|The (?:film|song|series|show|album|book|game|novel|company))\b", title, before
        )
    if len([w for w in (before + " " + after).lower().split() if w not in _STOP]) < 2:
        return None
    asked, before, after = _question_word(sentence[left:right], kind, before, after, generator)
    return _arrange(asked, before.strip(), after.strip(), generator)


def _clause(sentence: str, left: int, right: int, generator: random.Random) -> tuple[str, str]:
    """What stands before and after the answer, sometimes cut back to the clause or to a window of words."""
    before, after = sentence[:left], sentence[right:]
    if generator.random() < 0.7:
        pieces = re.split(r"(?:, | - |; |: | – |—|\()", before)
        wanted = pieces[-1] if len(pieces[-1].split()) >= 4 or generator.random() < 0.2 else " ".join(pieces[-2:])
        before = wanted
        after = re.split(r"(?:, | - |; |: | – |—|\)|\()", after)[0] if len(before.split()) >= 3 else after
    words_after = after.split()
    return " ".join(before.split()[-12:]), " ".join(words_after[: generator.randint(2, 12)])


def _question_word(answer: str, kind: str, before: str, after: str, generator: random.Random) -> tuple[str, str, str]:
    """The question word for an answer, and the rest without what the question word takes up."""
    if kind == "date":
        bare = re.sub(r"\b(?:in|on|by|since|from|of|during|until|the) ?$", "", before.rstrip() + " ").strip()
        words = ["when", "when", "what year", "in what year"] if len(answer) <= 5 else ["when", "when", "on what date"]
        return generator.choice(words), bare, after
    if kind == "quantity":
        return _quantity_word(answer, before, after, generator)
    if kind == "name":
        return _name_word(answer, before, after, generator)
    head = answer.split()[-1]
    bare = re.sub(r"\b(?:a|an|the)$", "", before.strip()).strip()
    asked = ["what", "what", "what", "which", "what type of " + head, "what is", "how", "what kind of " + head]
    return generator.choice(asked), bare, after


def _quantity_word(answer: str, before: str, after: str, generator: random.Random) -> tuple[str, str, str]:
    counted = re.match(r"\s*([a-z]+(?: [a-z]+)?)", after)
    if "%" in answer or "percent" in answer or "per cent" in answer:
        return generator.choice(["what percentage", "what percent", "how much"]), before, after
    if answer[0] in "$£€":
        return generator.choice(["how much", "how much money", "what amount"]), before, after
    if counted and counted.group(1).split()[0] not in _STOP:
        noun = counted.group(1).split()[0]
        return (
            generator.choice(["how many", "how many", "what number of"]) + " " + noun,
            before,
            after[counted.end(1) :],
        )
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
        elif word in _STOP:
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
