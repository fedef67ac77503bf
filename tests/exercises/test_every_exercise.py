"""What holds for every exercise: its cell, its texts, its family of answers, its solution."""

import importlib
import runpy
from pathlib import Path

import kit
import pytest

from authoring import execute, lesson
from labkit.checks import check
from labkit.checks.exercise import Exercise, exercises, texts_of

ROOT = Path(__file__).parents[2]
SOLUTIONS = ROOT / "notebooks" / "solutions"
EXERCISES = list(exercises())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)

for _file in Path(__file__).parent.glob("test_*.py"):
    if _file.stem != Path(__file__).stem:
        importlib.import_module(_file.stem)  # fills kit.FAMILIES


def solution_of(exercise: Exercise) -> Path:
    return SOLUTIONS / f"{exercise.lesson}_{exercise.name}.py"


def cells_of(number: str) -> list[lesson.Cell]:
    return lesson.read(lesson.find(ROOT / "lessons", number))[1]


def defines(cell: lesson.Cell, exercise: Exercise) -> bool:
    start = f"def {exercise.name}(" if exercise.arguments is not None else f"{exercise.name} ="
    return "exercise" in cell.tags and any(line.startswith(start) for line in cell.source.splitlines())


@every_exercise
def test_it_has_a_cell_to_write_in_and_the_next_one_checks_it(exercise: Exercise) -> None:
    cells = [cell for cell in cells_of(exercise.lesson) if cell.kind == "code"]
    places = [index for index, cell in enumerate(cells) if defines(cell, exercise)]
    assert len(places) == 1
    assert f'check("{exercise.number}", {exercise.name})' in cells[places[0] + 1].source
    assert "..." in cells[places[0]].source


@every_exercise
def test_each_property_says_what_holds_and_asks_something(exercise: Exercise) -> None:
    names = [judge.__name__ for judge in exercise.properties]
    assert set(exercise.texts) == {"title", *names}
    for name in names:
        words = exercise.texts[name]
        assert {"holds", "ask"} <= set(words)
        for question in (line for key, lines in words.items() if key.startswith("ask") for line in lines):
            assert question.strip()


@every_exercise
def test_many_wrong_answers_are_refused_and_right_ones_of_several_styles_accepted(exercise: Exercise) -> None:
    family = kit.FAMILIES[exercise.number]
    assert len(family.wrong_ones) >= 10
    assert len(family.right_ones) >= 3


@every_exercise
def test_each_reason_is_some_wrong_answers_reason(exercise: Exercise) -> None:
    """A sentence that no answer can bring forth is one that nobody has seen."""
    seen = {tuple(parameters.values[1:]) for parameters in kit.FAMILIES[exercise.number].wrong_ones}
    written = {
        (judge.__name__, reason)
        for judge in exercise.properties
        for reason in exercise.texts[judge.__name__]
        if reason != "holds" and reason != "ask" and not reason.startswith("ask_")
    }
    assert written <= seen
    assert {reason for _, reason in seen - written} <= set(texts_of("common")["common"])


@every_exercise
def test_its_solution_is_accepted(exercise: Exercise) -> None:
    given = runpy.run_path(str(solution_of(exercise)))[exercise.name]
    report = check(exercise.number, given)
    assert report.solved, str(report)


@every_exercise
def test_what_nobody_has_written_yet_is_no_mistake(exercise: Exercise) -> None:
    namespace: dict[str, object] = {}
    cell = next(cell for cell in cells_of(exercise.lesson) if defines(cell, exercise))
    exec(cell.source, namespace)
    report = check(exercise.number, namespace[exercise.name])
    assert not report.written
    assert not report.solved


@pytest.mark.parametrize("number", sorted({exercise.lesson for exercise in EXERCISES}))
def test_a_notebook_runs_to_its_end_with_every_exercise_solved(number: str) -> None:
    path = lesson.find(ROOT / "lessons", number)
    notebook = lesson.to_notebook(cells_of(number))
    solved = [exercise for exercise in EXERCISES if exercise.lesson == number]
    for exercise in solved:
        index = next(i for i, cell in enumerate(cells_of(number)) if defines(cell, exercise))
        notebook.cells[index].source = solution_of(exercise).read_text("utf-8")
    execute.run(notebook, path.name, ROOT / "notebooks")
    for exercise in solved:
        cell = next(cell for cell in notebook.cells if f'check("{exercise.number}"' in cell.source)
        assert f"{exercise.number} solved." in cell.outputs[-1].data["text/plain"]


def test_every_solution_belongs_to_an_exercise() -> None:
    assert {file.name for file in SOLUTIONS.glob("*.py")} == {solution_of(exercise).name for exercise in EXERCISES}
