"""Exercise 8.4: one case judged otherwise, by either criterion."""

from kit import Family

family = Family("8.4")
RIGHT = {
    "a": ("one unit", "yes"),
    "b": ("one unit", "yes"),
    "c": ("one unit", "no"),
    "d": ("several units", "no"),
    "e": ("several units", "no"),
    "f": ("one unit", "yes"),
}
OTHER = {"one unit": "several units", "several units": "one unit", "yes": "no", "no": "yes"}

for _case, (_units, _course) in RIGHT.items():
    family.add_wrong(f"other_units_{_case}", {**RIGHT, _case: (OTHER[_units], _course)}, "usual", _case)
    family.add_wrong(f"other_course_{_case}", {**RIGHT, _case: (_units, OTHER[_course])}, "course", _case)

family.add_wrong("no_dict", ["one unit", "yes"], "form", "keys")
family.add_wrong("a_case_is_missing", {case: RIGHT[case] for case in "abcde"}, "form", "keys")
family.add_wrong("words_of_ones_own", {**RIGHT, "b": ("monolith", "yes")}, "form", "words")
family.add_wrong("one_word_only", {**RIGHT, "d": "no"}, "form", "words")
family.add_wrong("the_wrong_way_round", {**RIGHT, "a": ("yes", "one unit")}, "form", "words")
family.add_wrong("numbers", {**RIGHT, "f": (1, True)}, "form", "words")

family.add_right("tuples", RIGHT)
family.add_right("lists", {case: list(pair) for case, pair in RIGHT.items()})
family.add_right("in_another_order", dict(reversed(RIGHT.items())))
family.add_right("capitals", {case: tuple(word.upper() + " " for word in pair) for case, pair in RIGHT.items()})

test_wrong, test_right = family.tests()
