"""Students' copies of notebooks: made, kept, compared with newer originals. Installs nothing."""
# Standard library only, and readable by Python 3.7: course.py imports it before it says anything.

import datetime
import hashlib
import json
import os

SAYS = (
    ("newer", "The course has newer originals than your copies of"),
    ("unlike", "Changed since they were copied, by you or by the course, are your copies of"),
)
FRESH = (
    "They stay as they are. `lab --fresh %s`, with the options of today, keeps your copy and your "
    "answers under another name and makes a clean one."
)


def hand_out(root, folder, fresh=None):
    """Copy notebooks to folder/work and pictures to folder/images, where there is none yet.

    The copy of the notebook `fresh` is kept under another name first. Returns what there is to
    say: under which name, and which copies have a newer original.
    """
    said, states = [], {}
    for source in sorted(root.glob("notebooks/*.ipynb")):
        target = folder / "work" / source.name
        if source.stem == fresh and target.exists():
            kept = free_name(target.parent, f"{fresh}.kept-{datetime.date.today()}-%d.ipynb")
            target.rename(kept)
            said.append(f"Your copy is now {kept}")
        if target.exists():
            states[source.stem.partition("_")[0]] = state(read(source), read(target))
        make(source, target)
    for source in root.glob("images/**/*.png"):
        make(source, folder / source.relative_to(root))
    return said + sentences(states)


def sentences(states):
    """What there is to say of copies, given the state of each: at most three sentences."""
    said, first = [], None
    for kind, told in SAYS:
        numbers = [number for number, state in states.items() if state == kind]
        if numbers:
            said.append(f"{told} {', '.join(numbers)}.")
            first = first or numbers[0]
    return said + [FRESH % first] if said else []


def state(original, copy):
    """What a copy is beside the original of today: "newer", "unlike" or, mostly, "same".

    newer   the original was changed after the copy was made, as the mark in the copy says
    unlike  no mark, and cells of the original, exercises aside, are not in the copy: whether the
            student changed them or the course did cannot be known
    """
    if not original or not copy:
        return "same"
    if mark(copy):
        return "same" if mark(copy) == digest(original) else "newer"
    mine = {source_of(cell) for cell in copy["cells"]}
    given = [cell for cell in original["cells"] if "exercise" not in cell.get("metadata", {})]
    return "same" if all(source_of(cell) in mine for cell in given) else "unlike"


def free_name(folder, pattern):
    """The first path `pattern % 1`, `pattern % 2`, ... in `folder` that is not taken."""
    paths = (folder / (pattern % number) for number in range(1, 1000000))
    return next(path for path in paths if not os.path.lexists(str(path)))


def make(source, target):
    """Copy a picture, or a notebook without outputs and with its mark. Never overwrites."""
    if target.exists():
        return
    data = source.read_bytes()
    if source.suffix == ".ipynb":
        notebook = cleared(json.loads(data.decode("utf-8")))
        notebook["metadata"]["course"] = {"original": digest(notebook)}
        data = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")  # a kill leaves no half file behind
    partial.write_bytes(data)
    os.replace(str(partial), str(target))


def cleared(notebook):
    """The notebook without its outputs, which would answer before the student has."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    return notebook


def read(path):
    """The notebook in a file; None if there is none that can be read."""
    try:
        notebook = json.loads(path.read_bytes().decode("utf-8"))
        mark(notebook), digest(notebook)
        return notebook
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def source_of(cell):
    """The text of a cell, which a file holds as one string or as a list of lines."""
    return "".join(cell.get("source", ""))


def digest(notebook):
    """What a student reads and runs, as a short hash: no outputs, tags or notes for speakers."""
    cells = [[cell["cell_type"], source_of(cell)] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode("ascii")).hexdigest()[:16]


def mark(copy):
    """The digest of the original that a copy was made of; None in copies older than marks."""
    about = copy.get("metadata", {}).get("course")
    return about.get("original") if isinstance(about, dict) else None
