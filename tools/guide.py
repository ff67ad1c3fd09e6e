"""Keep INSTRUCTORS.md in step: the wrong answers to expect, and which sections it still lacks.

What stands between `<!-- expect NAME -->` and `<!-- end -->` comes from the slips of exercise NAME,
those first that most answers of the bank in tests/attempts/ were found to hold. The rest of the
guide is written by hand.
"""

import argparse
import collections
import re
import sys
from pathlib import Path

import nbformat

from helpers import exercises
from tools.execute import NOTEBOOKS, ROOT

GUIDE = ROOT / "INSTRUCTORS.md"
BANK = ROOT / "tests" / "attempts"
MOST = 4  # slips of one exercise: more are not remembered in front of a class
BLOCK = re.compile(r"(<!-- expect (\d\d\.\w+) -->\n).*?(?=<!-- end -->)", re.DOTALL)
ENOUGH = 40  # characters: "The axes are right." says nothing yet
LABELLED = r"^### %s (?:one|two): .* => (.+)$"
EMPTY = "*N min, core.* **Ask.** **Type.** **Board.** **Without.**"
CLOSING = ("From memory", "Three questions from memory", "What you can do now")  # not for teaching


def made(name, bank=BANK):
    """How many answers of the bank hold each slip of an exercise, as a Counter of keys."""
    path = bank / f"{name[:2]}.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    labels = re.findall(LABELLED % re.escape(name), text, re.MULTILINE)
    return collections.Counter(key for label in labels for key in set(re.split(r"[+|]", label)))


def expected(name, bank=BANK):
    """Markdown lines: the likeliest slips of an exercise, each with the first sentence it gets."""
    exercise, counts = exercises.find(name), made(name, bank)
    slips = [slip for slip in exercise.slips if slip.key != "no-letter"]
    ranked = sorted(slips, key=lambda slip: -counts[slip.key])  # stable: then as listed
    said = list(dict.fromkeys(beginning(slip.message) for slip in ranked))
    head = f"Expect in `{name}` ({exercise.minutes} min, {len(exercise.slips)} slips known):"
    return "\n".join([head, "", *(f"- {words}" for words in said[:MOST]), ""])


def beginning(message):
    """The first sentence of a message, or as many as it takes to say something by itself."""
    return re.match(rf".{{{ENOUGH},}}?[.?!](?= |$)|.*", message)[0]


def updated(text, bank=BANK):
    """The guide with every block as the exercises of today have it."""
    return BLOCK.sub(lambda block: block[1] + expected(block[2], bank), text)


def sections(path):
    """Title of a notebook, and for each of its sections the exercises in it, by heading."""
    cells = nbformat.read(path, as_version=4).cells
    title, found, heading = "", {}, None
    for cell in cells:
        if cell.cell_type == "markdown":
            title = title or cell.source.partition("\n")[0].removeprefix("# ")
            for heading in re.findall(r"^## (.+)$", cell.source, re.MULTILINE):
                found[heading] = []
        elif "exercise" in cell.metadata.get("tags", []):
            found[heading].append(cell.metadata["exercise"])
    return title, {name: names for name, names in found.items() if name not in CLOSING}


def chapters(text):
    """The guide's chapters on notebooks: {title: {section: text}}."""
    parts = re.split(r"^## (\d\d .+)$", text, flags=re.MULTILINE)[1:]
    found = {}
    for title, chapter in zip(parts[::2], parts[1::2], strict=True):
        chapter = re.split(r"^## ", chapter, flags=re.MULTILINE)[0]
        bodies = re.split(r"^### (.+)$", chapter, flags=re.MULTILINE)[1:]
        found[title] = dict(zip(bodies[::2], bodies[1::2], strict=True))
    return found


def missing(text):
    """What a guide lacks, as the outline of it: chapters and sections to be written."""
    known, lines = chapters(text), []
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        title, found = sections(path)
        new = [name for name in found if name not in known.get(title, {})]
        lines += [f"## {title}", ""] if new else []
        for name in new:
            lines += [f"### {name}", "", EMPTY, ""]
            lines += [f"<!-- expect {e} -->\n<!-- end -->\n" for e in found[name]]
    return "\n".join(lines)


def main(arguments=None):
    """Write the blocks of INSTRUCTORS.md anew; print an outline of the sections it lacks."""
    parser = argparse.ArgumentParser(prog="python -m tools.guide", description=main.__doc__)
    parser.add_argument("guide", nargs="?", type=Path, default=GUIDE, help=argparse.SUPPRESS)
    path = parser.parse_args(arguments).guide
    text = path.read_text(encoding="utf-8")
    path.write_text(updated(text), encoding="utf-8", newline="\n")
    print(missing(text), end="")


if __name__ == "__main__":
    sys.exit(main())
