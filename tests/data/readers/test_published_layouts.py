"""TriviaQA, MS MARCO, KILT and 2WikiMultihopQA are read as they were published, and as Hugging Face has them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.data.readers.records_on_disk import save_to_disk, write_records
from tradespace.data import Dataset, Source, read_dataset
from tradespace.data.readers.kilt import needed_together
from tradespace.data.readers.msmarco import MSMARCO
from tradespace.types import Evidence, Question


def read_as(format: str, path: Path) -> Dataset:
    """What is read without a fault, in the format that it is recognized to be."""
    reading = read_dataset(str(path))
    assert (reading.format, reading.faults, reading.fatal) == (format, (), ())
    return reading.dataset


def ids(data: Dataset) -> list[str]:
    return [document.id for document in data.documents]


class TestTriviaQA:
    QUESTION: ClassVar[dict[str, Any]] = {
        "QuestionId": "tc_1",
        "QuestionSource": "http://example.com",
        "Question": "Who first ruled Normandy?",
        "Answer": {
            "Value": "Rollo",
            "Aliases": ["Rollo", "Hrolf"],
            "NormalizedValue": "rollo",
            "Type": "WikipediaEntity",
        },
        "EntityPages": [{"DocSource": "TagMe", "Filename": f"{name}.txt", "Title": name} for name in ("Duke", "Oslo")],
        "SearchResults": [{"Filename": "1/1_2.txt", "Title": "A page", "Rank": 0, "Url": "http://example.com"}],
    }
    PAGES: ClassVar[dict[str, str]] = {
        "wikipedia/Duke.txt": "ROLLO was a duke.",
        "wikipedia/Oslo.txt": "A city.",
        "web/1/1_2.txt": "On Hrolf.",
    }

    def published(self, folder: Path, **changed: object) -> Path:
        """A file of questions beside the folder of evidence."""
        for name, text in self.PAGES.items():
            (folder / "evidence" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "evidence" / name).write_text(text)
        (folder / "qa").mkdir()
        file = folder / "qa/wikipedia-dev.json"
        file.write_text(
            json.dumps({"Data": [self.QUESTION | changed], "Domain": "Wikipedia", "Version": 1.0}, indent=1)
        )
        return file

    def test_as_published(self, tmp_path: Path) -> None:
        """Pages in which an accepted answer occurs are gold, any of them; the type of the answer is a group."""
        data = read_as("triviaqa", self.published(tmp_path))
        assert ids(data) == list(self.PAGES)
        assert data.documents[0].text == "Duke\nROLLO was a duke."
        gold = ("wikipedia/Duke.txt", "web/1/1_2.txt")
        [question] = data.questions
        assert question == Question(
            *("tc_1", "Who first ruled Normandy?", ("Rollo", "Hrolf"), gold),
            gold_alternatives=(gold,),
            groups=(("type", "WikipediaEntity"),),
        )

    @pytest.mark.parametrize("suffix", [".jsonl", ".parquet"])
    def test_from_hugging_face(self, suffix: str, tmp_path: Path) -> None:
        """Rows hold the pages, as columns of lists."""
        row = {
            "question": "Who first ruled Normandy?",
            "question_id": "tc_1",
            "question_source": "http://example.com",
            "entity_pages": {"filename": ["Duke.txt"], "title": ["Duke"], "wiki_context": ["Rollo was a duke."]},
            "search_results": {"filename": ["1/2.txt"], "title": ["T"], "search_context": ["Nothing."], "rank": [0]},
            "answer": {"aliases": ["Hrolf"], "value": "Rollo", "type": "WikipediaEntity"},
        }
        data = read_as("triviaqa", write_records(tmp_path / f"rc{suffix}", [row]))
        assert ids(data) == ["wikipedia/Duke.txt", "web/1/2.txt"]
        [question] = data.questions
        assert (question.answers, question.gold) == (("Rollo", "Hrolf"), ("wikipedia/Duke.txt",))
        assert question.gold_alternatives == ()

    def test_a_page_that_is_missing_is_left_out(self, tmp_path: Path) -> None:
        """With the line of its question."""
        file = self.published(tmp_path)
        (tmp_path / "evidence/web/1/1_2.txt").unlink()
        reading = read_dataset(str(file))
        assert reading.required().questions[0].gold == ("wikipedia/Duke.txt",)
        [fault] = reading.faults
        assert (fault.where, "1_2.txt' is missing; it was left out" in fault.message) == (f"{file}:3", True)

    def test_a_page_is_found_whatever_the_case_of_its_name(self, tmp_path: Path) -> None:
        """Some published names differ from those of the files so, or in how Unicode writes their letters."""
        pages = [{"Filename": "DUKE.txt", "Title": "Duke"}, {"Filename": "Ru\u0301an.txt", "Title": "R\u00faan"}]
        file = self.published(tmp_path, EntityPages=pages)
        (tmp_path / "evidence/wikipedia/R\u00faan.txt").write_text("A city.")
        assert ids(read_as("triviaqa", file))[:2] == ["wikipedia/DUKE.txt", "wikipedia/Ru\u0301an.txt"]

    def test_a_page_outside_of_the_evidence_is_refused(self, tmp_path: Path) -> None:
        """A file of questions from elsewhere names no file of yours."""
        (tmp_path / "secret.txt").write_text("Rollo's key")
        file = self.published(tmp_path, EntityPages=[{"Filename": "../../secret.txt", "Title": "S"}])
        [fault] = read_dataset(str(file)).fatal
        assert fault.message.startswith("a page must be a file in ")


class TestMSMARCO:
    QUERY: ClassVar[dict[str, Any]] = {
        "query_id": 7,
        "query": "who first ruled normandy",
        "query_type": "PERSON",
        "answers": ["Rollo"],
        "wellFormedAnswers": ["Rollo first ruled Normandy."],
        "passages": [
            {"is_selected": 0, "passage_text": "Oxygen is O.", "url": "http://o.org"},
            {"is_selected": 1, "passage_text": "Rollo ruled.", "url": "http://n.org"},
            {"is_selected": 0, "passage_text": "Then Robert.", "url": "http://n.org"},
        ],
    }
    NONE: ClassVar[dict[str, Any]] = QUERY | {
        **{"query_id": 8, "query": "who", "query_type": "ENTITY", "answers": ["No Answer Present."]},
        **{"wellFormedAnswers": "[]", "passages": [QUERY["passages"][0]]},
    }
    QUESTIONS = (
        Question(
            *("7", "who first ruled normandy", ("Rollo", "Rollo first ruled Normandy."), ("http://n.org/1",)),
            groups=(("type", "PERSON"),),
        ),
        Question("8", "who", ("",), groups=(("type", "ENTITY"),)),
    )

    def check(self, data: Dataset) -> None:
        """Selected passages are gold; each is a document once; where there is no answer the empty one is right."""
        assert ids(data) == ["http://o.org/1", "http://n.org/1", "http://n.org/2"]
        assert data.questions == self.QUESTIONS

    def test_version_2_as_published(self, tmp_path: Path) -> None:
        """Columns by row, compressed."""
        rows = [self.QUERY, self.NONE]
        columns = {name: {str(place): row[name] for place, row in enumerate(rows)} for name in self.QUERY}
        file = tmp_path / "dev_v2.1.json.gz"
        file.write_bytes(gzip.compress(json.dumps(columns).encode()))
        self.check(read_as("msmarco", file))

    def test_the_large_files_of_version_2_are_recognized_by_their_names(self, tmp_path: Path) -> None:
        """Their beginning shows no more than the first column."""
        (tmp_path / "train_v2.1.json").write_text(json.dumps({"answers": {"0": ["x" * 2**21]}}))
        assert MSMARCO().detects(tmp_path / "train_v2.1.json")
        assert not MSMARCO().detects(tmp_path / "dev_v2.1.json")

    def test_version_1_as_published(self, tmp_path: Path) -> None:
        """Lines under the name of JSON, without well-formed answers."""
        file = tmp_path / "dev_v1.1.json"
        rows = [
            {name: value for name, value in row.items() if name != "wellFormedAnswers"} for row in (self.QUERY,) * 2
        ]
        file.write_text("\n".join(json.dumps(row | {"query_id": place}) for place, row in enumerate(rows)))
        assert [question.answers for question in read_as("msmarco", file).questions] == [("Rollo",)] * 2

    def test_from_hugging_face(self, tmp_path: Path) -> None:
        """Passages are columns of lists; the folder is one that `datasets` saved."""
        rows = [
            row
            | {"passages": {name: [each[name] for each in row["passages"]] for name in row["passages"][0]}}
            | {"wellFormedAnswers": [] if row is self.NONE else row["wellFormedAnswers"]}
            for row in (self.QUERY, self.NONE)
        ]
        self.check(read_as("msmarco", save_to_disk(tmp_path / "marco", rows)))

    def test_a_wrong_passage_is_found_with_its_place(self, tmp_path: Path) -> None:
        """Inside of the record, too."""
        broken = self.QUERY | {"query_id": 9, "passages": [{"is_selected": 1}]}
        file = write_records(tmp_path / "dev.jsonl", [self.QUERY, broken])
        [fault] = read_dataset(str(file)).fatal
        assert str(fault).startswith(f"{file}:2: passages[0].passage_text: Field required")


class TestMSMARCORanking:
    @staticmethod
    def write(folder: Path, qrels: str = "7 0 d 1\n7 0 e 0\n", queries: str = "7\tWho?\n8\tNobody asked\n") -> Path:
        (folder / "collection.tsv").write_text('d\tRollo "ruled.\ne\tOxygen.\n')
        (folder / "queries.dev.tsv").write_text(queries)
        (folder / "qrels.dev.tsv").write_text(qrels)
        return folder

    def test_passages(self, tmp_path: Path) -> None:
        """Judged queries are questions; quotes mean nothing."""
        data = read_as("msmarco_ranking", self.write(tmp_path))
        assert [(document.id, document.text) for document in data.documents] == [
            ("d", 'Rollo "ruled.'),
            ("e", "Oxygen."),
        ]
        assert data.questions == (Question("7", "Who?", (), ("d",)),)

    def test_documents(self, tmp_path: Path) -> None:
        """With an address and a title, which begins the text; compressed, with spaces in the judgements."""
        (tmp_path / "msmarco-docs.tsv.gz").write_bytes(gzip.compress(b"D1\thttp://n.org\tNormandy\tRollo ruled.\n"))
        (tmp_path / "msmarco-docdev-queries.tsv").write_text("7\tWho?\n")
        (tmp_path / "msmarco-docdev-qrels.tsv").write_text("7 0 D1 1\n")
        data = read_as("msmarco_ranking", tmp_path)
        assert [(document.id, document.text) for document in data.documents] == [("D1", "Normandy\nRollo ruled.")]
        assert data.questions[0].gold == ("D1",)

    def test_faults_have_their_lines(self, tmp_path: Path) -> None:
        """A line with another number of cells, a judgement that is none, a query that is missing."""
        folder = self.write(tmp_path, "7\t0\td\t1\n7\td\t1\n9\t0\td\t1\n", "7\tWho?\n8\n")
        reading = read_dataset(str(folder))
        assert [str(fault).removeprefix(f"{folder}/") for fault in reading.fatal] == [
            "qrels.dev.tsv:2: a judgement must be: query-id, 0, document-id, number, between tabs or spaces; given: "
            "['7', 'd', '1']",
            "queries.dev.tsv:2: a line must have 2 cells between tabs (id, query); it has 1",
        ]
        assert [fault.where.removeprefix(f"{folder}/") for fault in reading.faults] == ["qrels.dev.tsv:3"]

    def test_queries_and_judgements_are_needed(self, tmp_path: Path) -> None:
        """A collection alone asks nothing."""
        (tmp_path / "collection.tsv").write_text("d\tRollo ruled.\n")
        messages = [fault.message for fault in read_dataset(str(tmp_path)).fatal]
        assert messages == [
            f"at least one file with {word!r} in its name is needed; none was found" for word in ("qrels", "queries")
        ]


class TestKILT:
    PAGES: ClassVar[list[dict[str, Any]]] = [
        {"_id": "7", "wikipedia_id": "7", "wikipedia_title": "Normandy", "text": ["Normandy\n", "First Rollo.\n"]},
        {"_id": "8", "wikipedia_id": "8", "wikipedia_title": "Rollo", "text": ["Rollo\n", "Of Normandy.\n"]},
    ]

    @staticmethod
    def asked(*outputs: tuple[str, list[str]], **span: int) -> dict[str, Any]:
        """A question with answers, each with the pages of its provenance."""
        return {
            "id": "q",
            "input": "who first ruled normandy",
            "meta": {"template_questions": []},
            "output": [
                {"answer": answer, "provenance": [{"wikipedia_id": page, "title": page, **span} for page in pages]}
                for answer, pages in outputs
            ],
        }

    def write(self, folder: Path, *asked: dict[str, Any]) -> Path:
        write_records(folder / "nq-dev-kilt.jsonl", asked)
        (folder / "kilt_knowledgesource.json").write_text("\n".join(map(json.dumps, self.PAGES)))
        return folder

    def test_pages_of_several_outputs_are_alternatives(self, tmp_path: Path) -> None:
        """The knowledge source has lines under the name of JSON; a page's paragraphs are its text."""
        data = read_as("kilt", self.write(tmp_path, self.asked(("Rollo", ["7"]), ("Rollo", ["8"]), ("Hrolf", []))))
        assert [(document.id, document.title, document.text) for document in data.documents] == [
            ("7", "Normandy", "Normandy\nFirst Rollo.\n"),
            ("8", "Rollo", "Rollo\nOf Normandy.\n"),
        ]
        expected = Question(
            *("q", "who first ruled normandy", ("Rollo", "Hrolf"), ("7", "8")), gold_alternatives=(("7", "8"),)
        )
        assert data.questions == (expected,)

    def test_pages_of_one_output_are_needed_together(self, tmp_path: Path) -> None:
        """As those of HotpotQA are."""
        [question] = read_as("kilt", self.write(tmp_path, self.asked(("Rollo", ["7", "8"])))).questions
        assert (question.gold, question.gold_alternatives) == (("7", "8"), ())

    def test_places_in_pages_are_evidence(self, tmp_path: Path) -> None:
        """Characters of paragraphs; those of several outputs are alternatives, those of one are needed together."""
        span = {"start_paragraph_id": 1, "start_character": 0, "end_paragraph_id": 1, "end_character": 5}
        data = read_as("kilt", self.write(tmp_path, self.asked(("Rollo", ["7"]), ("Rollo", ["8"]), **span)))
        first, second = Evidence("7", "First", 9), Evidence("8", "Of No", 6)
        assert data.questions[0].evidence == ((first, second),)
        [question] = read_as("kilt", self.write(tmp_path, self.asked(("Rollo", ["7", "8"]), **span))).questions
        assert question.evidence == ((first,), (second,))

    def test_questions_and_knowledge_may_be_anywhere(self, tmp_path: Path) -> None:
        """Named one by one, they are recognized, too."""
        folder = self.write(tmp_path, self.asked(("Rollo", ["7"])))
        source = Source(
            questions=str(folder / "nq-dev-kilt.jsonl"), documents=str(folder / "kilt_knowledgesource.json")
        )
        reading = read_dataset(source)
        assert (reading.format, reading.fatal, reading.dataset.questions[0].gold) == ("kilt", (), ("7",))

    def test_sets_of_pages_as_groups(self) -> None:
        """A page of each group is found if and only if a whole set can be; of too many, one set stands for all."""
        assert needed_together([("a", "b"), ("c",)]) == [("a", "c"), ("b", "c")]
        assert needed_together([]) == []
        many = [tuple(f"{letter}{number}" for number in range(10)) for letter in "abcd"]
        assert needed_together(many) == [(page,) for page in many[0]]


class TestMultiHop:
    WIKI: ClassVar[dict[str, Any]] = {
        "_id": "w",
        "type": "bridge_comparison",
        "question": "Are both of them Vikings?",
        "answer": "yes",
        "answer_id": "Q1",
        "supporting_facts": [["Rollo", 0], ["Robert", 0]],
        "evidences": [["Rollo", "is", "Viking"]],
        "evidences_id": [["Q1", "is", "Q2"]],
        "entity_ids": "Q1_Q2",
        "context": [["Rollo", ["A Viking."]], ["Robert", ["A duke."]]],
    }

    def test_2wikimultihopqa_as_published(self, tmp_path: Path) -> None:
        """The format of HotpotQA, with fields of its own; the type of a question is a group."""
        [question] = read_as("hotpotqa", write_records(tmp_path / "dev.json", [self.WIKI])).questions
        assert (question.gold, question.groups) == (("Rollo/1", "Robert/1"), (("type", "bridge_comparison"),))

    def test_2wikimultihopqa_with_json_in_its_columns(self, tmp_path: Path) -> None:
        """As a copy of it on the hub has them."""
        row = self.WIKI | {name: json.dumps(self.WIKI[name]) for name in ("context", "supporting_facts", "evidences")}
        published = read_as("hotpotqa", write_records(tmp_path / "dev.json", [self.WIKI]))
        assert read_as("hotpotqa", write_records(tmp_path / "dev.parquet", [row])) == published

    def test_the_type_and_level_of_hotpotqa_are_groups(self, tmp_path: Path) -> None:
        """Where they are there."""
        row = {**self.WIKI, "type": "bridge", "level": "hard"}
        [question] = read_as("hotpotqa", write_records(tmp_path / "dev.jsonl", [row])).questions
        assert question.groups == (("type", "bridge"), ("level", "hard"))

    @pytest.mark.parametrize(("id", "groups"), [("3hop1__1_2_3", (("type", "3hop1"),)), ("17", ())])
    def test_the_shape_of_a_question_of_musique_is_a_group(
        self, id: str, groups: tuple[tuple[str, str], ...], tmp_path: Path
    ) -> None:
        """Its id says it."""
        paragraphs = [{"idx": 0, "title": "Rollo", "paragraph_text": "A Viking.", "is_supporting": True}]
        row = {"id": id, "question": "Who?", "answer": "Rollo", "answerable": True, "paragraphs": paragraphs}
        [question] = read_as("musique", write_records(tmp_path / "dev.jsonl", [row])).questions
        assert question.groups == groups


class TestBEIRFromTheHub:
    @pytest.mark.parametrize(
        "qrels", ["default/test-0.parquet", "data/test-0.parquet", "qrels/test.jsonl", "qrels/test.tsv"]
    )
    @pytest.mark.parametrize("id", ["_id", "id"])
    def test_its_parts_are_folders_of_records(self, id: str, qrels: str, tmp_path: Path) -> None:
        """As MTEB has them: a folder each for the corpus, the queries and the judgements."""
        write_records(tmp_path / "corpus/corpus-0.parquet", [{id: "d", "title": "Rollo", "text": "A Viking."}])
        write_records(tmp_path / "queries/queries-0.parquet", [{id: "q", "text": "Who?"}, {id: "r", "text": "What?"}])
        write_records(tmp_path / qrels, [{"query-id": "q", "corpus-id": "d", "score": 1}])
        data = read_as("beir", tmp_path)
        assert [(document.id, document.text) for document in data.documents] == [("d", "Rollo\nA Viking.")]
        assert data.questions == (Question("q", "Who?", (), ("d",)),)

    def test_a_judged_query_that_is_missing_is_found_in_its_row(self, tmp_path: Path) -> None:
        """Of the file in the folder."""
        write_records(tmp_path / "corpus/corpus-0.parquet", [{"_id": "d", "text": "A Viking."}])
        write_records(tmp_path / "queries/queries-0.parquet", [{"_id": "q", "text": "Who?"}])
        judged = [{"query-id": query, "corpus-id": "d", "score": 1} for query in ("q", "x")]
        file = write_records(tmp_path / "data/test-0.parquet", judged)
        [fault] = read_dataset(str(tmp_path)).faults
        assert str(fault) == f"{file}:row 2: the judged query 'x' is not in queries; it was left out"
