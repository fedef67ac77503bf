"""Exercise 1.4: answers that beginners give."""

import json
import re

from kit import Family

family = Family("1.4")

KEY = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")


def joined(text):
    return text if isinstance(text, str) else "".join(text)


def texts_of(output):
    """All texts of an output, whatever its kind."""
    data = [joined(text) for text in output.get("data", {}).values()]
    return [joined(output.get("text", "")), *data, *output.get("traceback", [])]


def leaks_in(text, pattern=KEY):
    return any("EXAMPLE" not in found for found in pattern.findall(text))


def cells_with(notebook, look):
    return [number for number, cell in enumerate(notebook["cells"], start=1) if look(cell)]


def source_leaks(cell):
    return leaks_in(joined(cell["source"]))


def everything(cell):
    return [joined(cell["source"]), *(text for output in cell.get("outputs", []) for text in texts_of(output))]


@family.wrong("nothing_there", "type")
def returns_whether_there_is_one(notebook):
    return any(source_leaks(cell) for cell in notebook["cells"])


@family.wrong("nothing_there", "raised")
def takes_every_cell_for_code(notebook):
    return [n for n, cell in enumerate(notebook["cells"], 1) if cell["outputs"] and leaks_in(str(cell))]


@family.wrong("nothing_there", "found")
def names_every_cell(notebook):
    return [number for number, _ in enumerate(notebook["cells"], start=1)]


@family.wrong("in_what_was_typed", "from_zero")
def counts_from_zero(notebook):
    return [number for number, cell in enumerate(notebook["cells"]) if source_leaks(cell)]


@family.wrong("in_what_was_typed", "no_numbers")
def shows_what_it_found(notebook):
    return KEY.findall(json.dumps(notebook))


@family.wrong("in_what_was_typed", "code")
def looks_at_the_first_cell_only(notebook):
    return [1] * (0 if len(notebook["cells"]) == 2 else source_leaks(notebook["cells"][0]))


@family.wrong("in_what_was_typed", "text")
def looks_at_code_only(notebook):
    return cells_with(notebook, lambda cell: cell["cell_type"] == "code" and source_leaks(cell))


@family.wrong("in_what_was_typed", "temporary")
def knows_long_term_keys_only(notebook):
    pattern = re.compile(r"\bAKIA[A-Z0-9]{16}\b")
    return cells_with(notebook, lambda cell: any(leaks_in(text, pattern) for text in everything(cell)))


@family.wrong("in_what_was_typed", "lines")
def takes_every_text_for_one_piece(notebook):
    return cells_with(notebook, lambda cell: isinstance(cell["source"], str) and source_leaks(cell))


@family.wrong("in_what_was_shown", "printed")
def looks_at_what_was_typed_only(notebook):
    return cells_with(notebook, source_leaks)


@family.wrong("in_what_was_shown", "result")
def looks_at_what_was_printed_only(notebook):
    return cells_with(
        notebook,
        lambda cell: source_leaks(cell) or any(leaks_in(joined(o.get("text", ""))) for o in cell.get("outputs", [])),
    )


@family.wrong("in_what_was_shown", "html")
def looks_at_plain_text_only(notebook):
    def look(cell):
        outputs = cell.get("outputs", [])
        plain = [joined(o.get("text", "")) + joined(o.get("data", {}).get("text/plain", "")) for o in outputs]
        return any(map(leaks_in, [joined(cell["source"]), *plain]))

    return cells_with(notebook, look)


@family.wrong("in_what_was_shown", "traceback")
def looks_at_no_traceback(notebook):
    def look(cell):
        outputs = [output for output in cell.get("outputs", []) if output["output_type"] != "error"]
        return any(map(leaks_in, everything({**cell, "outputs": outputs})))

    return cells_with(notebook, look)


@family.wrong("in_what_was_shown", "line")
def takes_the_n_of_a_new_line_for_a_letter(notebook):
    return cells_with(notebook, lambda cell: leaks_in(json.dumps([cell["source"], cell.get("outputs", [])])))


@family.wrong("nothing_else", "sample")
def takes_the_sample_for_a_key(notebook):
    return cells_with(notebook, lambda cell: any(KEY.search(text) for text in everything(cell)))


@family.wrong("nothing_else", "beside")
def lets_a_sample_excuse_its_neighbour(notebook):
    return cells_with(notebook, lambda cell: any(KEY.search(t) and "EXAMPLE" not in t for t in everything(cell)))


@family.wrong("nothing_else", "principal")
def takes_every_id_for_a_key(notebook):
    pattern = re.compile(r"A[A-Z]{3}[A-Z0-9]{16}")
    return cells_with(notebook, lambda cell: any(leaks_in(text, pattern) for text in everything(cell)))


@family.wrong("nothing_else", "longer")
def does_not_look_at_the_ends(notebook):
    pattern = re.compile(r"(?:AKIA|ASIA)[A-Z0-9]{16}")
    return cells_with(notebook, lambda cell: any(leaks_in(text, pattern) for text in everything(cell)))


@family.wrong("nothing_else", "word")
def takes_the_four_letters_for_a_key(notebook):
    pattern = re.compile(r"\b(?:AKIA|ASIA)(?:[A-Z0-9]{16})?\b")
    return cells_with(notebook, lambda cell: any(leaks_in(text, pattern) for text in everything(cell)))


@family.wrong("nothing_else", "each_once")
def names_a_cell_for_each_key(notebook):
    return [
        number for number, cell in enumerate(notebook["cells"], start=1) for text in everything(cell) if leaks_in(text)
    ]


@family.right
def kind_by_kind(notebook):
    return cells_with(notebook, lambda cell: any(map(leaks_in, everything(cell))))


@family.right
def the_whole_cell_as_text(notebook):
    found = []
    pattern = re.compile(r"(?<![A-Z0-9])A[KS]IA[A-Z2-7]{16}(?![A-Z0-9])")
    for index in range(len(notebook["cells"])):
        if leaks_in(json.dumps(notebook["cells"][index]), pattern):
            found.append(index + 1)
    return found


@family.right
def going_down_through_everything(notebook):
    def strings(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from strings(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from strings(inner)

    return cells_with(notebook, lambda cell: any(leaks_in(text) for text in strings(cell)))


test_wrong, test_right = family.tests()
