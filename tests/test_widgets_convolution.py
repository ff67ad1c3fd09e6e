"""Stepper, kernel lab and size explorer without a browser: what they know, say and draw."""

import base64
import io
import itertools
import random
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from helpers import arithmetic
from helpers.cells import COLOURS as CELLS
from helpers.example import IMAGE, KERNEL
from helpers.exercises import find
from helpers.widgets.front import board
from helpers.widgets.front.fields import number, written
from helpers.widgets.front.shades import COLOURS, shades
from helpers.widgets.front.sums import sum_lines
from helpers.widgets.kernels import KernelLab, Lab
from helpers.widgets.kernels.state import PRESETS, photograph
from helpers.widgets.sizes import SizeExplorer, Sizes
from helpers.widgets.sizes.page import LIMITS
from helpers.widgets.sizes.state import QUESTIONS
from helpers.widgets.stepper import ConvolutionStepper, Stepper
from helpers.widgets.stepper.slips import name_slip


def send(state, kind, name, value=""):
    state.handle({"type": kind, "name": name, "value": value})
    return state


def asked(**settings):
    return send(Stepper(IMAGE, KERNEL, **settings), "input", "ask", "true")


def answer(state, text):
    return send(state, "enter", "answer", text).message()


# The stepper


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
def test_the_stepper_walks_over_every_output_number_and_shows_it(stride, padding):
    state = Stepper(IMAGE, KERNEL, stride, padding)
    expected = F.conv2d(IMAGE[None, None], KERNEL[None, None], None, stride, padding)[0, 0]
    for place, value in enumerate(expected.flatten().tolist()):
        row, column = divmod(place, expected.shape[1])
        assert state.at == (row, column)
        assert f"= {value:g}." in state.text()
        assert len(state.seen) == place + 1
        send(state, "key", "ArrowRight")
    assert "?" not in state.html().split("<svg")[1].split("</svg>")[0]
    assert state.at == (row, column), "it stays at the last place"


def test_keys_and_buttons_move_the_window():
    state = Stepper(IMAGE, KERNEL)
    for key, at in [
        ("ArrowDown", (1, 0)),
        ("ArrowRight", (1, 1)),
        ("ArrowUp", (0, 1)),
        ("ArrowUp", (0, 1)),
        ("ArrowLeft", (0, 0)),
        ("ArrowLeft", (0, 0)),
        ("End", (2, 2)),
        ("Home", (0, 0)),
    ]:
        assert send(state, "key", key).at == at
    assert send(state, "click", "next").at == (0, 1)
    assert send(state, "click", "previous").at == (0, 0)
    assert send(state, "click", "go", "2,1").at == (2, 1)
    assert send(state, "click", "first").at == (0, 0)


def test_play_visits_all_and_stops_at_the_end():
    state = send(Stepper(IMAGE, KERNEL), "click", "play")
    for _ in range(12):
        assert ("data-tick" in state.html()) == state.playing
        send(state, "tick", "")
    assert not state.playing and len(state.seen) == 9
    send(state, "click", "play")
    assert state.playing and state.at == (0, 0), "it begins again"
    assert not send(state, "click", "next").playing


def test_all_numbers_are_shown_on_demand():
    state = send(Stepper(IMAGE, KERNEL), "input", "all", "true")
    assert "9 of 9" in state.text() and ">19<" in state.html()
    assert ">19<" not in send(state, "input", "all", "false").html()


def test_products_are_written_row_by_row():
    assert sum_lines(IMAGE[:3, :3].double(), KERNEL.double(), 12) == [
        "3*0 + 3*1 + 2*2",
        "0*2 + 0*2 + 1*0",
        "3*0 + 1*1 + 2*2 = 12",
    ]
    third = torch.tensor([[-1 / 3]], dtype=torch.float64)
    assert sum_lines(third, third, 1 / 9) == ["(-0.33)*(-0.33) ≈ 0.11"]


@pytest.mark.parametrize(
    ("settings", "text", "words"),
    [
        ({}, "40", "no slip that is known"),
        ({}, "19", "does not let it through"),
        ({}, "15", "sum of the pixels alone"),
        ({}, "10", "sum of the weights alone"),
        ({}, "-12", "sign"),
        ({}, "1.33", "averaged"),
        ({}, "7", "products of row 0 alone"),
        ({}, "11", "1*1 seems to be missing"),
        ({}, "many", "Type a number"),
        ({}, "", "Type a number"),
        ({}, "nan", "Type a number"),
        ({}, "1e999", "Type a number"),
    ],
)
def test_a_wrong_number_is_named(settings, text, words):
    state = asked(**settings)
    kind, message = answer(state, text)
    assert kind == "bad" and words in message, message
    assert not state.seen and "12" not in re.sub(r"^[^:]*:", "", message)


def test_every_slip_is_found_on_a_window_where_nothing_else_gives_its_number():
    rng = random.Random(5)
    pixels = [[rng.uniform(1, 9) for _ in range(6)] for _ in range(6)]
    weights = [[rng.uniform(-3, 3) for _ in range(3)] for _ in range(3)]
    padded = torch.tensor(pixels, dtype=torch.float64)
    kernel = torch.tensor(weights, dtype=torch.float64)
    window = padded[2:5, 2:5]
    products = window * kernel
    wrong = {
        "half a turn": (window * kernel.flip(0, 1)).sum(),
        "rows of the kernel lie on the columns": (window * kernel.T).sum(),
        "pixels alone": window.sum(),
        "weights alone": kernel.sum(),
        "averaged": products.mean(),
        "sign is not": -products.sum(),
        "added to each other": (window + kernel).sum(),
        "row 1 alone": products[1].sum(),
        "column 2 alone": products[:, 2].sum(),
        "row 2 are missing": products[:2].sum(),
        "largest of the products": products.max(),
        "times the sum of the weights": window.sum() * kernel.sum(),
        "matrix product": (window @ kernel).sum(),
        "to the right of": (padded[2:5, 3:6] * kernel).sum(),
        "to the left of": (padded[2:5, 1:4] * kernel).sum(),
        "pixel below": (padded[3:6, 2:5] * kernel).sum(),
        "pixel above": (padded[1:4, 2:5] * kernel).sum(),
        "without the stride": (padded[1:4, 1:4] * kernel).sum(),
        "inside the padding": (padded[3:6, 3:6] * kernel).sum(),
        "seems to be missing": products.sum() - products[1, 1],
        "counted twice": products.sum() + products[1, 1],
        "wrong sign": products.sum() - 2 * products[1, 1],
        "added instead": products.sum() - products[0, 0] + window[0, 0] + kernel[0, 0],
        "once more": products.sum() + 1.37,
        "no slip": products.sum() + 1234,
    }
    for words, value in wrong.items():
        sentence = name_slip(float(value), padded, kernel, (2, 2), (1, 1), padding=1)
        assert words in sentence, (words, sentence)


def test_what_the_exercise_says_of_any_window_names_no_number_of_its_own():
    general = [slip for slip in find("01.third_number").slips if slip.twist]
    assert len(general) > 8
    for slip in general:
        assert not re.search(r"[1-9]|nine", slip.message), slip.message


def test_a_slip_that_leaves_the_sum_right_is_not_named():
    padded = torch.full((3, 3), 41.0)
    kernel = torch.full((3, 3), 2.0)  # turned or transposed: 738 as well
    sentence = name_slip(739, padded, kernel, (0, 0), (0, 0))
    assert "Very near" in sentence, sentence


def test_right_numbers_move_on_to_the_end():
    state = asked(padding=1, stride=2)
    assert "Which number" in state.message()[1] and "= 6" not in state.html()
    for value in [6, 17, 3, 8, 17, 13, 6, 4]:
        kind, message = answer(state, str(value))
        assert kind == "good" and f"= {value} is right" in message and "Next" in message
    assert "last one" in answer(state, " 4.0 ")[1]
    assert len(state.seen) == 9


def test_asking_hides_what_was_shown_and_products_help_after_two_wrong_numbers():
    state = send(Stepper(IMAGE, KERNEL), "key", "End")
    send(send(state, "input", "all", "true"), "input", "ask", "true")
    assert not state.seen and not state.everything and state.at == (0, 0)
    assert not send(state, "click", "play").playing, "play would give the answers away"
    answer(state, "1")
    assert "3*0 + 3*1" not in state.html()
    answer(state, "2")
    sums = state.html().split('class="sum"')[1].split("</div>")[0]
    assert "3*0 + 3*1 + 2*2" in sums and "12" not in sums
    send(state, "input", "answer", "12")
    assert "is right" in send(state, "click", "answer").message()[1]


def test_the_answer_field_is_emptied_after_a_right_number_only():
    state = asked()
    version = state.question.version
    answer(state, "1")
    assert state.question.version == version
    answer(state, "12")
    assert state.question.version > version
    assert f'data-version="{state.question.version}"' in state.html()


def test_a_kernel_is_typed_in_and_bad_text_leaves_the_last_one():
    state = send(Stepper(IMAGE, KERNEL), "input", "weight 0,0", "1/2")
    assert state.output[0, 0] == 13.5
    for text in ["x", "", "1/0", "nan", "inf", "1e9", "<b>", "--1"]:
        send(state, "input", "weight 0,0", text)
        kind, message = state.message()
        assert kind == "bad" and "Row 0, column 0" in message and state.output[0, 0] == 13.5
        assert "<b>" not in state.html()
    send(state, "input", "weight 0,0", "−1")
    assert state.message()[0] == "" and state.output[0, 0] == 9


def test_a_kernel_without_a_place_says_so_and_nothing_breaks():
    state = Stepper(IMAGE, torch.ones(6, 6))
    assert "does not fit" in state.text() and "<svg" in state.html()
    assert state.figure() is not None
    for kind, name, value in [
        ("key", "ArrowRight", ""),
        ("click", "next", ""),
        ("click", "play", ""),
        ("tick", "", ""),
        ("input", "ask", "true"),
        ("enter", "answer", "3"),
        ("input", "weight 0,0", "2"),
    ]:
        assert "does not fit" in send(state, kind, name, value).text()
    assert "does not fit" not in send(state, "input", "padding", "1").text()
    assert state.output.shape == (2, 2)


def test_what_the_stepper_cannot_show_is_refused_with_a_reason():
    for args, words in [
        ((torch.ones(20, 5), KERNEL), "image is 20 by 5"),
        ((IMAGE, KERNEL, 4), "stride is 4"),
        ((IMAGE, KERNEL, 1, 3), "padding is 3"),
        ((torch.ones(2, 3, 3), KERNEL), "one matrix"),
    ]:
        with pytest.raises(ValueError, match=words):
            ConvolutionStepper(*args)


def test_the_picture_of_the_stepper_keeps_its_height():
    heights = set()
    for stride, padding in itertools.product((1, 2, 3), (0, 1, 2)):
        page = Stepper(IMAGE, KERNEL, stride, padding).html()
        heights.add(re.search(r"<svg[^>]*\bheight: ([\d.]+)em", page)[1])
    assert len(heights) == 1


# The kernel lab


def pixels(page, which):
    """A picture of the page as an array of colours."""
    uri = re.findall(r'src="data:image/png;base64,([^"]+)"', page)[which]
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri))).convert("RGB"))


@pytest.mark.parametrize("name", PRESETS)
def test_the_lab_shows_what_torch_computes(name):
    state = send(Lab(), "click", "preset", name)
    kernel = torch.tensor(PRESETS[name], dtype=torch.float32)
    expected = F.conv2d(photograph()[None, None], kernel[None, None])[0, 0]
    torch.testing.assert_close(state.result, expected)
    shown = pixels(state.html(), 1)
    if name in ("vertical edge", "horizontal edge", "Laplacian"):
        bound = expected.abs().max()
        place = ((expected / bound + 1) * 127.5).numpy()
        near = [
            np.abs(COLOURS[f(place).astype(int)].astype(int) - shown) for f in (np.floor, np.ceil)
        ]
        assert np.minimum(*near).max() <= 1
        assert "red above zero" in state.text()
    else:
        gray = expected.clamp(0, 1).numpy() * 255
        assert np.abs(shown[:, :, 0] - gray).max() <= 0.51
        assert "clipped" in state.text()


def test_the_lab_can_keep_the_colours_of_the_input():
    state = send(send(Lab(), "click", "preset", "Laplacian"), "input", "same", "true")
    shown = pixels(state.html(), 1)
    assert (shown[:, :, 0] == shown[:, :, 2]).all() and "clipped" in state.text()


def test_fields_of_the_lab_change_the_result_and_bad_text_does_not():
    state = send(Lab(), "input", "weight 1,1", "0.5")
    assert "your own" in state.text() and "multiplied by 0.5" in state.text()
    page = state.html()
    send(state, "input", "weight 1,1", "half")
    assert "Row 1, column 1" in state.text()
    assert (pixels(state.html(), 1) == pixels(page, 1)).all()
    assert "identity" in send(state, "click", "preset", "identity").text()
    for corner in "0,0", "0,1", "2,2":
        send(state, "input", f"weight {corner}", "-1000")
    assert "<img" in state.html()


def test_a_digit_is_shown_only_if_it_is_given():
    assert "select" not in Lab().html()
    digit = torch.zeros(1, 28, 28)
    digit[0, 5:20, 14] = 1
    state = send(Lab(digit), "input", "picture", "digit")
    assert pixels(state.html(), 0).shape == (28, 28, 3)
    assert pixels(state.html(), 1).shape == (26, 26, 3)
    with pytest.raises(ValueError, match="smaller than a kernel"):
        KernelLab(torch.ones(2, 2))


def test_numbers_and_fractions():
    cases = {"2": 2, " -1 ": -1, "0,5": 0.5, "1/9": 1 / 9, "−3": -3, "1e2": 100}
    assert {text: number(text) for text in cases} == cases
    assert [number(text) for text in ("", "x", "1/", "/2", "1/0", "nan", "1001")] == [None] * 7
    assert [written(value) for value in (0, -0.0, 1 / 9, -2.5, 0.123456)] == [
        "0",
        "0",
        "1/9",
        "-5/2",
        "0.1235",
    ]
    assert shades(np.zeros((2, 2)), True).tolist() == [[128, 128]] * 2


# The size explorer


def settings(rng):
    return {name: rng.randint(low, high) for name, (low, high) in LIMITS.items()}


def test_the_explorer_agrees_with_torch_at_random_sizes():
    rng = random.Random(3)
    for _ in range(300):
        sizes = settings(rng)
        state = Sizes(**sizes)
        n, kernel, *rest = sizes.values()
        try:
            count = F.conv1d(torch.zeros(1, 1, n), torch.zeros(1, 1, kernel), None, *rest).shape[2]
        except RuntimeError as error:
            assert str(error).splitlines()[0] in state.torch_says()
            assert (
                state.count == 0
                and "No place" in state.text()
                and "room is -" in state.formula()[1]
            )
            continue
        assert state.count == count and f"{count} place" in state.text()
        assert state.formula()[1].endswith(f"= {count}")
        assert state.html().count(">output ") == count
        unread = set(range(n + 2 * sizes["padding"])).difference(*state.reads)
        assert ("every pixel is read" in state.text()) == (not unread)


def test_sliders_change_one_number_and_stay_in_their_limits():
    state = send(Sizes(n=7, kernel=3, stride=1, padding=0, dilation=1), "input", "n", "99")
    assert state.sizes["n"] == 16
    assert "14 places" in state.text()
    with pytest.raises(ValueError, match="n is 17"):
        SizeExplorer(17)
    with pytest.raises(ValueError, match="stride is 0"):
        SizeExplorer(stride=0)


def test_a_wrong_count_is_named_and_the_right_one_shows_the_rows():
    state = send(Sizes(n=8, kernel=3, stride=2, padding=1, dilation=1), "input", "ask", "true")
    assert "= ?" in state.formula()[1] and state.torch_says() == "?"
    assert state.html().count(">output ") == 1
    for text, words in [
        ("4.5", "half a place"),
        ("3", "steps, not the places"),
        ("5", "hangs over the end"),
        ("8", "stride"),
        ("40", "count where it fits"),
        ("four", "Type a number"),
    ]:
        send(state, "enter", "answer", text)
        assert words in state.text() and state.hidden, (text, state.text())
    send(state, "input", "answer", "4")
    send(state, "click", "answer")
    assert not state.hidden and "4 is right" in state.text()
    assert state.html().count(">output ") == 4
    assert send(state, "input", "stride", "1").hidden, "a new question"


def test_questions_come_one_after_the_other_and_one_has_no_place():
    state = Sizes(n=7, kernel=3, stride=1, padding=0, dilation=1)
    for question in QUESTIONS + QUESTIONS[:1]:
        send(state, "click", "another")
        assert tuple(state.sizes.values()) == question and state.hidden
        send(state, "enter", "answer", str(state.count))
        assert "is right" in state.text()
    assert 0 in [Sizes(**dict(zip(LIMITS, q, strict=True))).count for q in QUESTIONS]


def test_the_explorer_has_the_room_that_it_draws_in():
    wide = arithmetic.output_size(16, 1, 1, 3)
    state = Sizes(n=16, kernel=1, stride=1, padding=3, dilation=1)
    heights = re.findall(r'<rect[^>]* y="([\d.]+)" width="30" height="([\d.]+)"', state.html())
    tall = float(re.search(r'<svg[^>]*viewBox="0 0 [\d.]+ ([\d.]+)"', state.html())[1])
    assert len(heights) == 22 + wide and max(float(y) + float(h) for y, h in heights) < tall


# What all share


def test_cells_are_filled_with_the_colours_of_the_figures():
    css = (Path(board.__file__).parent / "board.css").read_text().upper()
    for role in ("input", "kernel", "output", "padding"):
        assert f"--{role}-fill: {CELLS[role]};".upper() in css


@pytest.mark.parametrize(
    "make", [lambda: ConvolutionStepper(IMAGE, KERNEL), KernelLab, SizeExplorer]
)
def test_outputs_are_deterministic_and_have_a_static_picture(make):
    first, second = (make()._repr_mimebundle_()[0] for _ in range(2))
    assert first["text/plain"] == second["text/plain"] and len(first["image/png"]) < 150_000
    assert first["image/png"] == second["image/png"]
