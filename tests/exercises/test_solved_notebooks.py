"""A student who has solved everything meets no notebook that breaks."""

import pytest
from kit import ROOT, cells_of, defines, solution_of

from authoring import execute, lesson
from labkit.checks.exercise import exercises

EXERCISES = list(exercises())


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
