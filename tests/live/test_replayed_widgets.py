"""Widgets on a page opened from disk, without a network: they show what JupyterLab shows."""

import statistics

import pytest

from tests.live.latency import AIM, SLACK, measure
from tools.site import replay
from tools.site.replay.scripts import SCRIPTS

pytestmark = pytest.mark.slow  # the whole site is built, every recording made

SETUP = """
import torch
from helpers.example import IMAGE as image, KERNEL as kernel
from tools.site.replay.scripts import seven as first_seven
from helpers.widgets.stepper import ConvolutionStepper
from helpers.widgets.kernels import KernelLab
from helpers.widgets.sizes import SizeExplorer
from helpers.widgets.views import FiveViews
from helpers.widgets.pooling import PoolingStepper

seven = first_seven()
"""
NAMES = [*SCRIPTS, "pad"]
ARROWS = ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"]


def keys(*names):
    return [("press", name) for name in names]


def answer(text):
    return [("type", text), ("press", "Enter")]


# What a reader does: click NAME of a button, choose NAME VALUE, set NAME ON, press KEY, type TEXT.
WALKS = {
    "stepper": [
        *(("click", "next"), ("click", "next"), ("click", "first"), ("click", "previous")),
        *keys(*ARROWS, "ArrowRight", "ArrowRight"),
        *(("choose", "padding", "2"), ("choose", "stride", "2"), ("set", "all", True)),
        *keys("ArrowRight", "ArrowDown"),
        *(("set", "all", False), ("choose", "padding", "0"), ("choose", "stride", "1")),
        *(("set", "ask", True), *answer("15"), *answer("7"), *answer("12"), *answer("12")),
        *(*keys("ArrowRight", "ArrowLeft"), ("set", "ask", False), ("place", "2,1")),
    ],
    "kernels": [
        *(("click", name) for name in ("blur", "sharpen", "emboss", "vertical edge")),
        *(("set", "same", True), ("set", "same", False), ("choose", "picture", "digit")),
        *(("click", name) for name in ("Laplacian", "horizontal edge", "identity")),
        *(("fill", "weight 1,1", text) for text in ("2", "-", "-1", "", "0", "1")),
        *(("fill", "weight 0,2", text) for text in ("-", "-2", "2", "0")),
        *(("choose", "picture", "photograph"), ("fill", "weight 1,1", "2")),
        *(("fill", "weight 1,0", "-"), ("fill", "weight 1,0", "-1"), ("click", "blur")),
    ],
    "sizes": [
        *(("fill", name, value) for name in ("n", "kernel", "stride") for value in ("1", "4", "3")),
        *(("fill", "n", "12"), ("fill", "padding", "3"), ("fill", "dilation", "3")),
        *(("click", "another question"), *answer("2"), *answer("5"), *answer("3")),
        *(("click", "another question"), *answer("x"), *answer("4")),
        *(("set", "ask", False), ("fill", "n", "16"), ("fill", "kernel", "1")),
        *(("click", "another question"), ("fill", "stride", "1"), *answer("8")),
    ],
    "views": [
        *(("click", "next"), ("click", "next"), ("click", "first"), ("click", "next")),
        *keys(*ARROWS, "ArrowRight", "ArrowRight", "ArrowDown"),
        *(("set", "ask", True), *answer("1"), *answer("6"), *answer("5")),
        *(*keys("ArrowLeft"), *answer("20"), *answer("4"), ("set", "ask", False)),
        *(("place", "2,1"), ("place", "0,2")),
    ],
    "pooling": [
        *(("click", "next"), ("click", "next"), ("click", "first"), *keys(*ARROWS)),
        *(("choose", "kind", "average"), ("set", "counted", False), ("set", "all", True)),
        *(("choose", "padding", "2"), ("choose", "kernel", "4"), ("choose", "stride", "1")),
        *keys("End", "ArrowUp", "ArrowLeft", "ArrowLeft"),
        *(("choose", "kind", "max"), ("set", "all", False), ("choose", "kernel", "2")),
        *(("choose", "padding", "0"), ("place", "3,2"), *keys("ArrowRight")),
    ],
}


class Board:
    """One widget on a page of the lab or from disk."""

    def __init__(self, page, selector):
        self.page, self.board = page, page.locator(selector)

    def do(self, what, *words):
        board, field = self.board, self.board.locator(f'[data-input="{words[0]}"]')
        if what == "click":
            board.get_by_role("button", name=words[0], exact=True).click()
        elif what == "place":
            board.locator(f'[data-click="go"][data-value="{words[0]}"]').last.click(force=True)
        elif what == "choose":
            field.select_option(words[1])
        elif what == "set":
            field.set_checked(words[1])
        elif what == "fill":
            field.fill(words[1])
        elif what == "press":
            if self.page.evaluate("!document.activeElement.matches('[data-answer]')"):
                board.focus()
            self.page.keyboard.press(words[0])
        else:
            board.locator("[data-answer]").fill(words[0])

    def html(self):
        return self.board.locator(".page").inner_html()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A page with every widget, on the disk."""
    folder = tmp_path_factory.mktemp("site")
    replay.assets(folder)
    calls = [(name, script.calls[0]) for name, script in SCRIPTS.items()]
    widgets = [replay.embed(name, call, "<p>a picture</p>") for name, call in calls]
    widgets.append(replay.embed("DigitPad", "DigitPad(model)", "<p>a picture</p>"))
    head = '<link rel="stylesheet" href="replay.css"><script src="replay.js"></script>'
    html = f'<!doctype html><html lang="en"><meta charset="utf-8">{head}<body>{"".join(widgets)}'
    (folder / "page.html").write_text(html, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def offline(browser, folder):
    """That page in a browser without a network."""
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda m: m.type == "error" and troubles.append(m.text))
    page.on("requestfailed", lambda request: troubles.append(request.url))
    page.on("request", lambda r: r.url.startswith("file:") or troubles.append(r.url[:80]))
    page.goto((folder / "page.html").as_uri())
    for i, name in enumerate(NAMES):
        page.locator(".replay").nth(i).scroll_into_view_if_needed()
        page.locator(f".replay.live[data-recording={name}] .board").wait_for(timeout=20_000)
    yield page
    assert not [trouble for trouble in troubles if not trouble.startswith("data:")]
    context.close()


@pytest.fixture(scope="module")
def live(lab):
    """The same widgets in JupyterLab."""
    calls = [script.calls[0] for script in SCRIPTS.values()]
    page = lab.open("same_widgets", [SETUP, *calls])
    page.wait_for_function(f"document.querySelectorAll('.board').length === {len(calls)}")
    names = list(SCRIPTS)
    page.evaluate(
        "names => document.querySelectorAll('.board').forEach("
        "(board, i) => { board.id = `board-${names[i]}` })",
        names,
    )
    yield page
    page.close()


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_page_from_disk_shows_what_the_lab_shows(offline, live, name):
    ours = Board(offline, f'[data-recording="{name}"] .board')
    theirs = Board(live, f"#board-{name}")
    assert len(WALKS[name]) >= 20
    for i, step in enumerate([None, *WALKS[name]]):
        if step:
            ours.do(*step)
            assert ours.board.locator(".gone").is_hidden(), f"not recorded: {step}"
            theirs.do(*step)
        wanted = ours.html()
        for _ in range(100):
            if theirs.html() == wanted:
                break
            live.wait_for_timeout(50)
        assert theirs.html() == wanted, f"after {WALKS[name][max(0, i - 3) : i]}"


def test_outside_of_a_recording_the_page_says_so(offline):
    board = Board(offline, '[data-recording="stepper"] .board')
    before = board.html()
    board.do("fill", "weight 0,0", "7")
    board.board.locator(".gone", has_text="This page holds recorded answers").wait_for()
    assert board.html() == before
    board.do("click", "first")
    board.board.locator(".gone").wait_for(state="hidden")


STROKE = """async (points) => {
  const canvas = document.querySelector('[data-recording="pad"] canvas');
  const box = canvas.getBoundingClientRect();
  const times = [];
  const send = (type, [x, y]) => {
    const at = { clientX: box.left + x * box.width, clientY: box.top + y * box.height };
    const start = performance.now();
    canvas.dispatchEvent(new PointerEvent(type, { ...at, pointerId: 1, bubbles: true }));
    times.push(performance.now() - start);
  };
  canvas.setPointerCapture = () => {};
  send("pointerdown", points[0]);
  for (const point of points) {
    send("pointermove", point);
    await new Promise(requestAnimationFrame);
  }
  send("pointerup", points[0]);
  return times;
}"""


def test_the_pad_reads_a_stroke_while_it_is_drawn(offline):
    pad = offline.locator('[data-recording="pad"] .board')
    pad.scroll_into_view_if_needed()
    pad.get_by_role("button", name="clear").click()
    points = [[0.46, 0.2 + 0.6 * i / 40] for i in range(41)]
    times = offline.evaluate(STROKE, points)
    pad.locator(".says", has_text="The network says 1, with probability").wait_for()
    middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"\nstroke on the page's pad: median {middle:.1f} ms, p95 {late:.1f} ms (aim 50)")
    assert middle <= SLACK * AIM["median"]
    assert pad.locator("img").count() == 7
    pad.get_by_role("checkbox").set_checked(False)
    pad.locator(".aside", has_text="The digit is not centred.").wait_for(state="attached")


def test_a_key_press_on_a_page_is_a_picture_in_no_time(offline):
    for name, pressed in [("stepper", ARROWS[:4] * 3), ("pad", [*"3141592650"])]:
        selector = f'[data-recording="{name}"] .board'
        offline.locator(selector).focus()
        measure(f"{name} on a page", offline, pressed, selector)
