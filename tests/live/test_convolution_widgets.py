"""Stepper, kernel lab and size explorer in a real JupyterLab, by mouse and by keyboard alone."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from helpers import arithmetic
from helpers.example import IMAGE, KERNEL, OUTPUT
from helpers.widgets.kernels.state import PRESETS, photograph
from tests.live.latency import measure
from tests.live.widget import Widget


@pytest.fixture
def stepper(page):
    """The stepper as it starts."""
    widget = Widget(page, "stepper")
    widget.field("padding").select_option("0")
    widget.field("stride").select_option("1")
    for switch in "ask", "all":
        widget.field(switch).set_checked(False)
    for row in range(3):
        for column in range(3):
            widget.field(f"weight {row},{column}").fill(f"{KERNEL[row, column]:g}")
    widget.field("padding").select_option("1")
    widget.field("padding").select_option("0")
    widget.says("Output row 0, column 0.")
    widget.says("= 12", ".sum")
    return widget


@pytest.fixture
def kernels(page):
    return Widget(page, "kernels")


@pytest.fixture
def sizes(page):
    widget = Widget(page, "sizes")
    widget.field("ask").set_checked(False)
    for name, value in {"n": 8, "kernel": 3, "stride": 2, "padding": 0, "dilation": 1}.items():
        widget.field(name).fill(str(value))
    widget.says("3 places, 1 never read")
    return widget


def texts(output):
    return [f"{value:g}" for value in output.flatten().tolist()]


def test_the_window_is_walked_with_the_mouse(stepper):
    assert stepper.grid(0) == texts(IMAGE) and stepper.grid(1) == texts(KERNEL)
    expected = texts(OUTPUT)
    for place in range(1, 9):
        stepper.button("next").click()
        stepper.says(f"Output row {place // 3}, column {place % 3}.")
        stepper.says(f"= {expected[place]}", ".sum")
        assert stepper.grid(2) == expected[: place + 1] + ["?"] * (8 - place)
    stepper.button("previous").click()
    stepper.says("Output row 2, column 1.")
    stepper.board.get_by_role("button", name="output row 1 column 2").click(force=True)
    stepper.says("Output row 1, column 2.")
    stepper.button("first").click()
    stepper.says("Output row 0, column 0.")


def test_the_window_is_walked_with_the_keyboard(stepper, page):
    stepper.board.focus()
    for key, place in [("ArrowRight", "0, column 1"), ("ArrowDown", "1, column 1")]:
        page.keyboard.press(key)
        stepper.says(f"row {place}.")
    page.keyboard.press("End")
    stepper.says("row 2, column 2.")
    page.keyboard.press("Tab")  # first
    page.keyboard.press("Enter")
    stepper.says("row 0, column 0.")
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press(" ")  # play
    stepper.says("row 0, column 2.")
    page.keyboard.press(" ")
    stepper.button("play").wait_for()
    page.keyboard.press("Tab")  # stride
    page.keyboard.press("ArrowDown")
    expected = texts(arithmetic.conv2d(IMAGE, KERNEL, stride=2))
    stepper.says("row 0, column 0.")
    stepper.shows(2, [expected[0], "?", "?", "?"])


@pytest.mark.parametrize(("stride", "padding"), [(1, 2), (2, 1), (3, 2)])
def test_stride_and_padding_as_torch_has_them(stepper, stride, padding):
    expected = F.conv2d(IMAGE[None, None], KERNEL[None, None], None, stride, padding)
    stepper.field("stride").select_option(str(stride))
    stepper.field("padding").select_option(str(padding))
    stepper.field("all").check()
    stepper.shows(2, texts(expected))


def test_the_next_number_is_asked_and_typed_without_the_mouse(stepper, page):
    stepper.field("ask").focus()
    page.keyboard.press(" ")
    stepper.says("Which number belongs in output row 0, column 0?")
    page.keyboard.press("Tab")
    for typed, words in [
        ("15", "sum of the pixels alone"),
        ("7", "products of row 0 alone"),
        ("seven", "Type a number"),
    ]:
        page.keyboard.type(typed)  # in place of what was wrong
        page.keyboard.press("Enter")
        stepper.says(words)
    for place, value in enumerate(texts(OUTPUT), 1):
        page.keyboard.type(value)
        page.keyboard.press("Enter")
        ahead = f"Next: row {place // 3}, column {place % 3}." if place < 9 else "That was the last"
        stepper.says(f"= {value} is right. {ahead}")
        assert stepper.field("answer").input_value() == "", "emptied for the next number"
    stepper.shows(2, texts(OUTPUT))
    assert stepper.has_focus()


def test_digits_find_the_answer_field_and_arrows_move_on(stepper, page):
    stepper.field("ask").check()
    stepper.says("Which number belongs in output row 0, column 0?")
    for focus in (stepper.field("ask"), stepper.board, stepper.button("next")):
        focus.focus()
        page.keyboard.type("15")
        assert stepper.has_focus(" [data-answer]")
        assert stepper.field("answer").input_value() == "15"
        page.keyboard.press("ArrowLeft")  # within the number that is being typed
        page.keyboard.press("End")
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
    stepper.board.focus()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    stepper.says("is right. Next: row 0, column 1.")
    page.keyboard.press("ArrowRight")
    stepper.says("Which number belongs in output row 0, column 2?")
    page.keyboard.press("ArrowDown")
    stepper.says("Which number belongs in output row 1, column 2?")


def test_a_click_on_a_weight_selects_it(stepper, kernels, page):
    for widget in (stepper, kernels):
        field = widget.field("weight 1,1")
        field.click()
        page.keyboard.type("7")
        assert field.input_value() == "7"
        field.click()  # again: a place in the number
        page.keyboard.press("End")
        page.keyboard.type("5")
        assert field.input_value() == "75"
    kernels.says("your own")


def test_a_kernel_is_typed_in_and_letters_get_a_sentence(stepper, page):
    field = stepper.field("weight 0,0")
    field.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("x")
    stepper.says("Row 0, column 0 of the kernel holds “x”")
    assert stepper.grid(1) == texts(KERNEL)
    page.keyboard.press("Backspace")
    page.keyboard.type("-2")
    stepper.says("= 6", ".sum")
    assert field.input_value() == "-2" and stepper.grid(1)[0] == "\N{MINUS SIGN}2"


def test_no_key_reaches_the_notebook(page, stepper, kernels, sizes):
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    for place in [stepper.board, stepper.button("next"), kernels.button("blur"), sizes.field("n")]:
        place.focus()
        for key in "abxdd":
            page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def shown(widget, which):
    """A picture of the kernel lab as gray or colours."""
    uri = widget.board.locator("img").nth(which).get_attribute("src")
    file = io.BytesIO(base64.b64decode(uri.partition(",")[2]))
    return np.asarray(Image.open(file).convert("RGB")).astype(float)


def test_presets_show_what_torch_computes(kernels, page):
    for name in ("blur", "sharpen", "emboss"):
        kernels.button(name).click()
        kernels.says(f"Kernel: {name}.")
        kernel = torch.tensor(PRESETS[name], dtype=torch.float32)
        result = F.conv2d(photograph()[None, None], kernel[None, None])[0, 0]
        gray = result.clamp(0, 1).numpy() * 255
        assert np.abs(shown(kernels, 1)[:, :, 0] - gray).max() <= 0.51
    page.keyboard.press("Shift+Tab")  # Laplacian
    page.keyboard.press("Enter")
    kernels.says("Kernel: Laplacian.")
    kernels.says("red above zero")
    picture = shown(kernels, 1)
    assert (picture[:, :, 0] != picture[:, :, 2]).any()
    kernels.field("same").focus()
    page.keyboard.press(" ")
    kernels.says("grey as the input")
    kernels.field("same").uncheck()
    kernels.says("red above zero")


def test_weights_are_typed_on_photograph_and_digit(kernels, page):
    kernels.button("identity").click()
    kernels.says("Kernel: identity.")
    kernels.field("picture").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('#board-kernels img[alt=digit]')")
    kernels.field("weight 1,1").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("q")
    kernels.says("Row 1, column 1 of the kernel holds “q”")
    page.keyboard.press("Control+a")
    page.keyboard.type("1/2")
    kernels.says("a smooth patch is multiplied by 0.5")
    assert shown(kernels, 1).shape == (26, 26, 3) and shown(kernels, 1).max() == 128
    kernels.field("picture").select_option("photograph")
    page.wait_for_function("document.querySelector('#board-kernels img[alt=photograph]')")
    assert kernels.tall() == kernels.height


def test_sliders_count_places_as_torch_does(sizes, page):
    sizes.field("n").focus()
    page.keyboard.press("ArrowRight")
    sizes.says("4 places, every pixel is read.")
    sizes.says("torch: 4 ", ".sum")
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.press("Home")
    sizes.says("torch: 5 ", ".sum")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Home")
    sizes.says("torch: 1 ", ".sum")
    slider = sizes.field("kernel").bounding_box()
    page.mouse.click(slider["x"] + slider["width"] - 4, slider["y"] + slider["height"] / 2)
    sizes.says("No place: the kernel reaches over 7 pixels, and the row has 1.")
    with pytest.raises(RuntimeError) as error:
        F.conv1d(torch.zeros(1, 1, 1), torch.zeros(1, 1, 7))
    sizes.says(str(error.value).splitlines()[0], ".sum")
    sizes.field("padding").focus()
    page.keyboard.press("End")
    sizes.says("1 place, every pixel is read.")


def test_a_count_is_asked_first_and_a_wrong_one_is_named(sizes, page):
    sizes.button("another question").focus()
    page.keyboard.press("Enter")
    sizes.says("How many places has the kernel?")
    sizes.says("= ?", ".sum")
    page.keyboard.press("Tab")
    for typed, words in [
        ("2", "These are the steps, not the places."),
        ("5", "The stride changes nothing in your answer."),
        ("a few", "Type a number"),
        ("3", "3 is right."),
    ]:
        page.keyboard.type(typed)  # in place of what was wrong
        page.keyboard.press("Enter")
        sizes.says(words)
    sizes.says("floor(4 / 2) + 1 = 3", ".sum")
    assert sizes.board.locator("svg text", has_text="output").count() == 3
    sizes.field("ask").uncheck()
    sizes.says("3 places, every pixel is read.")


def test_a_key_press_is_a_picture_in_no_time(stepper, kernels, sizes, page):
    stepper.board.focus()
    measure(
        "stepper", page, ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"] * 5, stepper.selector
    )
    stepper.field("padding").select_option("2")
    stepper.field("weight 1,1").focus()
    measure("stepper, weight typed", page, ["1", "Backspace"] * 8, stepper.selector)
    kernels.button("vertical edge").click()
    kernels.says("Kernel: vertical edge.")
    kernels.field("weight 1,1").focus()
    page.keyboard.press("End")
    measure("kernel lab, weight typed", page, ["1", "Backspace"] * 10, kernels.selector)
    for name, key in [("kernel", "Home"), ("padding", "End"), ("stride", "Home"), ("n", "Home")]:
        sizes.field(name).focus()
        page.keyboard.press(key)
    sizes.says("torch: 7 ", ".sum")
    measure("size explorer", page, ["ArrowRight"] * 8 + ["ArrowLeft"] * 8, sizes.selector)
