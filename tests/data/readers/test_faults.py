"""What is wrong with data is found, all of it, each with file and line."""

import gzip
import json
import os
from pathlib import Path

import pandas as pd
import pytest

from tradespace.data.readers import DATASET_READERS, DatasetReading, Files
from tradespace.data.readers.autorag import AutoRAG
from tradespace.data.readers.beir import BEIR
from tradespace.data.readers.files import AskedRow
from tradespace.data.readers.squad import SQuAD
from tradespace.errors import Fault


def own(folder: Path, questions: str, suffix: str = "jsonl", **documents: str) -> Path:
    """A folder of one's own data; documents are named a for a.md."""
    (folder / "documents").mkdir(exist_ok=True)
    for name, text in documents.items():
        (folder / f"documents/{name}.md").write_text(text, encoding="utf-8")
    (folder / f"questions.{suffix}").write_text(questions, encoding="utf-8")
    return folder


def short(faults: tuple[Fault, ...], folder: Path) -> list[tuple[str, str]]:
    """Faults as (place inside the folder, message)."""
    return [(fault.where.removeprefix(f"{folder}/"), fault.message) for fault in faults]


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


class TestEveryFormat:
    def test_a_question_whose_gold_document_is_missing_keeps_the_others(self, tmp_path: Path) -> None:
        """The missing id is left out and named."""
        folder = own(tmp_path, lines({"question": "What?", "gold": ["a.md", "b.md"]}), a="Text.")
        reading = Files().read(folder)
        assert reading.required().questions[0].gold == ("a.md",)
        expected = "gold document 'b.md' of question 'questions/1' is missing; it was left out"
        assert short(reading.faults, folder) == [("questions.jsonl:1", expected)]

    def test_gold_documents_that_are_all_missing_are_fatal(self, tmp_path: Path) -> None:
        """Ids of which none fits are no gap in the data but a mistake; the error shows one of each kind."""
        folder = own(tmp_path, lines({"question": "What?", "gold": "a"}, {"question": "Who?", "gold": "b"}), a="Text.")
        [(where, message)] = short(Files().read(folder).fatal, folder)
        assert where == "questions.jsonl:1"
        assert message == "gold documents must be ids of documents, such as 'a.md'; none of the 2 is, such as 'a'"

    def test_duplicate_ids_are_fatal_where_the_contents_differ(self, tmp_path: Path) -> None:
        """Both places are named."""
        folder = own(tmp_path, lines({"id": "q", "question": "What?"}, {"id": "q", "question": "Who?"}), a="Text.")
        expected = f"the id of a question must be unique; 'q' is also the id of another at {folder}/questions.jsonl:1"
        assert short(Files().read(folder).fatal, folder) == [("questions.jsonl:2", expected)]

    def test_an_equal_duplicate_is_read_once(self, tmp_path: Path) -> None:
        """The same question twice does no harm."""
        record = {"id": "q", "question": "What?", "answer": "That"}
        reading = Files().read(own(tmp_path, lines(record, record), a="Text."))
        assert len(reading.required().questions) == 1
        assert [where for where, _ in short(reading.faults, tmp_path)] == ["questions.jsonl:2"]

    def test_empty_texts_are_left_out(self, tmp_path: Path) -> None:
        """Neither an empty document nor an empty question is of use."""
        asked = lines({"question": "What?", "answer": "That"}, {"question": " ", "answer": "That"})
        reading = Files().read(own(tmp_path, asked, a="Text.", b=" \n"))
        assert [document.id for document in reading.required().documents] == ["a.md"]
        assert len(reading.required().questions) == 1
        assert [where for where, _ in short(reading.faults, tmp_path)] == ["documents/b.md:1", "questions.jsonl:2"]

    def test_questions_that_no_measure_can_score_are_reported_once(self, tmp_path: Path) -> None:
        """They are kept: latency can be measured all the same."""
        reading = Files().read(own(tmp_path, lines({"question": "What?"}, {"question": "Who?"}), a="Text."))
        assert len(reading.required().questions) == 2
        [(where, message)] = short(reading.faults, tmp_path)
        assert where == "questions.jsonl:1"
        assert message.startswith("no measure can score 2 questions")

    @pytest.mark.parametrize("reader", DATASET_READERS, ids=lambda reader: reader.name)
    def test_nothing_at_all_is_fatal(self, reader: Files, tmp_path: Path) -> None:
        """A folder without the files of the format is an error that names a path, never a crash."""
        assert not reader.detects(tmp_path)
        reading = reader.read(tmp_path)
        assert reading.fatal
        assert all(fault.where for fault in reading.fatal)


class TestFiles:
    def test_a_line_that_is_no_json_is_found_with_all_others(self, tmp_path: Path) -> None:
        """Good lines are read, each bad one is reported, and a last line without its end is suspicious."""
        asked = '{"question": "What?"}\n{"question": }\n[1]\n\n{"question": "Wh'
        reading = Files().read(own(tmp_path, asked, a="Text."))
        faults = short(reading.fatal, tmp_path)
        assert [where for where, _ in faults] == ["questions.jsonl:2", "questions.jsonl:3", "questions.jsonl:5"]
        assert [message.endswith("the file may be cut short") for _, message in faults] == [False, False, True]
        assert len(reading.dataset.questions) == 1

    def test_a_missing_or_mistyped_field_is_named_with_those_given(self, tmp_path: Path) -> None:
        """A typing error is seen at once."""
        faults = short(
            Files().read(own(tmp_path, lines({"qestion": "?"}, {"question": ["?"]}), a="Text.")).fatal, tmp_path
        )
        assert faults[0] == ("questions.jsonl:1", "question: Field required; the fields given are: qestion")
        assert faults[1][1].startswith("question: Input should be a valid string")

    def test_a_wrong_encoding_is_found_with_its_line(self, tmp_path: Path) -> None:
        """Latin-1 in a document and in the questions; a byte order mark is no fault."""
        folder = own(tmp_path, "", "csv")
        (folder / "documents/a.md").write_bytes(b"one\ntwo\nOgr\xf3d Saski\n")
        (folder / "documents/b.md").write_bytes(b"\xef\xbb\xbfText.")
        (folder / "questions.csv").write_bytes(b"question,answer\nWhat?,Ogr\xf3d\n")
        reading = Files().read(folder)
        assert [where for where, _ in short(reading.fatal, folder)][:2] == ["documents/a.md:3", "questions.csv:2"]
        assert all("UTF-8" in fault.message for fault in reading.fatal[:2])
        assert reading.dataset.documents[0].text == "Text."

    def test_a_csv_without_a_question_column_names_the_columns_given(self, tmp_path: Path) -> None:
        """Once, not for every row, and with what can be said about it."""
        [fault] = Files().read(own(tmp_path, "frage;antwort\nWas?;Das\nWer?;Er\n", "csv", a="Text.")).fatal
        assert fault.where.endswith("questions.csv:2")
        assert fault.message == (
            "no column is called 'question', and each record needs one; Valid: frage, antwort. Say which it is, by "
            "`columns: {question: …}` in the section `data`"
        )

    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_columns_are_separated_as_in_the_header(self, separator: str, tmp_path: Path) -> None:
        """Excel writes semicolons in many countries; cells may hold the other separators."""
        asked = f'id{separator}question{separator}answer\n1{separator}"Who, then; or\twhat?"{separator}me|you\n'
        [question] = Files().read(own(tmp_path, asked, "csv", a="Text.")).required().questions
        assert (question.text, question.answers) == ("Who, then; or\twhat?", ("me", "you"))

    def test_a_repeated_column_is_a_fault(self, tmp_path: Path) -> None:
        """Neither of the two is dropped in silence."""
        asked = "question,answer,gold,answer\nWho?,me,a.md,you\n"
        faults = short(Files().read(own(tmp_path, asked, "csv", a="Text.")).fatal, tmp_path)
        assert faults == [("questions.csv:1", "each column must have a name of its own; 'answer' is given 2 times")]

    def test_two_names_of_one_field_are_a_fault(self, tmp_path: Path) -> None:
        """`answer` and `answers` mean the same, in CSV and in JSONL; a field twice in one object is no better."""
        own(tmp_path, "question,answer,answers\nWho?,me,you\n", "csv", a="Text.")
        [(where, message)] = short(Files(questions=tmp_path / "questions.csv").read(tmp_path).fatal, tmp_path)
        assert where == "questions.csv:2"
        assert message.startswith("answers and answer mean the same; keep one of them; the fields given are: ")
        (tmp_path / "twice.jsonl").write_text('{"question": "Who?", "answer": "me", "answer": "you"}')
        [(where, message)] = short(Files(questions=tmp_path / "twice.jsonl").read(tmp_path).fatal, tmp_path)
        assert (where, "'answer' is given twice" in message) == ("twice.jsonl:1", True)

    @pytest.mark.parametrize("suffix", ["csv", "jsonl"])
    def test_a_column_that_is_not_read_is_reported_once_with_the_nearest(self, suffix: str, tmp_path: Path) -> None:
        """A misspelt column is seen, and does no harm."""
        rows = [
            {"question": "Who?", "answer": "me", "golds": "a.md"},
            {"question": "What?", "answer": "that", "golds": ""},
        ]
        table = "question,answer,golds\nWho?,me,a.md\nWhat?,that,\n"
        reading = Files().read(own(tmp_path, table if suffix == "csv" else lines(*rows), suffix, a="Text."))
        assert len(reading.required().questions) == 2
        [(where, message)] = short(reading.faults, tmp_path)
        assert where == f"questions.{suffix}:{2 if suffix == 'csv' else 1}"
        assert message == f"'golds' is not read; did you mean 'gold'? Valid: {', '.join(AskedRow.valid())}"

    def test_null_and_nan_are_as_good_as_not_given(self, tmp_path: Path) -> None:
        """What is not known is written so; it is never the text "nan"."""
        asked = '{"question": "Who?", "answer": NaN, "id": null, "gold": ["a.md"]}\n{"question": NaN, "answer": "x"}\n'
        reading = Files().read(own(tmp_path, asked, a="Text."))
        assert reading.dataset.questions[0].answers == ()
        assert reading.dataset.questions[0].id == "questions/1"
        [(where, message)] = short(reading.fatal, tmp_path)
        assert (where, message.partition(";")[0]) == ("questions.jsonl:2", "question: Field required")

    def test_half_a_character_is_replaced_and_reported(self, tmp_path: Path) -> None:
        """Wherever it stands: in a question, an answer, an id, the name of a gold document or of a file."""
        folder = own(
            tmp_path, '{"id": "\\ud83d", "question": "Who \\ud83d?", "answer": "\\ude00", "gold": "\\udcff.md"}'
        )
        (folder / "documents/\udcff.md").write_text("Text.")
        reading = Files().read(folder)
        [question], [document] = reading.required().questions, reading.required().documents
        expected = ("\ufffd", "Who \ufffd?", ("\ufffd",), ("\ufffd.md",))
        assert (question.id, question.text, question.answers, question.gold) == expected
        assert document.id == "\ufffd.md"
        problem = "half a character (a lone surrogate) in '\ufffd' was replaced by U+FFFD"
        assert ("questions.jsonl:1", problem) in short(reading.faults, folder)
        assert len(reading.faults) == 2

    def test_what_editors_and_systems_leave_behind_is_no_document(self, tmp_path: Path) -> None:
        """Hidden files and folders, Office's locks and macOS's AppleDouble files are left out by name."""
        folder = own(tmp_path, lines({"question": "What?", "answer": "That"}), a="Text.")
        hidden = (".git/description.txt", ".ipynb_checkpoints/a.md", "sub/._a.md", "sub/~$a.md", "__MACOSX/a.md")
        for path in (*hidden, "sub/b.md"):
            (folder / "documents" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "documents" / path).write_bytes(b"Text." if path == "sub/b.md" else b"\x00\x05\x16\x07")
        reading = Files().read(folder)
        assert [document.id for document in reading.required().documents] == ["a.md", "sub/b.md"]
        names = "'.git/', '.ipynb_checkpoints/', '__MACOSX/', 'sub/._a.md', 'sub/~$a.md'"
        expected = f"hidden files and folders are not read; left out: {names}"
        assert short(reading.faults, folder) == [("documents", expected)]

    def test_folders_that_are_left_out_are_named(self, tmp_path: Path) -> None:
        """One without a text, and a link to one elsewhere."""
        folder = own(tmp_path, lines({"question": "What?", "answer": "That"}), a="Text.")
        for number in range(7):
            (folder / f"documents/scans/{number}.png").parent.mkdir(exist_ok=True)
            (folder / f"documents/scans/{number}.png").touch()
        (folder / "documents/more").symlink_to(folder, target_is_directory=True)
        messages = [message for _, message in short(Files().read(folder).faults, folder)]
        assert messages == [
            "files whose names end so are not read: .png; 7 files were left out: 'scans/0.png', 'scans/1.png', "
            "'scans/2.png', 'scans/3.png', 'scans/4.png' and 2 more",
            "links to folders are not followed; left out: 'more'",
            "folders with nothing to read were left out: 'scans/'",
        ]

    def test_a_pipe_among_the_documents_is_a_fault(self, tmp_path: Path) -> None:
        """It would never end."""
        folder = own(tmp_path, lines({"question": "What?", "answer": "That"}), a="Text.")
        os.mkfifo(folder / "documents/b.md")
        [(where, message)] = short(Files().read(folder).fatal, folder)
        assert (where, message.partition(".")[0]) == ("documents/b.md", "must be a regular file; it is a named pipe")

    def test_a_csv_row_with_a_cell_too_many_is_found(self, tmp_path: Path) -> None:
        """A comma that should have been quoted."""
        asked = "question,answer\nWho pays, and when?,you\nWho?,me\n"
        reading = Files().read(own(tmp_path, asked, "csv", a="Text."))
        expected = "a row must have as many cells as the header, 2; it has 3"
        assert short(reading.fatal, tmp_path) == [("questions.csv:2", expected)]
        assert len(reading.dataset.questions) == 1

    def test_a_csv_that_ends_inside_quotes_is_cut_short(self, tmp_path: Path) -> None:
        """What came before is read."""
        reading = Files().read(own(tmp_path, 'question,answer\nWho?,me\n"What', "csv", a="Text."))
        [(where, message)] = short(reading.fatal, tmp_path)
        assert where == "questions.csv:3"
        assert message.endswith("the file may be cut short")
        assert len(reading.dataset.questions) == 1

    def test_files_of_another_kind_are_left_out_and_counted(self, tmp_path: Path) -> None:
        """A picture among the documents is not searched, and the user is told."""
        folder = own(tmp_path, lines({"question": "What?", "answer": "That"}), a="Text.")
        (folder / "documents/b.png").write_bytes(b"\x89PNG")
        [(where, message)] = short(Files().read(folder).faults, folder)
        assert where == "documents"
        assert message == "files whose names end so are not read: .png; 1 file was left out: 'b.png'"

    def test_questions_of_another_kind_are_refused(self, tmp_path: Path) -> None:
        """The kinds that are read are named."""
        own(tmp_path, "", "xlsx", a="Text.")
        reading = Files(questions=tmp_path / "questions.xlsx").read(tmp_path)
        [(where, message)] = short(reading.fatal, tmp_path)
        assert where == "questions.xlsx"
        assert message.startswith(
            "the name of a file of records must end in .jsonl, .json, .csv, .tsv, .parquet, .arrow; or"
        )


class TestSQuAD:
    @staticmethod
    def read(folder: Path, value: object, indent: int | None = 1) -> DatasetReading:
        file = folder / "data.json"
        file.write_text(json.dumps(value, indent=indent))
        return SQuAD().read(file)

    def test_a_fault_deep_inside_is_found_with_its_line(self, tmp_path: Path) -> None:
        """The place in the structure is named, too, for files written as one line."""
        asked = [{"id": "1", "question": "Who?"}, {"id": "2"}]
        value = {"data": [{"title": "A", "paragraphs": [{"context": "Text.", "qas": asked}]}]}
        [(where, message)] = short(self.read(tmp_path, value).fatal, tmp_path)
        line = next(n for n, text in enumerate(json.dumps(value, indent=1).split("\n"), start=1) if '"2"' in text)
        assert where == f"data.json:{line - 1}"  # where the object starts that lacks the field
        assert message.startswith("data[0].paragraphs[0].qas[1].question: Field required")
        assert short(self.read(tmp_path, value, indent=None).fatal, tmp_path) == [("data.json:1", message)]

    def test_a_file_cut_short_is_found_with_its_line(self, tmp_path: Path) -> None:
        """It ends where something should follow."""
        (tmp_path / "data.json").write_text('{"data": [\n{"title": "A", "paragraphs": [')
        [(where, message)] = short(SQuAD().read(tmp_path / "data.json").fatal, tmp_path)
        assert where == "data.json:2"
        assert message.endswith("the file may be cut short")

    def test_articles_of_one_title_number_their_paragraphs_on(self, tmp_path: Path) -> None:
        """Ids stay unique where articles have no title of their own."""
        article = {"paragraphs": [{"context": "One.", "qas": []}, {"context": "Two.", "qas": []}]}
        reading = self.read(tmp_path, {"data": [article, article]})
        assert [document.id for document in reading.dataset.documents] == [f"untitled/{n}" for n in (1, 2, 3, 4)]


class TestBEIR:
    @staticmethod
    def read(folder: Path, qrels: str, queries: str = lines({"_id": "q", "text": "What?"})) -> DatasetReading:
        (folder / "qrels").mkdir()
        (folder / "corpus.jsonl").write_text(
            lines(
                {"_id": "d", "text": "Text."},
                {"_id": 5, "title": "", "text": "5."},
                {"_id": "n", "title": None, "text": "No title."},
            )
        )
        (folder / "queries.jsonl").write_text(queries)
        (folder / "qrels/test.tsv").write_text(qrels)
        return BEIR().read(folder)

    def test_a_judged_document_that_is_missing_is_found_in_the_judgements(self, tmp_path: Path) -> None:
        """The line is that of the judgement, not of the query; ids may be numbers."""
        reading = self.read(tmp_path, "query-id\tcorpus-id\tscore\nq\td\t1\nq\t5\t2\nq\tmissing\t1\nq\tother\t0\n")
        assert reading.required().questions[0].gold == ("d", "5")
        expected = "gold document 'missing' of question 'q' is missing; it was left out"
        assert (("qrels/test.tsv:4", expected)) in short(reading.faults, tmp_path)
        assert len(reading.faults) == 1

    def test_scores_may_be_fractions_and_titles_null(self, tmp_path: Path) -> None:
        """As many published sets have them."""
        reading = self.read(tmp_path, "q\td\t1.0\nq\t5\t0.0\nq\tn\t0.5\n")
        assert reading.required().questions[0].gold == ("d", "n")
        assert (reading.faults, reading.dataset.documents[2].title) == ((), "")

    @pytest.mark.parametrize("score", ["nan", "inf", "9" * 5000, ""])
    def test_a_score_must_be_a_number(self, score: str, tmp_path: Path) -> None:
        """No infinity either, however it is written."""
        [(where, message)] = short(self.read(tmp_path, f"q\td\t1\nq\td\t{score}\n").fatal, tmp_path)
        assert (where, message.partition(";")[0]) == (
            "qrels/test.tsv:2",
            "a judgement must be: query-id, tab, corpus-id, tab, number",
        )

    def test_answers_in_queries_are_read_and_other_fields_reported(self, tmp_path: Path) -> None:
        """BEIR has none, but people add them; `metadata` belongs to the format."""
        queries = lines({"_id": "q", "text": "What?", "metadata": {}, "answers": ["That"], "references": ["x"]})
        reading = self.read(tmp_path, "q\td\t1\n", queries)
        assert reading.required().questions[0].answers == ("That",)
        expected = "'references' is not read; Valid: _id, id, text, answers, answer"
        assert short(reading.faults, tmp_path) == [("queries.jsonl:1", expected)]

    def test_compressed_files_are_read_as_hugging_face_has_them(self, tmp_path: Path) -> None:
        """And faults have their line in what was compressed."""
        plain = self.read(tmp_path, "q\td\t1\n").dataset
        for name in ("corpus.jsonl", "queries.jsonl"):
            content = (tmp_path / name).read_bytes() + (b"{" if name == "queries.jsonl" else b"")
            (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
            (tmp_path / name).unlink()
        assert BEIR().detects(tmp_path)
        reading = BEIR().read(tmp_path)
        assert reading.dataset == plain
        assert [where for where, _ in short(reading.fatal, tmp_path)] == ["queries.jsonl.gz:2"]

    def test_a_wrong_judgement_is_fatal(self, tmp_path: Path) -> None:
        """Only the first line may be a header."""
        faults = short(self.read(tmp_path, "q\td\t1\nq\td\tyes\nq d 1\n").fatal, tmp_path)
        assert [where for where, _ in faults] == ["qrels/test.tsv:2", "qrels/test.tsv:3"]

    def test_a_judged_query_that_is_missing_is_left_out(self, tmp_path: Path) -> None:
        """It is reported at its first judgement."""
        reading = self.read(tmp_path, "q\td\t1\nr\td\t1\nr\t5\t1\n")
        expected = "the judged query 'r' is not in queries.jsonl; it was left out"
        assert short(reading.faults, tmp_path) == [("qrels/test.tsv:2", expected)]

    def test_queries_that_are_not_judged_are_no_questions(self, tmp_path: Path) -> None:
        """BEIR's training queries have no judgements in a test file."""
        queries = lines({"_id": "q", "text": "What?"}, {"_id": "train", "text": "Who?"})
        assert [question.id for question in self.read(tmp_path, "q\td\t1\n", queries).required().questions] == ["q"]


class TestAutoRAG:
    @staticmethod
    def write(folder: Path, **changed: list[object]) -> Path:
        asked = {"qid": ["q"], "query": ["What?"], "retrieval_gt": [[["d"]]], "generation_gt": [["That"]]} | changed
        pd.DataFrame({"doc_id": ["d", "e"], "contents": ["Text.", "More."]}).to_parquet(folder / "corpus.parquet")
        pd.DataFrame(asked).to_parquet(folder / "qa.parquet")
        return folder

    def test_lists_in_the_list_are_alternatives(self, tmp_path: Path) -> None:
        """As AutoRAG has them: of each list one is needed. A single list of texts is one list of alternatives."""
        for given in ([["d", "e"]], ["d", "e"]):
            reading = AutoRAG().read(self.write(tmp_path, retrieval_gt=[given]))
            [question] = reading.required().questions
            assert (question.gold, question.gold_alternatives) == (("d", "e"), (("d", "e"),))
            assert reading.faults == ()
        [question] = AutoRAG().read(self.write(tmp_path, retrieval_gt=[[["d"], ["e"]]])).required().questions
        assert (question.gold, question.gold_alternatives) == (("d", "e"), ())

    @pytest.mark.parametrize("given", ["d", ["d"], [["d"]]])
    def test_gold_may_be_a_text_a_list_or_lists(self, tmp_path: Path, given: object) -> None:
        """AutoRAG allows all three."""
        assert AutoRAG().read(self.write(tmp_path, retrieval_gt=[given])).required().questions[0].gold == ("d",)

    def test_a_missing_value_is_found_with_its_row(self, tmp_path: Path) -> None:
        """Rows are counted from 1."""
        columns = {"qid": ["q", "r"], "retrieval_gt": [[["d"]]] * 2, "generation_gt": [["That"]] * 2}
        reading = AutoRAG().read(self.write(tmp_path, query=["What?", None], **columns))
        assert [where for where, _ in short(reading.fatal, tmp_path)] == ["qa.parquet:row 2"]

    def test_missing_columns_are_named_with_those_given(self, tmp_path: Path) -> None:
        """Once, not for every row."""
        folder = self.write(tmp_path)
        pd.DataFrame({"doc_id": ["d"], "text": ["Text."]}).to_parquet(folder / "corpus.parquet")
        expected = "columns are missing: contents; the file has: doc_id, text"
        assert short(AutoRAG().read(folder).fatal, folder) == [("corpus.parquet", expected)]

    def test_a_file_cut_short_is_fatal(self, tmp_path: Path) -> None:
        """Parquet keeps its index at the end."""
        file = self.write(tmp_path) / "qa.parquet"
        file.write_bytes(file.read_bytes()[:-20])
        assert short(AutoRAG().read(tmp_path).fatal, tmp_path)[0][0] == "qa.parquet"
