"""A notebook as slides: nothing is too tall, keys move, what has the keys keeps them, cells run."""

import time

import nbformat
import pytest

from tools.execute import METADATA, NOTEBOOKS
from tools.present import copy_for_room

STEMS = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
SMALL = [
    ("slide", "# A small show", "Minutes: 1\nAsk: can everybody read this?"),
    ("skip", "from helpers.example import IMAGE, KERNEL\n"
     "from helpers.widgets.stepper import ConvolutionStepper", ""),
    ("slide", "## One number", "Minutes: 2"),
    ("fragment", "print(1 + 1)", ""),
    ("fragment", "It is two.", ""),
    ("subslide", "Now push the window.", ""),
    ("subslide", "ConvolutionStepper(IMAGE, KERNEL)", ""),
    ("slide", "## The end", ""),
]  # fmt: skip
STATE = """() => {
    const view = document.querySelector(".showing"), all = s => [...view.querySelectorAll(s)];
    const box = s => view.querySelector(s), [inner, outer] = [
        box(".jp-WindowedPanel-viewport"), box(".jp-WindowedPanel-outer")];
    const cells = [...all(".jp-Cell")], shown = all(".jp-Cell.shown");
    const wide = shown.flatMap(c => [...c.querySelectorAll("pre, .cm-scroller, img, svg, table")])
        .filter(n => n.checkVisibility() && (n.scrollWidth > n.clientWidth + 1 && n.clientWidth
                     || n.getBoundingClientRect().right > innerWidth));
    return {
        count: box(".show-foot .count").textContent, keys: box(".show-foot .keys").textContent,
        shown: shown.map(c => cells.indexOf(c)), waiting: all(".jp-Cell.waiting").length,
        type: Number(view.style.getPropertyValue("--type")),
        over: Math.max(inner.offsetHeight - outer.clientHeight,
                       outer.scrollHeight - outer.clientHeight, inner.offsetHeight - innerHeight),
        wide: wide.map(n => n.tagName + " " + n.textContent.slice(0, 60)),
    };
}"""


class Room:
    """A browser of 1280 by 720 in which one notebook is presented; it has been run, or not."""

    def __init__(self, lab, stem, run=True, patience=60):
        self.page = lab.browser.new_page(viewport={"width": 1280, "height": 720})
        lab.errors.clear()
        self.page.on("pageerror", lambda error: lab.errors.append(str(error)))
        workspace = "present" if run else "elsewhere"
        address = f"{lab.url}/lab/workspaces/{workspace}/tree/{lab.room}/{stem}.ipynb"
        self.page.goto(f"{address}?reset&token={lab.token}")
        if not run:
            self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
            self.page.wait_for_function("jupyterapp.shell.currentWidget?.context?.isReady")
            self.page.evaluate("jupyterapp.commands.execute('present:start')")
        self.page.wait_for_selector(".show-foot", timeout=60_000)
        self.page.wait_for_function(
            "/^\\d+ \\/ \\d+$/.test(document.querySelector('.show-foot .count').textContent)",
            timeout=patience * 1000,
        )

    def state(self):
        return self.page.evaluate(STATE)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        return self.state()

    def forward(self, reached):
        """Press page down until `reached(state)`; the state."""
        for _ in range(50):
            if reached(state := self.state()):
                return state
            self.press("PageDown")
        raise AssertionError(f"fifty keys led to {state}")

    def walk(self):
        """Every page once, with all that is on it."""
        state, number = self.press("Home"), None
        while state["count"] != number:
            yield (state := self.forward(lambda s: not s["waiting"]))
            number, state = state["count"], self.press("PageDown")

    def until(self, condition):
        """Wait until `condition(state)`; the state."""
        deadline = time.monotonic() + 20
        while not condition(state := self.state()) and time.monotonic() < deadline:
            self.page.wait_for_timeout(50)
        assert condition(state), state
        return state


@pytest.fixture(scope="module")
def rooms(lab):
    """The lab with copies for a room in a folder of its own."""
    lab.room = "room/work"
    copy_for_room(lab.root / "room")
    return lab


@pytest.fixture(scope="module")
def room(rooms):
    v4 = nbformat.v4
    notebook = v4.new_notebook(metadata=METADATA)
    for kind, source, notes in SMALL:
        show = {"slideshow": {"slide_type": kind, "notes": notes}}
        is_code = "(" in source or "import" in source
        make = v4.new_code_cell if is_code else v4.new_markdown_cell
        notebook.cells.append(make(source, metadata=show))
    nbformat.write(notebook, rooms.root / rooms.room / "small.ipynb")
    room = Room(rooms, "small")
    yield room
    room.page.close()


def faults(room):
    """Pages on which something is cut or too small to be read."""
    poor = [s for s in room.walk() if s["over"] > 0 or s["wide"] or s["type"] < 0.8]
    return [{name: s[name] for name in ("count", "over", "wide", "type")} for s in poor]


def test_every_page_of_a_notebook_fits_the_screen(rooms):
    room = Room(rooms, STEMS[1], run=False)
    assert faults(room) == []
    room.page.close()


def test_keys_of_clickers_and_keyboards_move(room):
    start = room.press("Home")["count"]
    assert start.startswith("1 /")
    there = [room.press(key)["count"] for key in ("PageDown", "Space", "ArrowRight", "ArrowDown")]
    assert len({start, *there}) > 2
    back = [room.press(key) for key in ("PageUp", "ArrowLeft", "ArrowUp", "Shift+Space")]
    assert back[-1]["count"] == start
    first, second = room.press("Shift+ArrowRight"), room.press("Shift+ArrowRight")
    assert first["count"] != second["count"]
    assert room.press("Shift+ArrowLeft")["count"] == first["count"]
    assert room.press("End")["count"] == "{0} / {0}".format(start.partition("/ ")[2])


def test_a_fragment_waits_for_its_key(room):
    room.press("Home")
    state = room.forward(lambda s: s["waiting"])
    after = room.press("ArrowRight")
    assert after["count"] == state["count"]
    assert len(after["shown"]) == len(state["shown"]) + 1


def test_letters_do_not_edit_the_notebook(room):
    cells = "jupyterapp.shell.currentWidget.content.widgets.length"
    before = room.page.evaluate(cells)
    room.press("Home", "a", "d", "d", "x", "m")
    assert room.page.evaluate(cells) == before


def test_a_widget_in_focus_keeps_its_keys_and_answers(room):
    room.press("Home")
    board = room.page.locator(".jp-Cell.shown .board").first
    count = room.forward(lambda _: board.count())["count"]
    board.focus()
    before = board.locator("svg").first.inner_html()
    state = room.press("ArrowRight")
    assert state["count"] == count and "widget" in state["keys"]
    room.until(lambda s: board.locator("svg").first.inner_html() != before)
    assert room.press("Escape")["keys"] == ""
    assert room.press("ArrowRight")["count"] != count


def test_shift_enter_runs_a_cell_and_stays(room):
    room.press("Home")
    output = room.page.locator(".jp-CodeCell.shown.jp-mod-active .jp-OutputArea-output")
    state = room.forward(lambda _: output.count())
    counts = "Math.max(...jupyterapp.shell.currentWidget.content.widgets.map("
    counts += "cell => cell.model.executionCount ?? 0))"
    before = room.page.evaluate(counts)
    room.page.keyboard.press("Shift+Enter")
    room.page.wait_for_function(f"{counts} > {before}")
    assert room.state()["count"] == state["count"]


def test_notes_open_in_a_window_that_turns_pages(room):
    room.press("Home")
    with room.page.expect_popup() as opened:
        room.page.keyboard.press("n")
    notes = opened.value
    notes.locator("p", has_text="Minutes:").first.wait_for()
    notes.keyboard.press("PageDown")
    room.until(lambda s: s["waiting"] or not s["count"].startswith("1 /"))
    room.press("N")
    room.press("Home")
    assert "Minutes:" in room.page.locator(".show-foot .notes").inner_text()
    room.press("N", "n")


def test_escape_gives_jupyterlab_back(room):
    room.page.keyboard.press("Escape")
    assert room.page.locator(".showing, .showing-path").count() == 0
    assert room.page.locator("#jp-menu-panel").is_visible()
    room.page.evaluate("jupyterapp.commands.execute('present:start')")
    room.page.wait_for_selector(".show-foot")


@pytest.mark.slow
@pytest.mark.parametrize("stem", STEMS)
def test_every_page_of_every_notebook_fits(rooms, stem):
    room = Room(rooms, stem, patience=1800)
    assert faults(room) == []
    room.page.close()
