"""The pages that come from README: the landing page, and how to start, teach and mend."""

import re

from tools.site import pages

NOTEBOOKS = "## The notebooks"
FAR_PICTURE = r"!\[([^\]]*)\]\(https?://[^)]*\)"
START = "# Start, teach, mend"


def sections(readme):
    """README's sections by heading; what stands before the first is under the empty heading."""
    parts = re.split(r"^(## .+)\n", readme, flags=re.MULTILINE)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def landing(readme, notebooks):
    """README's opening and its table of notebooks, followed by all pages; Markdown.

    notebooks: {stem: (title, minutes, number of exercises)} in the order of the course
    """
    parts = sections(readme)
    rows = {stem: row for row, stem in re.findall(r"^(\|.*?(\w+)\.ipynb.*)$", readme, re.MULTILINE)}
    for stem, (title, minutes, _) in notebooks.items():
        number, _, rest = title.partition(" ")
        rows.setdefault(stem, f"| {number} | [{rest}](notebooks/{stem}.ipynb) | {minutes} |")
    table = "\n".join(["| | | Minutes |", "|:--|:--|--:|", *(rows[stem] for stem in notebooks)])
    below = re.sub(r"^\|.*\n", "", parts[NOTEBOOKS], flags=re.MULTILINE).strip()
    listed = "\n".join(f"notebooks/{stem}" for stem in notebooks)
    opening = pages.without_links(f"{parts['']}\n{NOTEBOOKS}\n\n{table}\n\n{below}", notebooks)
    return (
        f"{opening}\n\n"
        "Here you read, and push the widgets. To write answers and have them checked, "
        "[start the course on your computer](start.md).\n\n"
        f"```{{toctree}}\n:hidden:\n\n{listed}\nstart\nINSTRUCTORS\nCONTRIBUTING\n```\n"
    )


def start(readme, stems):
    """The rest of README, under a title of its own, a far picture as its words; Markdown."""
    parts = sections(readme)
    kept = "\n".join(
        f"{heading}\n{text}" for heading, text in parts.items() if heading not in ("", NOTEBOOKS)
    )
    kept = re.sub(FAR_PICTURE, r"\1", kept)
    return pages.without_links(f"{START}\n\n{kept}", stems)
