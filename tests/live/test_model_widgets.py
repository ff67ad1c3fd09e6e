"""Five views, pooling, digit pad and training monitor in a real JupyterLab, by mouse and keys."""

import re
import time

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers.example import IMAGE, OUTPUT
from helpers.widgets.pad import strokes
from helpers.widgets.pad.centring import centre_like_mnist, shrink
from tests.live.latency import measure
from tests.live.widget import CELLS, MODEL, Widget


@pytest.fixture
def views(page):
    widget = Widget(page, "views")
    widget.field("ask").set_checked(False)
    widget.press("Home")
    widget.says("Output row 0, column 0: row 0")
    return widget


@pytest.fixture
def pooling(page):
    widget = Widget(page, "pooling")
    for name, value in (("kind", "max"), ("kernel", "3"), ("stride", "1"), ("padding", "0")):
        widget.field(name).select_option(value)
    widget.field("counted").evaluate("box => box.checked")
    widget.press("Home")
    widget.says("Output row 0, column 0: the largest")
    return widget


@pytest.fixture
def pad(page):
    widget = Widget(page, "pad")
    widget.button("clear").click()
    widget.field("centred").set_checked(True)
    widget.says("Nothing is drawn")
    return widget


def test_arrows_and_clicks_choose_an_output_in_all_five_views(views):
    for place in range(1, 9):
        views.press("ArrowRight")
        row, column = divmod(place, 3)
        views.says(f"row {row}, column {column}: row {place} in views 3 and 4. All five views give")
        views.says(f"= {OUTPUT[row, column]:g}", ".sum")
    views.press("ArrowUp")
    views.says("1*0 + 3*1 + 1*2 + 2*2 + 2*2 + 3*0 + 0*0 + 2*1 + 2*2 = 19", ".sum")
    views.board.get_by_label("look at output row 2 column 0").first.click()
    views.says("Output row 2, column 0: row 6")
    assert views.has_focus(), "a place that was clicked keeps no ring when the arrows move on"
    views.board.get_by_label("row 3", exact=True).last.click(position={"x": 40, "y": 8})
    views.says("Output row 1, column 0: row 3")
    views.button("next").click()
    views.says("Output row 1, column 1")
    outlined = views.board.locator("svg path.now")
    assert sum(bool(path.get_attribute("d")) for path in outlined.all()) == 15


def test_the_row_is_asked_for_by_keys_and_by_mouse(views):
    views.press(*["ArrowRight"] * 5)
    views.says("Output row 1, column 2")
    views.field("ask").focus()
    views.page.keyboard.press("Space")
    views.says("Which row of the matrix")
    assert views.board.locator(".sum").inner_text() == "?"
    views.page.keyboard.press("Tab")
    views.page.keyboard.type("6")
    views.page.keyboard.press("Enter")
    views.says("6 counts from 1")
    views.page.keyboard.press("Backspace")
    views.page.keyboard.type("5")
    views.page.keyboard.press("Enter")
    views.says("Row 5 is right")
    views.says("= 19", ".sum")
    assert views.has_focus(), "the field is closed, the keys stay with the widget"
    views.page.keyboard.press("ArrowRight")
    views.says("Which row of the matrix makes output row 2, column 0")
    views.board.get_by_label("row 6", exact=True).first.click()
    views.says("Row 6 is right")


def test_the_pooling_window_walks_by_keys_mouse_and_play(pooling):
    largest, named = F.max_pool2d(IMAGE[None, None], 3, 1, return_indices=True)
    for place in range(9):
        value, (row, column) = largest.flatten()[place], divmod(int(named.flatten()[place]), 5)
        pooling.says(f"= {value:g}", ".sum")
        at = f"({row}, {column})"
        pooling.says(re.compile(rf"row {row}, column {column}\.|first .*{re.escape(at)}"))
        pooling.press("ArrowRight")
    pooling.board.get_by_label("max pooling row 1 column 1: 3").click()
    pooling.says("Output row 1, column 1")
    pooling.press("ArrowUp")
    pooling.says("Output row 0, column 1")
    pooling.field("padding").select_option("1")
    pooling.says("max(−∞, −∞, −∞,", ".sum")
    pooling.field("kind").select_option("average")
    pooling.says("/ 9 ≈ 0.67", ".sum")
    pooling.field("counted").click()
    pooling.says("/ 4 = 1.5", ".sum")
    pooling.field("counted").click()
    pooling.field("stride").select_option("3")
    pooling.button("play").click()
    pooling.says("Output row 1, column 1")
    pooling.button("play").wait_for()


def test_a_padding_that_torch_refuses_gets_a_sentence(pooling):
    pooling.field("kernel").select_option("1")
    pooling.field("padding").select_option("2")
    pooling.says("torch refuses this: padding 2 is more than half of kernel 1")
    pooling.press("ArrowRight", "End")
    pooling.field("kernel").select_option("4")
    pooling.says("Output row 0, column 0: the largest")


def expected(sheet, make=centre_like_mnist):
    names = {"torch": torch, "nn": nn}
    exec(MODEL, names)
    with torch.no_grad():
        return torch.softmax(names["model"](make(strokes.pixels(sheet))[None, None]), 1)[0]


def shown(pad):
    """The probabilities beside the bars; none while nothing is drawn."""
    texts = pad.board.locator("svg text").all_text_contents()[1::2]
    return [float(text) for text in texts if text]


def answers(pad, wanted, error=0.0006):
    """Wait until the bars hold these probabilities."""
    deadline = time.monotonic() + 20
    while shown(pad) != pytest.approx(wanted.tolist(), abs=error) and time.monotonic() < deadline:
        pad.page.wait_for_timeout(20)
    assert shown(pad) == pytest.approx(wanted.tolist(), abs=error)
    assert pad.tall() == pad.height


def test_a_drawing_is_centred_and_read_while_it_grows(pad):
    box = pad.board.locator("canvas").bounding_box()
    scale = strokes.SHEET / (box["width"] - 2)
    path = [(20, 20), (60, 22), (60, 60), (40, 90)]
    pad.page.mouse.move(box["x"] + path[0][0], box["y"] + path[0][1])
    pad.page.mouse.down()
    for x, y in path[1:]:
        pad.page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    pad.says("The network says")
    pad.page.mouse.up()
    sheet = strokes.ink(strokes.blank(), [((x - 1) * scale, (y - 1) * scale) for x, y in path])
    answers(pad, expected(sheet), 0.01)
    pad.field("centred").click()
    answers(pad, expected(sheet, shrink), 0.01)
    drawn = "canvas => canvas.getContext('2d').getImageData(0, 0, 280, 280).data.some(v => v)"
    assert pad.board.locator("canvas").evaluate(drawn)
    pad.button("clear").click()
    pad.says("Nothing is drawn")
    assert not pad.board.locator("canvas").evaluate(drawn)


def test_a_dot_is_read_with_a_word_on_confidence(pad):
    pad.board.locator("canvas").click(position={"x": 90, "y": 90})
    pad.says("add up to 1 whatever is drawn")
    pad.press("8")
    pad.says("Next comes")


def test_digits_are_chosen_pushed_and_cleared_by_keys_alone(pad):
    for number in range(10):
        pad.press(str(number))
        answers(pad, expected(strokes.digit(number)))
    pad.field("centred").focus()
    pad.page.keyboard.press("Space")
    answers(pad, expected(strokes.digit(9), shrink))
    for key in ("ArrowRight", "ArrowUp"):  # the checkbox has them and leaves them to the pad
        pad.page.keyboard.press(key)
    answers(pad, expected(strokes.push(strokes.digit(9), 10, -10), shrink))
    pad.press("Delete")
    pad.says("Nothing is drawn")
    pad.button("show a 4").click()
    pad.says("The network says")
    maps = pad.board.locator('img[alt*="feature maps after"]')
    assert [m.get_attribute("alt") for m in maps.all()] == [
        f"first 8 of {count} feature maps after {name}"
        for count in (8, 16)
        for name in ("Conv2d", "ReLU", "MaxPool2d")
    ]


def test_a_training_starts_shows_itself_and_stops(page):
    monitor = Widget(page, "monitor")
    monitor.says("Nothing runs until you press start")
    monitor.button("start").focus()
    page.keyboard.press("Enter")
    monitor.says("seconds left")
    monitor.says(re.compile(r"Epoch \d+: loss"), ".caption")
    curve = monitor.board.locator("svg path").last
    before = curve.get_attribute("d")
    monitor.field("log").click()
    page.wait_for_timeout(2000)
    assert len(curve.get_attribute("d")) > len(before), "the curve of the accuracy grows"
    monitor.button("stop").click()
    monitor.says("of 900. The model can be used as it is.")
    assert monitor.board.locator("[data-tick]").count() == 0


def test_run_trains_in_a_cell_and_grows_the_curve_meanwhile(page):
    second = Widget(page, "run")
    second.says("Finished: 2 epochs")
    assert second.cell.locator("pre").last.inner_text() == "2"


def test_no_key_reaches_the_shortcuts_of_the_notebook(page):
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    for name in CELLS:
        Widget(page, name).press(*"abdxzmyDD")
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert page.evaluate("jupyterapp.shell.currentWidget.content.activeCell.model.type") == "code"


def test_latency(views, pooling, pad):
    views.board.focus()
    measure("five views", views.page, ["ArrowRight", "ArrowLeft"] * 15, views.selector)
    pooling.board.focus()
    measure("pooling stepper", pooling.page, ["ArrowRight", "ArrowLeft"] * 15, pooling.selector)
    pad.board.focus()
    measure("digit pad", pad.page, [str(i % 10) for i in range(30)], pad.selector)
