"""What holds for every exercise: its cell, its texts, its family of answers, its solution."""

import importlib
import runpy
from pathlib import Path

import kit
import pytest
from kit import SOLUTIONS, cells_of, defines, solution_of

from labkit.checks import check
from labkit.checks.exercise import Exercise, exercises, texts_of

EXERCISES = list(exercises())
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.number)

for _file in Path(__file__).parent.glob("test_*.py"):
    if _file.stem != Path(__file__).stem:
        importlib.import_module(_file.stem)  # fills kit.FAMILIES


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
    others = {reason for _, reason in written}  # what one property may find broken, another may as well
    assert {reason for _, reason in seen - written} <= set(texts_of("common")["common"]) | others


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


def test_every_solution_belongs_to_an_exercise() -> None:
    assert {file.name for file in SOLUTIONS.glob("*.py")} == {solution_of(exercise).name for exercise in EXERCISES}
