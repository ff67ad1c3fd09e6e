"""Widgets of the site without a kernel: they show what the live ones show; the pad computes."""

import ast
import base64
import io
import random
import re

import nbformat
import numpy as np
import pytest
import torch
from PIL import Image

from helpers.mnist import load_mnist
from helpers.widgets.front.board import page
from helpers.widgets.pad import strokes
from helpers.widgets.pad.centring import centre_like_mnist, shrink
from helpers.widgets.pad.state import Pad
from tests.javascript import run
from tools.execute import NOTEBOOKS
from tools.site import replay
from tools.site.replay import network
from tools.site.replay.record import offered
from tools.site.replay.scripts import SCRIPTS

pytestmark = pytest.mark.slow  # the whole site is built, every recording made

STEPS = 150
STARTS = [(name, i) for name, script in SCRIPTS.items() for i in range(len(script.calls))]
PLAY = """async ({ Recording }, { parts, start, events }) => {
  const tape = await Recording.open(parts, start);
  const pages = [tape.html()], known = [];
  for (const event of events) {
    known.push(tape.handle(event));
    pages.push(tape.html());
  }
  return { pages, known };
}"""
OPEN_PAD = """const pad = await api.Pad.open(data.parts);
  const sheet = (given) => Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0));"""


@pytest.fixture(scope="module")
def recorded():
    return replay.recordings()


def parts(recorded, name):
    """The deflated parts of a recording."""
    texts, numbers = re.findall(r'"(?:texts|numbers)": "([^"]*)"', recorded[name][0])
    return {"texts": texts, "numbers": numbers}


def walk(name, start, steps, seed):
    """Events that a reader might send one after the other, and the live page after each."""
    script, choose = SCRIPTS[name], random.Random(seed)
    state = script.make(script.calls[start])
    events, pages = [], [page(state)]
    for _ in range(steps):
        kinds = {}
        core = script.get(state)
        for event in [*offered(state, pages[-1]), *script.typed(core)]:
            if not script.leaves_out(core, event):
                kinds.setdefault(event[:2], []).append(event)
        if re.search(r"data-answer [^>]*(?<!disabled)>", pages[-1]):
            kinds |= {f"answer {i}": answers(state) for i in range(3)}
        event = choose.choice(choose.choice(list(kinds.values())))
        events.append(dict(zip(("type", "name", "value"), event, strict=True)))
        state.handle(events[-1])
        pages.append(page(state))
    return events, pages


def answers(state):
    """Typed and given: right ones, wrong ones with and without a name, what is no number."""
    right = state.count if hasattr(state, "count") else float(state.output[state.at])
    texts = [f"{right:g}"] * 8 + [
        f"{right + 1:g}",
        "15",
        " 7 ",
        "-3",
        "400",
        "2,5",
        "7/2",
        "<b>",
        "",
    ]
    given = [("enter", "answer", text) for text in texts]
    return [*given, ("input", "answer", "3"), ("click", "answer", "")]


@pytest.mark.parametrize(("name", "start"), STARTS)
def test_a_recording_shows_what_the_live_widget_shows(recorded, name, start):
    for seed in range(3):
        events, pages = walk(name, start, STEPS, seed)
        data = {"parts": parts(recorded, name), "start": start, "events": events}
        found = run(PLAY, data)
        for i, (got, wanted) in enumerate(zip(found["pages"], pages, strict=True)):
            assert got == wanted, f"after {events[max(0, i - 3) : i]}"
        assert all(found["known"])


def test_named_answers_get_their_sentences(recorded):
    texts = ["15", "7", "seven", "12"]
    events = [{"type": "input", "name": "ask", "value": "true"}]
    events += [{"type": "enter", "name": "answer", "value": text} for text in texts]
    data = {"parts": parts(recorded, "stepper"), "start": 0, "events": events}
    pages = run(PLAY, data)["pages"]
    for html, words in zip(
        pages[1:],
        [
            "Which number belongs in output row 0, column 0?",
            "15: ",
            "products of row 0 alone",
            "Type a number",
            "= 12 is right. Next: row 0, column 1.",
        ],
        strict=True,
    ):
        assert words in html


def test_outside_of_a_recording_a_widget_keeps_its_place(recorded):
    events = [
        {"type": "click", "name": "next", "value": ""},
        {"type": "input", "name": "weight 0,0", "value": "7"},
        {"type": "key", "name": "F1", "value": "F1"},
    ]
    found = run(PLAY, {"parts": parts(recorded, "stepper"), "start": 0, "events": events})
    assert found["known"] == [True, False, False]
    assert found["pages"][1] == found["pages"][2] == found["pages"][3] != found["pages"][0]


def test_every_reachable_state_is_recorded_in_a_megabyte(recorded, capsys):
    with capsys.disabled():
        print()
        for name, (text, facts) in recorded.items():
            print(f"{name:8} {len(text):>9,} bytes  {facts}")
            assert len(text) <= 1_000_000
            assert not facts.get("left_out_of_these")


def test_the_network_says_what_torch_says_of_a_thousand_digits(recorded):
    digits, model = load_mnist("test").images[:1000], network.load()
    pixels = (digits * 255).round().byte()
    program = f"""async (api, data) => {{ {OPEN_PAD}
      const all = sheet(data.pixels), found = [];
      for (let i = 0; i < data.count; i++) {{
        const digit = Float32Array.from(all.subarray(784 * i, 784 * (i + 1)), (v) => v / 255);
        const {{ logits }} = api.look_inside(pad.weights, digit);
        found.push([logits, api.softmax(logits)]);
      }}
      return found; }}"""
    data = {
        "parts": parts(recorded, "pad"),
        "pixels": base64.b64encode(pixels.numpy().tobytes()).decode(),
        "count": len(digits),
    }
    found = torch.tensor(run(program, data))
    with torch.no_grad():
        logits = model(digits)
    assert len(digits) == 1000
    assert (found[:, 0] - logits).abs().max() < 1e-4
    assert (found[:, 1] - logits.softmax(1)).abs().max() < 1e-4


def test_the_stored_network_reads_digits():
    test = load_mnist("test")
    _, story = network.weights()
    with torch.no_grad():
        right = (network.load()(test.images).argmax(1) == test.labels).float().mean()
    assert story["parameters"] == 50_186 and story["seed"] == 777 and story["epochs"] == 15
    assert right > 0.98


def sheets():
    """Sheets of all kinds: drawn digits, pushed ones, digits of MNIST, dots and scribbles."""
    made = [strokes.digit(number) for number in range(10)]
    made += [strokes.push(sheet, -40, 70) for sheet in made]
    made += [strokes.enlarge(image[0]) for image in load_mnist("test").images[:30]]
    shapes = random.Random(5)
    for count in (1, 1, 2, 3, 8, 20):
        points = [(shapes.uniform(0, 280), shapes.uniform(0, 280)) for _ in range(count)]
        made.append(strokes.ink(strokes.blank(), points))
    narrow = strokes.blank()
    narrow.paste(255, (100, 50, 103, 240))
    tiny = strokes.blank()  # it grows
    for x, y in ((50, 60), (53, 62), (51, 66)):
        tiny.putpixel((x, y), 255)
    return [*made, narrow, tiny, strokes.blank()]


def encoded(sheet):
    return base64.b64encode(np.asarray(sheet).tobytes()).decode()


def test_a_drawing_is_centred_as_in_python(recorded):
    program = f"""async (api, data) => {{ {OPEN_PAD}
      return data.sheets.map((given) => {{
        const drawing = Float32Array.from(sheet(given), (value) => value / 255);
        const both = [api.centred(drawing, 280, 280), api.shrunk(drawing, 280, 280)];
        return both.map((image) => Array.from(image)); }}); }}"""
    drawn = sheets()
    data = {"parts": parts(recorded, "pad"), "sheets": list(map(encoded, drawn))}
    found = torch.tensor(run(program, data)).reshape(len(drawn), 2, 28, 28)
    for sheet, (centred, shrunk) in zip(drawn, found, strict=True):
        drawing = strokes.pixels(sheet)
        torch.testing.assert_close(centred, centre_like_mnist(drawing), atol=1e-5, rtol=0)
        torch.testing.assert_close(shrunk, shrink(drawing), atol=1e-5, rtol=0)


def test_strokes_leave_the_ink_that_python_lays(recorded):
    program = """async (api, data) => data.map((points) =>
      Array.from(api.ink(new Uint8Array(280 * 280), points)))"""
    drawn = [[(40, 40), (200, 60), (210, 250)], [(140, 140)], [(5, 140), (275, 141)]]
    drawn += strokes.DIGITS[3]
    for points, found in zip(drawn, run(program, drawn), strict=True):
        wanted = np.asarray(strokes.ink(strokes.blank(), points)).ravel() > 0
        found = np.array(found) > 0
        assert (found != wanted).sum() < 0.08 * wanted.sum()  # along the edge


PICTURE = re.compile(r'(?:src="|url\()(data:image/\w+;base64,([^")]*))')


def pictures(html):
    found = [base64.b64decode(data) for _, data in PICTURE.findall(html)]
    return [np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int) for data in found]


def without_pictures(html):
    """A page with its pictures left out and its numbers to two decimals."""
    html = PICTURE.sub("", html)
    return re.sub(r"\d+\.\d+", lambda number: f"{float(number[0]) + 1e-9:.1f}", html)


def test_the_pad_looks_as_the_live_one(recorded):
    events = [
        ("key", "3", "3"),
        ("input", "centred", "false"),
        ("key", "ArrowRight", "ArrowRight"),
        ("click", "preset", "7"),
        ("input", "centred", "true"),
        ("key", "ArrowUp", "ArrowUp"),
        ("click", "clear", ""),
        *(("key", str(number), str(number)) for number in range(10)),
        ("key", "ArrowDown", "ArrowDown"),
        ("key", "ArrowLeft", "ArrowLeft"),
        ("key", "Delete", "Delete"),
        ("click", "preset", "8"),
    ]
    events = [dict(zip(("type", "name", "value"), event, strict=True)) for event in events]
    program = f"""async (api, data) => {{ {OPEN_PAD}
      return [pad.html(), ...data.events.map((event) => (pad.handle(event), pad.html()))]; }}"""
    found = run(program, {"parts": parts(recorded, "pad"), "events": events})
    state = Pad(network.load())
    for event, html in zip([None, *events], found, strict=True):
        if event:
            state.handle(event)
        assert without_pictures(html) == without_pictures(page(state))
        for ours, live in zip(pictures(html), pictures(page(state)), strict=True):
            assert ours.shape == live.shape and np.abs(ours - live).max() <= 3


def test_a_widget_stands_in_its_page_by_its_call():
    made = replay.embed("ConvolutionStepper", SCRIPTS["stepper"].calls[1], "<img>")
    assert made == '<div class="replay" data-recording="stepper" data-start="1"><img></div>'
    assert replay.embed("FiveViews", "FiveViews(other, kernel)", "<img>") == "<img>"
    assert 'data-recording="pad"' in replay.embed("DigitPad", "DigitPad(model)", "<img>")


def test_every_widget_of_the_notebooks_moves_on_its_page():
    known, found = {"DigitPad", *(call.partition("(")[0] for call in replay.calls())}, []
    for path in NOTEBOOKS.glob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            source = cell.source if cell.cell_type == "code" else ""
            found += re.findall(rf"^(?:{'|'.join(known)})\(.*\)$", source, re.MULTILINE)
    assert len(found) >= 7
    for call in found:
        name = call.partition("(")[0]
        assert "data-recording" in replay.embed(name, ast.unparse(ast.parse(call)), "<img>"), call


def test_pages_get_one_classic_script_that_asks_nobody():
    script = replay.bundle()
    for word in ("export ", "import ", "fetch(", "http", "XMLHttpRequest"):
        assert word not in script
