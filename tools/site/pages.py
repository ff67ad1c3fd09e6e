"""A notebook as the notebook of its page: pictures as files, widgets, exercises, facts on top."""

import base64
import html
import re
import struct

import nbformat

from tools.site import answers, replay, widgets

LINK = r"(?<!!)\[([^\]]+)\]\((?:notebooks/)?(\w+)\.ipynb\)"


def read(path):
    """The notebook at `path`, valid; an exception says what is wrong with it."""
    notebook = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
    nbformat.validate(notebook)
    return notebook


def facts(notebook):
    """Title, minutes (a number as text; empty where it names none) and number of exercises."""
    words = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    title = re.search(r"^# (.+)$", words, re.MULTILINE)
    minutes = re.search(r"^About (\d+) minutes", words, re.MULTILINE)
    count = sum("exercise" in cell.metadata.get("tags", []) for cell in notebook.cells)
    return title[1] if title else "", minutes[1] if minutes else "", count


def page(notebook, stem, stems, plots):
    """What Sphinx reads in place of `notebook`; writes its pictures into the folder `plots`.

    `plots` becomes _static/plots of the site, and the page lies one folder below its top; `stems`
    are the notebooks that get a page.
    """
    known = widgets.imported(notebook)
    cells, line = [], _facts_line(*facts(notebook)[1:])
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [_output(o, cell, stem, plots, known) for o in cell.outputs]
        else:
            cell.source = without_links(cell.source, stems)
            cell.source = re.sub(r"\A# .+", lambda title: f"{title[0]}\n\n{line}", cell.source)
        cells.append(cell)
        if "check" in cell.metadata.get("tags", []):
            help = _raw(answers.below(cell.metadata["exercise"]))
            cells.append(nbformat.v4.new_markdown_cell(help))
    notebook.cells = cells
    notebook.metadata["language_info"] = {"name": "python", "pygments_lexer": "python"}
    return notebook


def without_links(words, stems):
    """Markdown in which links to notebooks that are not among `stems` are plain words."""
    return re.sub(LINK, lambda link: link[0] if link[2] in stems else link[1], words)


def failed(stem, reason):
    """The notebook whose page stands in for one that cannot be shown."""
    title = stem.replace("_", " ").capitalize()
    told = (
        f"# {title}\n\nThis notebook could not be made into a page. The others are not affected."
        f"\n\n{_raw(f'<pre>{html.escape(reason)}</pre>')}"
    )
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(told)])


def _facts_line(minutes, count):
    """The line under the title: how long, how many exercises; Markdown."""
    words = [f"{minutes} minutes"] if minutes else []
    words += [f"{count} exercise{'s' * (count > 1)}"] if count else []
    return _raw(f'<p class="facts">{" · ".join(words)}</p>')


def _raw(page):
    """Markdown that is HTML to the letter; blank lines in it end nothing."""
    return f"``````{{raw}} html\n{page}\n``````"


def _output(output, cell, stem, plots, known):
    """An output as it is; one with a picture as an <img> (or the widget that it pictures)."""
    data = output.get("data", {})
    if "image/png" not in data:
        return output
    described = output.metadata.get("image/png", {})
    number = len([*plots.glob(f"{stem}-*")])
    picture = plots / f"{stem}-{number:02}.png"
    picture.write_bytes(base64.b64decode(data["image/png"]))
    page = _image(picture, described)
    if widget := widgets.shown(cell, known):
        page = replay.embed(*widget, page)
    bundle = {"text/html": page, "text/plain": data.get("text/plain", "")}
    return nbformat.v4.new_output("display_data", bundle)


def _image(path, described):
    """An <img> of the file, with the alternative text and the size that the notebook gives it."""
    width, height = struct.unpack(">II", path.read_bytes()[16:24])
    size = f'width="{described.get("width", width)}" height="{described.get("height", height)}"'
    alt = html.escape(described.get("alt", ""), quote=True)
    return f'<img class="plot" src="../_static/plots/{path.name}" alt="{alt}" {size}>'
