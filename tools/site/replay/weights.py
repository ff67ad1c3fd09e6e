"""Which weights are typed anew in the recorded kernel lab, as a reader would type them.

A picture of the photograph takes 30 kB, so that few kernels are recorded on it; on the digit all
kernels that differ from a named one in one weight, of STEPS, are.
"""

from helpers.widgets.front.fields import written
from helpers.widgets.kernels.page import PRESETS

STEPS = ("-2", "-1", "0", "1", "2")


def _written(rows):
    return tuple(tuple(written(weight) for weight in row) for row in rows)


def steps_from(texts):
    """(row, column, named weight) of the fields that may be typed in: of a named kernel all, of
    one with a weight typed anew that one."""
    places = [(row, column) for row in range(3) for column in range(3)]
    for named in map(_written, PRESETS.values()):
        changed = [(i, j) for i, j in places if texts[i][j] != named[i][j]]
        if len(changed) <= 1:
            for i, j in changed or places:
                yield i, j, named[i][j]


def _asked():
    """What notebook 01 asks for on the photograph: the identity with a 2, then a -1 to its left.

    {texts of the fields: the event that comes next, or None at the end}.
    """
    texts, asked = [list(line) for line in _written(PRESETS["identity"])], {}
    for place, text in (("1,1", "2"), ("1,0", "-"), ("1,0", "-1")):
        asked[tuple(map(tuple, texts))] = "input", f"weight {place}", text
        row, column = map(int, place.split(","))
        texts[row][column] = text
    return asked | {tuple(map(tuple, texts)): None}


ASKED = _asked()
SMALL = {*map(_written, PRESETS.values()), *ASKED}
