"""The table of behaviours says what the suite says."""

from collections import Counter

import table


def test_the_committed_table_is_what_the_suite_makes() -> None:
    assert table.TARGET.read_text(encoding="utf-8") == table.document(), (
        "docs/embedded-aws.md is not up to date; make it with: python lab.py run python tests/aws/table.py"
    )


def test_each_behaviour_has_a_name_of_its_own() -> None:
    names = Counter((service, mark["key"]) for service, mark in table.behaviours())
    assert [name for name, count in names.items() if count > 1] == []
