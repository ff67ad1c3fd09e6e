"""What a committed notebook keeps to: a function a rule, each raises AssertionError. No test here.

Every rule takes the notebook's stem and the notebook; RULES holds them all. What nbval compares is
not repeated here.
"""

import ast
import json
import re
import statistics

import nbformat

from helpers.exercises import of
from tools.execute import METADATA, NOTEBOOKS

TAGS = set("exercise check full-data nbval-ignore-output raises-exception hide-input".split())
CELL_METADATA = {"tags", "exercise", "jupyter", "slideshow"}
SAYS_NO = r"sys\.path|^\s*[!%]|import \*|get_ipython"
PATHS = r"/home/|/root/|/tmp/|/work/|/Users/|[A-Z]:\\\\|site-packages|\.venv"
ADDRESSES = r"\b0x[0-9a-f]{6,}"
TIMINGS = r"\d ?(?:ms|µs|us|ns|secs?|seconds)\b|\d ?s\b(?!\s*[=,)])|it/s"
OUTPUT_LIMIT = 300_000
BLOCKS = (ast.ClassDef, ast.FunctionDef, ast.For, ast.While, ast.With)
RULES = []


def rule(function):
    """Put a function on the list."""
    RULES.append(function)
    return function


def code_cells(notebook):
    """The cells that run."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tagged(notebook, tag):
    """The cells with a tag."""
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


def exercises(stem):
    """The exercises of a notebook by name; none where there is no folder of them."""
    try:
        return of(stem[:2])
    except ValueError:
        return {}


def outputs(notebook):
    """(cell, output) pairs."""
    return [(cell, output) for cell in code_cells(notebook) for output in cell.outputs]


def texts(output):
    """All that an output says in words."""
    data = output.get("data", {})
    return [output.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")]


# --- The file ------------------------------------------------------------------------------------


@rule
def it_is_valid_45_with_ids(stem, notebook):
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    ids = [cell.get("id") for cell in notebook.cells]
    assert all(ids) and len(set(ids)) == len(ids), f"cells without an id of their own: {ids}"
    nbformat.validate(notebook)  # last: it mends ids


@rule
def its_metadata_name_the_kernel_and_nothing_else(stem, notebook):
    assert notebook.metadata == METADATA


@rule
def cells_carry_only_known_tags_and_metadata(stem, notebook):
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags", []))
        assert tags <= TAGS, f"{cell.id}: unknown tags {tags - TAGS}"
        assert set(cell.metadata) <= CELL_METADATA, f"{cell.id}: {set(cell.metadata)}"
        hidden = cell.metadata.get("jupyter", {}) == {"source_hidden": True}
        assert hidden == ("hide-input" in tags), f"{cell.id}: hide-input goes with source_hidden"
        assert ("exercise" in cell.metadata) == bool(tags & {"exercise", "check"}), cell.id


# --- What was executed ---------------------------------------------------------------------------


@rule
def it_was_run_once_top_to_bottom(stem, notebook):
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1)), f"execution counts: {counts}"


@rule
def outputs_are_kept(stem, notebook):
    for cell in code_cells(notebook):
        streams = [o for o in cell.outputs if o.output_type == "stream"]
        pictures = [o for o in cell.outputs if "image/png" in o.get("data", {})]
        assert streams or not re.search(r"^print\(", cell.source, re.M), f"{cell.id}: no text"
        assert pictures or not re.search(r"^plt\.show\(", cell.source, re.M), f"{cell.id}: no plot"


@rule
def nothing_failed_or_warned(stem, notebook):
    for cell, output in outputs(notebook):
        assert output.output_type != "error", f"{cell.id}: {output.ename}: {output.evalue}"
        assert output.get("name") != "stderr", f"{cell.id}: {output.text[:200]}"


@rule
def no_widget_and_no_svg_is_stored(stem, notebook):
    for cell, output in outputs(notebook):
        kinds = [kind for kind in output.get("data", {}) if "widget" in kind or "svg" in kind]
        assert not kinds, f"{cell.id}: {kinds}"


@rule
def every_picture_says_what_it_shows(stem, notebook):
    for cell, output in outputs(notebook):
        if "image/png" in output.get("data", {}):
            words = output.metadata.get("image/png", {}).get("alt", "")
            assert words.strip(), f"{cell.id}: a picture without alternative text"


@rule
def outputs_are_small(stem, notebook):
    size = sum(len(json.dumps(output, ensure_ascii=False)) for _, output in outputs(notebook))
    assert size <= OUTPUT_LIMIT, f"outputs of {size:,} bytes, {OUTPUT_LIMIT:,} are allowed"


@rule
def outputs_say_nothing_of_the_machine(stem, notebook):
    for cell, output in outputs(notebook):
        for text in texts(output):
            found = re.search(f"{PATHS}|{ADDRESSES}|{TIMINGS}", text)
            assert not found, f"{cell.id}: {found.group()!r} differs from machine to machine"


# --- The code ------------------------------------------------------------------------------------


@rule
def code_is_plain_python(stem, notebook):
    for cell in code_cells(notebook):
        found = re.search(SAYS_NO, cell.source, re.M)
        assert not found, f"{cell.id}: {found.group()!r} has no place in a notebook"
        ast.parse(cell.source)
        assert not cell.source.rstrip().endswith(";"), f"{cell.id}: end with plt.show(), not with ;"


@rule
def cells_are_short(stem, notebook):
    lengths = []
    for cell in code_cells(notebook):
        lines = [line for line in cell.source.splitlines() if line.strip()]
        lengths.append(len([line for line in lines if not line.strip().startswith("#")]))
        assert all(len(line) <= 88 for line in lines), f"{cell.id}: a line is wider than 88"
        body = ast.parse(cell.source).body
        blocks = [node for node in body if isinstance(node, BLOCKS)]
        cap = 25 if len(blocks) == 1 and len(body) <= 4 else 15
        assert lengths[-1] <= cap, f"{cell.id}: {lengths[-1]} lines of code, {cap} are allowed"
    assert lengths and statistics.median(lengths) <= 6, f"median of {statistics.median(lengths)}"


@rule
def imports_stand_in_one_setup_cell(stem, notebook):
    for cell in code_cells(notebook)[1:]:
        body = ast.parse(cell.source).body
        imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        is_check = "check" in cell.metadata.get("tags", [])
        assert is_check or not imports, f"{cell.id}: imports outside the setup cell"


@rule
def help_is_never_called(stem, notebook):
    for cell in code_cells(notebook):
        nodes = ast.walk(ast.parse(cell.source))
        called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
        assert not called & {"hint", "solution", "progress"}, f"{cell.id}: {called}"


@rule
def cells_about_the_digits_are_tagged(stem, notebook):
    for cell in code_cells(notebook):
        says = any("MNIST: " in text for output in cell.outputs for text in texts(output))
        assert not says or "full-data" in cell.metadata.get("tags", []), f"{cell.id}: tag full-data"


# --- Exercises -----------------------------------------------------------------------------------


@rule
def each_exercise_stands_once_as_its_stub(stem, notebook):
    known = exercises(stem)
    cells = tagged(notebook, "exercise")
    names = [cell.metadata.exercise for cell in cells]
    assert sorted(names) == sorted(known), f"cells {names}, exercises {list(known)}"
    for cell in cells:
        assert cell.source == known[cell.metadata.exercise].stub.strip(), f"{cell.id}: not the stub"
        assert set(cell.metadata.tags) == {"exercise", "raises-exception"}, cell.id


@rule
def one_check_follows_each_exercise(stem, notebook):
    known, cells = exercises(stem), notebook.cells
    assert len(tagged(notebook, "check")) == len(tagged(notebook, "exercise"))
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        if "exercise" in cell.metadata.get("tags", []):
            name = cell.metadata.exercise
            assert after and after.metadata.get("exercise") == name, f"no check of {name}"
            assert set(after.metadata.tags) == {"check", "raises-exception"}, after.id
            lines = [ast.unparse(node) for node in ast.parse(after.source).body]
            call = f"check('{name}', {known[name].answer})"
            assert lines == ["from helpers import check", call], f"{after.id}: {after.source}"


@rule
def each_exercise_is_introduced(stem, notebook):
    for before, cell in zip(notebook.cells, notebook.cells[1:], strict=False):
        if "exercise" in cell.metadata.get("tags", []):
            e = exercises(stem)[cell.metadata.exercise]
            assert before.cell_type == "markdown", f"{e.name} has no text before it"
            line = f'Difficulty {e.difficulty} of 3, {e.minutes} min. Stuck: `hint("{e.name}")`'
            for part in (e.title, line):
                assert part in before.source, f"{before.id}: {part!r} is missing"


@rule
def an_exercise_is_a_leaf(stem, notebook):
    answers = {}
    for cell in code_cells(notebook):
        tree = ast.parse(cell.source)
        own = cell.metadata.get("exercise")
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {getattr(node, "name", None) for node in tree.body}
        used = {answers[name] for name in names & set(answers)} - {own}
        assert not used, f"{cell.id} uses the answer of {used}"
        if "exercise" in cell.metadata.get("tags", []):
            answers[exercises(stem)[own].answer] = own


@rule
def no_import_shadows_a_stub(stem, notebook):
    answers = {exercise.answer for exercise in exercises(stem).values()}
    for cell in code_cells(notebook):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = {alias.asname or alias.name for alias in node.names}
                assert not names & answers, f"{cell.id} imports {names & answers}"


@rule
def unanswered_checks_show_todo(stem, notebook):
    for cell in tagged(notebook, "check"):
        assert len(cell.outputs) == 1, f"{cell.id}: {len(cell.outputs)} outputs"
        data = cell.outputs[0].get("data", {})
        assert set(data) == {"text/plain", "text/html"}, f"{cell.id}: {set(data)}"
        assert data["text/plain"].startswith("TODO"), f"{cell.id}: {data['text/plain'][:80]}"
        assert "TODO" in data["text/html"], cell.id


# --- The page ------------------------------------------------------------------------------------


@rule
def the_top_says_what_and_how_long(stem, notebook):
    first = notebook.cells[0]
    assert first.cell_type == "markdown" and first.source.startswith("# "), "no title"
    assert re.search(r"\d+ min", first.source), "the first cell names no minutes"


@rule
def the_bottom_says_what_you_can_do_now(stem, notebook):
    last = notebook.cells[-1]
    assert last.cell_type == "markdown" and "What you can do now" in last.source
    later = [path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")) if path.stem > stem]
    assert not later or later[0] in last.source, f"the next notebook is {later[:1]}"


@rule
def questions_from_memory_close_the_exercises(stem, notebook):
    if not exercises(stem) or stem.startswith("00"):
        return
    last = max(notebook.cells.index(cell) for cell in tagged(notebook, "check"))
    after = "".join(cell.source for cell in notebook.cells[last:] if cell.cell_type == "markdown")
    assert "memory" in after and "<details>" in after, "no questions with folded answers"


@rule
def pictures_and_links_lead_somewhere(stem, notebook):
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        assert not re.search(r"<img\b(?![^>]*\balt=\"[^\"]+\")", cell.source), f"{cell.id}: no alt"
        for bang, text, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", cell.source):
            assert text.strip() or not bang, f"{cell.id}: {target} has no alt text"
            if not re.match(r"https?:|#|mailto:|attachment:", target):
                path = NOTEBOOKS / target.split("#")[0]
                assert path.exists(), f"{cell.id}: {target} does not exist"
