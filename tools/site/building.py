"""From notebooks to a folder of pages: what fails becomes a page that says so, the rest goes on."""

import shutil
import tempfile
from pathlib import Path

import nbformat
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools.execute import ROOT
from tools.site import landing, links, pages, replay
from tools.site.conf import SETTINGS

BESIDE = ("INSTRUCTORS.md", "CONTRIBUTING.md", "LICENSE", "LICENSE-TEXT", "images")


def build(paths, out):
    """Make the site of the notebooks at `paths` in the folder `out`: {name: why it failed}.

    What an older site left in `out` is replaced; a folder that is no site is refused.
    """
    if out.is_dir() and any(out.iterdir()) and not (out / ".buildinfo").is_file():
        raise SystemExit(f"{out} is no site: nothing there was touched. Name another folder.")
    with tempfile.TemporaryDirectory() as folder:
        source, static, made = (Path(folder, name) for name in ("source", "static", "made"))
        failures = write_source(paths, source, static)
        replay.assets(static / "replay")
        failures |= run_sphinx(source, static, made)
        failures |= links.broken(made)
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(made, out)
    return failures


def write_source(paths, source, static):
    """Write what Sphinx reads: a page for each notebook, README's pages, pictures: failures."""
    failures, known, stems = {}, {}, {path.stem for path in paths}
    for folder in (source / "notebooks", static / "plots", static / "replay"):
        folder.mkdir(parents=True)
    for name in BESIDE:
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, source / name)
    for path in paths:
        try:
            notebook = pages.read(path)
            known[path.stem] = pages.facts(notebook)
            made = pages.page(notebook, path.stem, stems, static / "plots")
            nbformat.write(made, source / "notebooks" / path.name)
        except Exception as error:  # whatever one notebook holds, the others are built
            known.setdefault(path.stem, (path.stem.replace("_", " "), "", 0))
            failures[path.stem] = write_failed(source / "notebooks" / path.name, error)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (source / "index.md").write_text(landing.landing(readme, known), encoding="utf-8")
    (source / "start.md").write_text(landing.start(readme, stems), encoding="utf-8")
    return failures


def write_failed(path, error):
    """Write the page that stands in for the notebook at `path`; the reason in words."""
    reason = f"{type(error).__name__}: {error}"
    nbformat.write(pages.failed(path.stem, reason), path)
    return reason


def run_sphinx(source, static, made):
    """Build; a notebook that Sphinx stumbles over is replaced and the rest built: failures."""
    failures, at = {}, []  # at: documents in the order in which Sphinx took them up
    while True:
        shutil.rmtree(made, ignore_errors=True)  # or the search would know half of the pages
        try:
            with patch_docutils(), docutils_namespace():
                read = source.parent / "doctrees"
                app = Sphinx(source, None, made, read, "html", settings(static), status=None)
                app.connect("source-read", lambda app, name, content: at.append(name))
                app.connect("doctree-resolved", lambda app, tree, name: at.append(name))
                app.build()
            return failures
        except Exception as error:
            path = source / f"{at[-1]}.ipynb" if at else source
            if not path.is_file() or path.stem in failures:
                raise  # no notebook is to blame
            failures[path.stem] = write_failed(path, error)


def settings(static):
    """Sphinx's settings, with the folder of what this site alone has."""
    ours = {"html_js_files": "*.js", "html_css_files": "*.css"}
    found = {name: sorted((static / "replay").glob(what)) for name, what in ours.items()}
    added = {name: [f"replay/{path.name}" for path in paths] for name, paths in found.items()}
    added["html_static_path"] = [str(static)]
    return SETTINGS | {name: SETTINGS[name] + value for name, value in added.items()}
