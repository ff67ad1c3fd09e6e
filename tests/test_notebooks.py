"""Every committed notebook keeps every rule of notebook_rules; together they are one course."""

import nbformat
import pytest

from tests.notebook_rules import RULES
from tools.execute import NOTEBOOKS

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem[:2])
def test_rule(path, rule):
    text = path.read_text(encoding="utf-8")
    rule(path.stem, nbformat.v4.reads(text))  # nbformat.read would mend what is to be judged


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem[:2])
def test_the_file_is_written_as_tools_execute_writes_it(path):
    text = nbformat.writes(nbformat.read(path, as_version=4)) + "\n"
    assert path.read_bytes() == text.encode(), "write it with: python course.py execute"


def test_the_notebooks_are_numbered_from_00_without_a_gap():
    numbers = [path.stem.split("_")[0] for path in PATHS]
    assert numbers == [f"{number:02d}" for number in range(len(PATHS))]
