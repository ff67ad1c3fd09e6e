"""The course as pages: what a page holds, nothing leads nowhere, one failure stays one."""

import html
import re
import time

import nbformat
import pytest
from bs4 import BeautifulSoup

from helpers import exercises
from tools.execute import NOTEBOOKS, find
from tools.site import __main__ as command
from tools.site import building, links, pages

SHOWN = "02_padding_stride_output_size"  # it has formulas, figures, pictures and widgets
FOLDED = "01_convolution_by_hand"  # it has code that only draws
BROKEN = ("07_no_notebook", "08_no_formula")  # one is no JSON, over the other Sphinx stumbles


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """(folder, failures): the site of two notebooks of the course, and of two that are broken."""
    folder = tmp_path_factory.mktemp("site")
    formula = nbformat.v4.new_markdown_cell("# 08 No formula\n\nAbout 5 minutes.\n\n$$\\left( x$$")
    texts = ('{"cells": [', nbformat.writes(nbformat.v4.new_notebook(cells=[formula])))
    paths = [NOTEBOOKS / f"{name}.ipynb" for name in (FOLDED, SHOWN)]
    for name, text in zip(BROKEN, texts, strict=True):
        paths.append(folder / f"{name}.ipynb")
        paths[-1].write_text(text)
    return folder / "out", building.build(paths, folder / "out")


@pytest.fixture(scope="module")
def page(built):
    text = (built[0] / "notebooks" / f"{SHOWN}.html").read_text(encoding="utf-8")
    return BeautifulSoup(text, "html.parser")


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOKS / f"{SHOWN}.ipynb", as_version=4)


def words(tag):
    return re.sub(r"\s+", " ", tag.get_text())


def test_all_that_is_loaded_or_linked_is_there_and_pictures_have_words(built):
    assert not {name for name in built[1] if name not in BROKEN}
    assert links.broken(built[0]) == {}


@pytest.mark.parametrize(
    "body, fault",
    [
        ('<img src="there.png" alt="a digit">', None),
        ('<a href="#place">up</a><a href="there.png">picture</a>', None),
        ('<a href="https://example.org">a link may leave</a>', None),
        ('<img src="there.png">', "no alternative text"),
        ('<img src="gone.png" alt="a digit">', "leads nowhere"),
        ('<a href="gone.html">gone</a>', "leads nowhere"),
        ('<a href="#gone">gone</a>', "no such place"),
        ('<script src="https://example.org/a.js"></script>', "loads https://example.org/a.js"),
        ('<link rel="stylesheet" href="//example.org/a.css">', "loads //example.org/a.css"),
        ("<style>a { background: url(https://example.org/a.png) }</style>", "loads https://"),
    ],
)
def test_what_leads_nowhere_is_found(body, fault, tmp_path):
    (tmp_path / "page.html").write_text(f'<p id="place">{body}</p>')
    (tmp_path / "there.png").touch()
    found = links.broken(tmp_path)
    assert found.get("page.html", "").startswith(fault) if fault else found == {}


def test_styles_and_scripts_load_nothing_from_elsewhere(tmp_path):
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/a.css").write_text("@import url('https://example.org/font.css');")
    assert list(links.broken(tmp_path)) == ["_static/a.css"]


def test_pictures_say_what_the_notebook_says_of_them(page, notebook):
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    wanted = [o.metadata["image/png"]["alt"] for o in outputs if "image/png" in o.get("data", {})]
    assert len(wanted) > 5
    assert [picture["alt"] for picture in page.select("img.plot")] == wanted


def test_hints_open_one_by_one_then_solution_then_what_goes_wrong(page):
    listed = exercises.of("02")
    shown = page.select(".exercise-help")
    assert len(shown) == len(listed)
    for exercise, help in zip(listed.values(), shown, strict=True):
        assert "python course.py lab 02" in words(help)
        assert not help.select("details[open]")
        hints = help.select("details.hint")
        assert len(hints) == len(exercise.hints)
        for before, hint in zip(hints, hints[1:], strict=False):
            assert hint.parent is before  # shut away until the one before is open
        solution, wrong = help.select_one("details.solution"), help.select_one("details.slips")
        assert exercise.solution_source in solution.get_text()
        assert solution in wrong.find_previous_siblings("details")
        told = {item.get_text() for item in wrong.select("li")}
        assert told == {slip.message.replace("`", "") for slip in exercise.slips}


def test_a_check_keeps_its_words_and_all_that_folds_is_shut(page, notebook):
    checks = [cell for cell in notebook.cells if "check" in cell.metadata.get("tags", [])]
    for cell in checks:
        bundle = BeautifulSoup(cell.outputs[0].data["text/html"], "html.parser")
        assert words(bundle) in words(page)
    assert not page.select("details[open]")


def test_code_that_only_draws_is_folded(built):
    notebook = nbformat.read(NOTEBOOKS / f"{FOLDED}.ipynb", as_version=4)
    hidden = [c.source for c in notebook.cells if "hide-input" in c.metadata.get("tags", [])]
    assert hidden
    text = (built[0] / "notebooks" / f"{FOLDED}.html").read_text(encoding="utf-8")
    folded = BeautifulSoup(text, "html.parser").select("details.hide.above-input")
    assert [part.find("pre").get_text().strip() for part in folded] == hidden


def test_formulas_are_drawn_without_a_script(page):
    assert len(page.select("math")) > 15
    article = page.select_one("article")
    assert "$" not in words(article) and "\\frac" not in words(article)
    assert not [tag for tag in page.select("script[src]") if "mathjax" in tag["src"].lower()]


def test_headings_are_in_order_and_minutes_stand_on_top(page):
    levels = [int(tag.name[1]) for tag in page.select("article")[0].find_all(re.compile("h[1-6]"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    assert page.select_one(".facts").get_text() == "60 minutes · 5 exercises"


def test_a_notebook_that_fails_becomes_a_page_that_says_so(built):
    folder, failures = built
    assert set(failures) == set(BROKEN)
    for name in BROKEN:
        text = (folder / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
        assert "could not be made into a page" in text
        assert html.escape(failures[name][:40]) in text or failures[name][:20] in text
    for page in (folder / "index.html", folder / "notebooks" / f"{SHOWN}.html"):
        assert f'{BROKEN[0]}.html"' in page.read_text(encoding="utf-8")


def test_the_command_says_what_failed_and_exits_with_1(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(command, "build", lambda paths, out: {"07_no_notebook": "it is broken"})
    assert command.main(["--out", str(tmp_path), "02"]) == 1
    assert "FAILED 07_no_notebook: it is broken" in capsys.readouterr().err
    monkeypatch.setattr(command, "build", lambda paths, out: {})
    assert command.main(["--out", str(tmp_path), "02"]) == 0


def test_a_folder_that_is_no_site_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SystemExit, match="is no site"):
        building.build(find(["00"]), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_link_to_a_notebook_without_a_page_is_plain_words():
    text = "[05 Pooling](05_pooling.ipynb), [here](notebooks/00_a.ipynb), ![p](../images/p.png)"
    shown = "05 Pooling, [here](notebooks/00_a.ipynb), ![p](../images/p.png)"
    assert pages.without_links(text, {"00_a"}) == shown


@pytest.mark.slow
def test_the_whole_site_is_built_in_three_minutes_and_lists_every_notebook(tmp_path):
    begun = time.monotonic()
    assert building.build(find([]), tmp_path) == {}
    assert time.monotonic() - begun < 180
    landing = BeautifulSoup((tmp_path / "index.html").read_text(encoding="utf-8"), "html.parser")
    rows = landing.select("article table tbody tr")
    known = {path.stem for path in find([])}
    assert {row.find("a")["href"] for row in rows} == {f"notebooks/{n}.html" for n in known}
    assert all(int(row.find_all("td")[-1].get_text()) > 0 for row in rows)
