"""Widgets with a network or its parts inside, as states without a browser."""

import itertools
import time

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from helpers import arithmetic
from helpers.example import IMAGE, KERNEL
from helpers.mnist import load_mnist
from helpers.training import fit
from helpers.widgets.monitor import TrainingMonitor
from helpers.widgets.monitor.page import log_ticks
from helpers.widgets.pad import DigitPad, Pad, strokes
from helpers.widgets.pad.centring import centre_like_mnist, shrink
from helpers.widgets.pad.inside import look_inside
from helpers.widgets.pad.state import LITTLE, PIXEL
from helpers.widgets.pooling import Pooling, PoolingStepper
from helpers.widgets.views import FiveViews, Views

SLOPE = [[200, 40], [100, 250]]


def cnn(*extra):
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        *extra,
        nn.Flatten(),
        nn.Linear(4 * 14 * 14, 10),
    )


def key(state, *names):
    for name in names:
        state.handle({"type": "key", "name": name, "value": name})


def click(state, name, value=""):
    state.handle({"type": "click", "name": name, "value": value})


def put(state, name, value):
    state.handle({"type": "input", "name": name, "value": str(value)})


def draw(state, *points):
    for end in range(1, len(points) + 1):
        state.handle({"type": "draw", "name": "sheet", "value": [list(p) for p in points[:end]]})
    state.handle({"type": "lift", "name": "sheet"})


@pytest.fixture(scope="module")
def digits():
    return load_mnist("test", "sample")


def test_digits_of_mnist_are_found_again_wherever_they_lie(digits):
    for image in digits.images[:200, 0]:
        moved = torch.zeros(60, 50)
        moved[30:58, 3:31] = image
        assert torch.allclose(centre_like_mnist(moved), image, atol=1e-6)


def test_a_large_drawing_becomes_twenty_pixels_with_its_centre_of_mass_in_the_middle():
    large = strokes.pixels(strokes.ink(strokes.blank(), SLOPE))
    small = centre_like_mnist(large)
    rows, columns = small.any(1).nonzero().flatten(), small.any(0).nonzero().flatten()
    assert small.shape == (28, 28) and small.dtype == torch.float32
    assert rows[-1] - rows[0] + 1 == 20
    assert (columns[-1] - columns[0] + 1) / 20 == pytest.approx(124 / 234, abs=0.05)
    place = torch.arange(28.0)
    for profile in (small.sum(0), small.sum(1)):
        assert (profile * place).sum() / profile.sum() == pytest.approx(14, abs=0.51)
    gray = (small > 0.05) & (small < 0.95)
    assert gray.sum() > 10 and small.max() <= 1


def test_drawings_at_the_edges_of_what_can_be_centred():
    assert not centre_like_mnist(torch.zeros(280, 280)).any()
    dot = torch.zeros(9, 13)
    dot[0, 12] = 1
    assert centre_like_mnist(dot).sum() == 400
    line = np.zeros((280, 280))
    line[:, 5] = 1
    assert centre_like_mnist(line).any(0).sum() == 1
    lopsided = torch.zeros(20, 20)
    lopsided[0], lopsided[:, 0] = 1, 0.01
    assert centre_like_mnist(lopsided).shape == (28, 28)
    for bad in (torch.zeros(1, 28, 28), torch.full((3, 3), float("nan")), -torch.ones(2, 2)):
        with pytest.raises(ValueError, match="drawing"):
            centre_like_mnist(bad)


def test_without_centring_a_digit_stays_where_it_is(digits):
    image = digits.images[0, 0]
    sheet = strokes.enlarge(image)
    assert torch.allclose(shrink(strokes.pixels(sheet)), image, atol=2e-3)
    moved = strokes.push(sheet, 20, -30)
    assert torch.allclose(
        shrink(strokes.pixels(moved)), torch.roll(image, (-3, 2), (0, 1)), atol=2e-3
    )
    far = strokes.push(sheet, 999, 999)
    assert np.asarray(far).sum() == np.asarray(sheet).sum()


def test_looking_inside_gives_what_the_network_gives_and_leaves_no_trace(digits):
    model = cnn(nn.Dropout(0.9), nn.BatchNorm2d(4)).train()
    model[4].eval()
    image, random = digits.images[3, 0], torch.get_rng_state()
    modes = [module.training for module in model.modules()]
    before = {name: value.clone() for name, value in model.state_dict().items()}
    logits, layers = look_inside(model, image)
    assert torch.equal(torch.get_rng_state(), random)
    assert [module.training for module in model.modules()] == modes
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert not any(module._forward_hooks for module in model.modules())
    model.eval()
    torch.testing.assert_close(logits, model(image[None, None])[0].detach())
    assert [(name, tuple(maps.shape)) for name, maps in layers] == [
        ("Conv2d", (4, 28, 28)),
        ("ReLU", (4, 28, 28)),
        ("MaxPool2d", (4, 14, 14)),
    ]
    torch.testing.assert_close(layers[0][1], model[0](image[None, None])[0].detach())
    assert layers[0][1].min() < 0, "a ReLU in place must not change the maps before it"


def test_the_pad_asks_the_network_about_what_is_drawn():
    model = cnn()
    pad = Pad(model)
    assert "Nothing is drawn" in pad.text() and pad.probabilities is None
    draw(pad, *SLOPE)
    seen = centre_like_mnist(strokes.pixels(strokes.ink(strokes.blank(), SLOPE)))
    assert torch.equal(pad.seen, seen)
    wanted = torch.softmax(model(seen[None, None]).detach(), 1)[0]
    assert pad.probabilities == pytest.approx(wanted.tolist(), abs=1e-5)
    assert f"says {wanted.argmax()}" in pad.text()
    before = pad.wiped
    click(pad, "clear")
    assert pad.empty and pad.wiped == before + 1


def test_little_ink_gets_a_word_on_confidence_and_no_digit_does(digits):
    pad = Pad(cnn())
    draw(pad, (140, 140))
    assert "says" in pad.text() and "add up to 1 whatever is drawn" in pad.text()
    draw(pad, (140, 140), (140, 220))
    assert "whatever is drawn" not in pad.text()
    assert digits.images.sum((1, 2, 3)).min() * PIXEL**2 > LITTLE
    for number in range(10):
        key(pad, str(number))
        assert "whatever is drawn" not in pad.text()


def test_strokes_add_up_and_centring_can_be_switched():
    pad = Pad(cnn())
    draw(pad, (60, 60), (60, 100))
    draw(pad, (90, 60), (90, 100))
    both = strokes.ink(strokes.ink(strokes.blank(), [(60, 60), (60, 100)]), [(90, 60), (90, 100)])
    assert torch.equal(pad.seen, centre_like_mnist(strokes.pixels(both)))
    centred = pad.probabilities
    put(pad, "centred", "false")
    assert torch.equal(pad.seen, shrink(strokes.pixels(both)))
    assert pad.probabilities != centred and "not centred" in pad.text()
    key(pad, "ArrowRight", "ArrowDown", "ArrowDown")
    assert torch.equal(pad.seen, shrink(strokes.pixels(strokes.push(both, 10, 20))))


def test_ten_digits_wait_for_those_without_a_pointer(digits):
    pad = Pad(cnn())
    for number in "0123456789":
        key(pad, number)
        assert pad.sheet == strokes.digit(int(number)) and pad.probabilities
    given = Pad(cnn(), digits)
    places = (digits.labels == 4).nonzero().flatten().tolist()
    click(given, "preset", "4")
    assert torch.allclose(given.seen, digits.images[places[0], 0], atol=2e-3)
    key(given, "4")
    assert torch.allclose(given.seen, digits.images[places[1], 0], atol=2e-3)
    few = Pad(cnn(), digits.images[:2])
    key(few, "1", "9")
    assert few.sheet == strokes.digit(9)
    key(few, "1")
    assert torch.allclose(few.seen, digits.images[1, 0], atol=2e-3)


def test_any_network_or_none_breaks_nothing():
    class Broken(nn.Module):
        def forward(self, x):
            raise RuntimeError("mat1 and mat2 <shapes>\ncannot be multiplied")

    wrong = [
        (None, "no network yet"),
        (Broken(), "RuntimeError: mat1 and mat2 <shapes>"),
        (nn.Flatten(), "(1, 784)"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), "Nothing is drawn"),
    ]
    for model, sentence in wrong:
        pad = Pad(model)
        assert sentence in pad.text()
        key(pad, "5")
        assert "<shapes>" not in pad.html() and "<svg" in pad.html()
    lost = cnn()
    nn.init.constant_(lost[0].weight, float("nan"))
    pad = Pad(lost)
    key(pad, "5")
    assert "not finite" in pad.text() and ">nan" not in pad.html()


def test_the_pad_follows_the_network_and_has_a_static_picture():
    model = cnn()
    pad = Pad(model)
    key(pad, "3")
    first = pad.probabilities
    nn.init.zeros_(model[-1].weight)
    nn.init.zeros_(model[-1].bias)
    put(pad, "centred", "true")
    assert pad.probabilities == pytest.approx([0.1] * 10) != first
    bundle = DigitPad(model)._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert "Nothing is drawn" in data["text/plain"] and len(data["image/png"]) > 1000


def test_deep_networks_keep_to_the_space_there_is():
    layers = [part for _ in range(8) for part in (nn.Conv2d(1, 1, 3, padding=1), nn.ReLU())]
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(784, 10))
    names = [name for name, _ in look_inside(model, torch.ones(28, 28))[1]]
    assert names == ["Conv2d"] * 6


def test_pooling_agrees_with_torch_wherever_the_window_lies():
    stepper = Pooling(IMAGE)
    for kernel, stride, padding in itertools.product((1, 2, 3, 4), (1, 2, 3), (0, 1, 2)):
        for name, value in (("kernel", kernel), ("stride", stride), ("padding", padding)):
            put(stepper, name, value)
        if 2 * padding > kernel:
            assert stepper.output is None and "more than half" in stepper.text()
            assert stepper.html() and stepper.figure()
            key(stepper, "ArrowRight")
            continue
        shape = {"kernel_size": kernel, "stride": stride, "padding": padding}
        put(stepper, "kind", "max")
        largest, named = F.max_pool2d(stepper.image[None, None], **shape, return_indices=True)
        assert torch.equal(stepper.output, largest[0, 0])
        for place, index in enumerate(named.flatten().tolist()):
            stepper.go(place)
            assert stepper.winners()[0] == divmod(index, 5)
            assert {float(stepper.image[at]) for at in stepper.winners()} == {
                float(largest.flatten()[place])
            }
        put(stepper, "kind", "average")
        for counted in (True, False):
            put(stepper, "counted", str(counted).lower())
            average = F.avg_pool2d(stepper.image[None, None], **shape, count_include_pad=counted)
            torch.testing.assert_close(stepper.output, average[0, 0])


def test_pooling_writes_out_what_it_does():
    stepper = Pooling(IMAGE)
    assert "max(3, 3, 2, 0, 0, 1, 3, 1, 2) = 3" in stepper.text()
    assert "3 places: (0, 0), (0, 1), (2, 0)" in stepper.text()
    put(stepper, "kind", "average")
    assert "(3 + 3 + 2 + 0 + 0 + 1 + 3 + 1 + 2) / 9 ≈ 1.67" in stepper.text()
    put(stepper, "padding", 1)
    assert "(0 + 0 + 0 + 0 + 3 + 3 + 0 + 0 + 0) / 9 ≈ 0.67" in stepper.text()
    put(stepper, "counted", "false")
    assert "/ 4 = 1.5" in stepper.text() and "5 in the padding do not count" in stepper.text()
    put(stepper, "kind", "max")
    assert stepper.html().count("−∞") > 20
    key(stepper, "End", "ArrowUp", "ArrowLeft", "Home", "ArrowDown")
    assert stepper.at == (1, 0)
    click(stepper, "go", "2,3")
    assert stepper.at == (2, 3)


def test_play_walks_to_the_end_and_stops():
    stepper = Pooling(IMAGE, 2, 2)
    click(stepper, "play")
    assert "data-tick" in stepper.html()
    for _ in range(9):
        stepper.handle({"type": "tick", "name": ""})
    assert stepper.place == 3 and "data-tick" not in stepper.html()
    click(stepper, "play")
    assert stepper.place == 0 and stepper.playing
    key(stepper, "ArrowRight")
    assert not stepper.playing and stepper.place == 1


def test_sizes_without_room_are_refused_with_the_room_there_is():
    for call, room in (
        (lambda: Pooling(torch.zeros(9, 4)), "8 by 8"),
        (lambda: Pooling(IMAGE, kernel=5), "kernel is 5"),
        (lambda: Views(torch.zeros(6, 5), KERNEL), "5 by 5"),
        (lambda: Views(IMAGE, torch.zeros(4, 4)), "3 by 3"),
    ):
        with pytest.raises(ValueError, match=room):
            call()


@pytest.mark.parametrize(
    "kernel", [KERNEL, KERNEL[:2], KERNEL[:, :1], -KERNEL / 3], ids=["3x3", "2x3", "3x1", "thirds"]
)
def test_five_views_are_five_computations_of_one_output(kernel):
    views = Views(IMAGE, kernel)
    output = arithmetic.conv2d(views.image, views.kernel)
    assert len(views.results) == 5
    for result in views.results.values():
        torch.testing.assert_close(result, output)
    for place in range(output.numel()):
        views.go(place)
        nine = views.matrix[place].reshape(5, 5)
        row, column = views.at
        height, width = kernel.shape
        assert torch.equal(nine[row : row + height, column : column + width], views.kernel)
        assert nine.count_nonzero() == views.kernel.count_nonzero()
        assert "All five views give" in views.text() and views.html()


def test_the_row_is_asked_for_and_slips_are_named():
    views = Views(IMAGE, KERNEL)
    key(views, *["ArrowRight"] * 5)
    assert views.at == (1, 2) and "row 5 in views 3 and 4. All five views give 19" in views.text()
    assert views.sum() == "1*0 + 3*1 + 1*2 + 2*2 + 2*2 + 3*0 + 0*0 + 2*1 + 2*2 = 19"
    put(views, "ask", "true")
    assert "19" not in views.text() and not views.known
    for answer, said in (
        ("6", "counts from 1"),
        ("7", "down the columns"),
        ("8", "How many output numbers come before (1, 2)?"),
        ("", "Type the number"),
        ("5", "Row 5 is right"),
    ):
        views.handle({"type": "enter", "name": "answer", "value": answer})
        assert said in views.text()
    assert views.known and "19" in views.text()
    key(views, "ArrowUp")
    click(views, "row", "0")
    assert "How many output numbers come before" in views.text()
    click(views, "row", "2")
    assert views.known
    put(views, "ask", "false")
    click(views, "row", "7")
    assert views.at == (2, 1)
    click(views, "go", "0,1")
    assert views.at == (0, 1)


def test_pictures_stand_in_where_nothing_is_live():
    for board in (PoolingStepper(IMAGE), FiveViews(IMAGE, KERNEL)):
        bundle = board._repr_mimebundle_()
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        assert data["text/plain"].startswith(board.label) and len(data["image/png"]) > 1000


def untrained():
    torch.manual_seed(777)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.Dropout(0.2), nn.Linear(30, 10))
    return model


def test_the_monitor_trains_as_fit_does_to_the_bit(digits):
    theirs = untrained()
    wanted = fit(theirs, digits, 2, 300, validation=digits, device="cpu")
    ours = untrained()
    monitor = TrainingMonitor(ours, digits, 2, 300, validation=digits, device="cpu")
    assert monitor.history == [] and "Nothing runs" in monitor.state.text()
    history = monitor.run()
    assert history is monitor.history and len(history) == 2
    for mine, other in zip(history, wanted, strict=True):
        assert mine | {"seconds": 0} == other | {"seconds": 0}
    assert all(
        torch.equal(a, b) for a, b in zip(ours.parameters(), theirs.parameters(), strict=True)
    )
    assert "Finished: 2 epochs. Epoch 2" in monitor.state.text()
    assert monitor.run() is history and len(history) == 2


def test_a_stopped_monitor_leaves_history_and_model(digits):
    model = untrained()
    monitor = TrainingMonitor(model, digits, 500, 100)
    click(monitor.state, "start")
    deadline = time.monotonic() + 60
    while len(monitor.history) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
        assert "data-tick" in monitor.state.html()
    click(monitor.state, "stop")
    monitor.state.thread.join(60)
    done = len(monitor.history)
    assert 2 <= done < 500
    assert f"Stopped. Finished epochs: {done} of 500" in monitor.state.text()
    assert "data-tick" not in monitor.state.html()
    assert model(digits.images[:3]).isfinite().all()
    assert [record["epoch"] for record in monitor.history] == [*range(1, done + 1)]
    points = monitor.state.curves()["training loss"]
    assert len(points) >= 10 * done and points[-1][1] < points[0][1]
    assert monitor.state.figure() is not None


def test_a_stopped_monitor_goes_on_where_it_stopped(digits):
    theirs = untrained()
    wanted = fit(theirs, digits, 4, 100, device="cpu")
    ours = untrained()
    monitor = TrainingMonitor(ours, digits, 4, 100, device="cpu")
    stops = 0
    while monitor.state.ready:
        click(monitor.state, "start")
        before = monitor.state.step
        while monitor.state.running and monitor.state.step is before:
            time.sleep(0.001)
        monitor.stop()
        stops += monitor.state.ready
        assert f"{len(monitor.history)} of 4" in monitor.state.text() or not monitor.state.ready
    assert stops > 4
    for mine, other in zip(monitor.history, wanted, strict=True):
        assert mine | {"seconds": 0} == other | {"seconds": 0}
    assert all(map(torch.equal, ours.parameters(), theirs.parameters()))
    assert "Finished: 4 epochs" in monitor.html and monitor.html.count("disabled") == 2


def test_what_goes_wrong_in_a_training_is_said_in_place_and_raised_by_run(digits):
    monitor = TrainingMonitor(nn.Flatten(), digits, 2)
    with pytest.raises(ValueError, match="parameter list"):
        monitor.run()
    assert "empty parameter list" in monitor.html
    put(monitor.state, "log", "true")
    for epochs in (0, 2.5):
        with pytest.raises(ValueError, match="epochs"):
            TrainingMonitor(untrained(), digits, epochs)


def test_an_interrupted_run_ends_the_training(digits, monkeypatch):
    monitor = TrainingMonitor(untrained(), digits, 500, 100)
    refresh, count = monitor.refresh, []

    def interrupted():
        count.append(monitor.state.message()[1])
        if len(count) == 2:
            raise KeyboardInterrupt
        refresh()

    monkeypatch.setattr(monitor, "refresh", interrupted)
    history = monitor.run()
    assert len(history) < 500 and not monitor.state.running
    assert "interrupt the cell" in count[0] and "Stopped" in monitor.state.text()


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.9, 2.3, [0.5, 1, 2, 5]),
        (0.011, 2.3, [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]),
        (0.3, 0.3, [0.2, 0.5]),
        (1e-5, 2.0, [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10]),
    ],
)
def test_a_logarithmic_axis_holds_the_curve_and_no_empty_decade(low, high, ticks):
    assert log_ticks(low, high) == pytest.approx(ticks)


def test_the_monitor_warns_of_cells_that_draw_random_numbers_until_it_has_ended(digits):
    monitor = TrainingMonitor(untrained(), digits, 1, 500)
    assert "draw from one generator" in monitor.state.html()
    monitor.run()
    assert "draw from one generator" not in monitor.state.html()
