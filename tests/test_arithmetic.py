"""helpers.arithmetic gives torch's numbers on random sizes, and a clear error on bad input."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.arithmetic import avg_pool2d, conv2d, conv2d_nchw, max_pool2d, output_size, pad2d

IMAGE = torch.tensor(
    [[3.0, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
)
KERNEL = torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]])

small = st.integers(1, 3)
seeds = st.integers(0, 2**32)


def examples(count):
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


def integers(seed, *shape):
    """Whole numbers -9..9 as float32: sums and maxima are exact in every order."""
    return torch.randint(-9, 10, shape, generator=torch.Generator().manual_seed(seed)).float()


def equal(ours, theirs):
    """Same shape, same dtype, same numbers, bit for bit."""
    torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


# --- against torch -----------------------------------------------------------------------


@examples(900)
@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 6), st.integers(0, 5), small)
def test_output_size_is_that_of_torch(n, kernel, stride, padding, dilation):
    line, weight = torch.zeros(1, 1, n), torch.zeros(1, 1, kernel)
    if n + 2 * padding < dilation * (kernel - 1) + 1:
        with pytest.raises(RuntimeError):
            F.conv1d(line, weight, None, stride, padding, dilation)
        with pytest.raises(ValueError, match="does not fit"):
            output_size(n, kernel, stride, padding, dilation)
    else:
        theirs = F.conv1d(line, weight, None, stride, padding, dilation).shape[2]
        assert output_size(n, kernel, stride, padding, dilation) == theirs


@examples(300)
@given(seeds, st.integers(1, 7), st.integers(1, 7), st.integers(0, 4), st.integers(-3, 3))
def test_pad2d_is_that_of_torch(seed, height, width, padding, value):
    image = integers(seed, height, width)
    equal(pad2d(image, padding, value), F.pad(image, (padding,) * 4, value=value))


@examples(400)
@given(seeds, st.tuples(*[st.integers(1, 6)] * 2), st.tuples(small, small), small, st.data())
def test_conv2d_is_that_of_torch(seed, size, window, stride, data):
    padding, bias = data.draw(st.integers(0, 2)), data.draw(st.integers(-5, 5))
    assume(all(n + 2 * padding >= k for n, k in zip(size, window, strict=True)))
    image, kernel = integers(seed, *size), integers(seed + 1, *window)
    theirs = F.conv2d(
        image[None, None], kernel[None, None], torch.tensor([float(bias)]), stride, padding
    )
    equal(conv2d(image, kernel, stride, padding, bias), theirs[0, 0])


@examples(250)
@given(seeds, st.tuples(small, small, small), st.data())
def test_conv2d_nchw_is_that_of_torch(seed, counts, data):
    samples, c_in, c_out = counts
    height, width = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    stride, padding = data.draw(small), data.draw(st.integers(0, 1))
    rows = data.draw(st.integers(1, min(3, height + 2 * padding)))
    columns = data.draw(st.integers(1, min(3, width + 2 * padding)))
    x = integers(seed, samples, c_in, height, width)
    weight = integers(seed + 1, c_out, c_in, rows, columns)
    bias = data.draw(st.sampled_from([None, integers(seed + 2, c_out)]))
    equal(conv2d_nchw(x, weight, bias, stride, padding), F.conv2d(x, weight, bias, stride, padding))


@st.composite
def pooling(draw):
    """(image, kernel, stride or None, padding) that torch allows."""
    kernel = draw(st.integers(1, 4))
    padding = draw(st.integers(0, kernel // 2))
    least = max(1, kernel - 2 * padding)
    height, width = draw(st.integers(least, 7)), draw(st.integers(least, 7))
    stride = draw(st.sampled_from([None, 1, 2, 3, 5]))
    return integers(draw(seeds), height, width), kernel, stride, padding


@examples(350)
@given(pooling())
def test_max_pool2d_is_that_of_torch(case):
    image, kernel, stride, padding = case
    equal(max_pool2d(*case), F.max_pool2d(image[None], kernel, stride, padding)[0])


@examples(350)
@given(pooling(), st.booleans())
def test_avg_pool2d_is_that_of_torch(case, count_include_pad):
    image, kernel, stride, padding = case
    theirs = F.avg_pool2d(
        image[None], kernel, stride, padding, count_include_pad=count_include_pad
    )[0]
    ours = avg_pool2d(*case, count_include_pad)
    torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=0)


def test_nan_and_minus_infinity_pass_through_as_in_torch():
    image = torch.full((4, 4), float("-inf"))
    image[0, 1] = float("nan")  # not the first of its window: max() would lose it
    theirs = F.max_pool2d(image[None], 2)[0]
    torch.testing.assert_close(max_pool2d(image, 2), theirs, rtol=0, atol=0, equal_nan=True)


def test_gradients_flow_through_the_loops():
    image, kernel = IMAGE.clone().requires_grad_(), KERNEL.clone().requires_grad_()
    conv2d(image, kernel, 2, 1).sum().backward()
    ours = image.grad, kernel.grad
    image.grad = kernel.grad = None
    F.conv2d(image[None, None], kernel[None, None], stride=2, padding=1).sum().backward()
    equal(ours[0], image.grad)
    equal(ours[1], kernel.grad)


# --- published numbers -------------------------------------------------------------------


def test_running_example_to_the_letter():
    top_left = 3 * 0 + 3 * 1 + 2 * 2 + 0 * 2 + 0 * 2 + 1 * 0 + 3 * 0 + 1 * 1 + 2 * 2
    below = 0 * 0 + 0 * 1 + 1 * 2 + 3 * 2 + 1 * 2 + 2 * 0 + 2 * 0 + 0 * 1 + 0 * 2
    last = 2 * 0 + 2 * 1 + 3 * 2 + 0 * 2 + 2 * 2 + 2 * 0 + 0 * 0 + 0 * 1 + 1 * 2
    assert (top_left, below, last) == (12, 10, 14)
    output = conv2d(IMAGE, KERNEL)
    assert (output[0, 0], output[1, 0], output[2, 2]) == (top_left, below, last)
    equal(output, torch.tensor([[12.0, 12, 17], [10, 17, 19], [9, 6, 14]]))
    equal(conv2d(IMAGE, KERNEL, bias=1), output + 1)


def test_running_example_with_padding_1_and_stride_2():
    # The window at the top left sees the image's corner in its lower right four cells.
    top_left = 3 * 2 + 3 * 0 + 0 * 1 + 0 * 2
    top_middle = 3 * 2 + 2 * 2 + 1 * 0 + 0 * 0 + 1 * 1 + 3 * 2
    assert (top_left, top_middle) == (6, 17)
    equal(conv2d(IMAGE, KERNEL, 2, 1), torch.tensor([[6.0, 17, 3], [8, 17, 13], [6, 4, 4]]))


def test_running_example_pooled():
    equal(max_pool2d(IMAGE, 3, 1), torch.tensor([[3.0, 3, 3], [3, 3, 3], [3, 2, 3]]))
    top_left = (3 + 3 + 2 + 0 + 0 + 1 + 3 + 1 + 2) / 9
    assert avg_pool2d(IMAGE, 3, 1)[0, 0].item() == pytest.approx(top_left, rel=1e-6)


def test_padded_pixels_of_an_average():
    image = torch.tensor([[4.0, 8], [12, 16]])
    counted = torch.tensor([[4.0 / 4, 8 / 4], [12 / 4, 16 / 4]])
    equal(avg_pool2d(image, 2, 2, 1), counted)
    equal(avg_pool2d(image, 2, 2, 1, count_include_pad=False), image)
    equal(max_pool2d(-image, 2, 2, 1), -image)  # zeros in the border would win


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((32, 5), 28),  # the lab's (32, 64) and k = 5: its text writes 32 twice
        ((64, 5), 60),
        ((7, 2, 2, 1), 4),  # (7 + 2 - 2) / 2 + 1 = 4.5, and the floor is 4
        ((28, 3, 1, 1), 28),
        ((9, 3, 1, 0, 2), 5),  # the kernel reaches over 2 * 2 + 1 = 5 pixels
        ((5, 5), 1),
        ((4, 2, 2), 2),
    ],
)
def test_published_sizes(arguments, expected):
    assert output_size(*arguments) == expected


def test_sizes_of_the_lab_on_images():
    assert conv2d(torch.ones(32, 64), torch.ones(5, 5)).shape == (28, 60)
    assert max_pool2d(torch.ones(7, 7), 2, 2, 1).shape == (4, 4)


# --- what is accepted, what is left alone ------------------------------------------------


def test_numpy_integers_are_sizes_and_the_result_is_an_int():
    size = output_size(np.int64(7), np.int32(2), np.uint8(2), np.int64(1))
    assert size == 4 and type(size) is int
    equal(conv2d(IMAGE, KERNEL, np.int64(2), np.int64(1)), conv2d(IMAGE, KERNEL, 2, 1))
    equal(max_pool2d(IMAGE, np.int64(3), np.int64(1)), max_pool2d(IMAGE, 3, 1))


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.int64])
def test_the_dtype_follows_the_image(dtype):
    image, kernel = IMAGE.to(dtype), KERNEL.to(dtype)
    equal(conv2d(image, kernel, 2, 1), conv2d(IMAGE, KERNEL, 2, 1).to(dtype))
    x, weight = image[None, None], kernel[None, None]
    equal(conv2d_nchw(x, weight), conv2d(IMAGE, KERNEL)[None, None].to(dtype))
    assert pad2d(image, 1).dtype == dtype
    if dtype.is_floating_point:
        assert max_pool2d(image, 2).dtype == avg_pool2d(image, 2).dtype == dtype


def test_inputs_are_not_changed_and_not_shared():
    image, kernel, bias = IMAGE.clone(), KERNEL.clone(), torch.tensor([1.0])
    x, weight = image[None, None], kernel[None, None]
    results = [
        pad2d(image, 0),
        conv2d(image, kernel, 1, 1, 2),
        conv2d_nchw(x, weight, bias, 2, 1),
        max_pool2d(image, 1),
        avg_pool2d(image, 1),
    ]
    for result in results:
        result.fill_(99)
    equal(image, IMAGE)
    equal(kernel, KERNEL)
    equal(bias, torch.tensor([1.0]))


# --- bad input ---------------------------------------------------------------------------

X, W = IMAGE[None, None], KERNEL[None, None]
BAD = {
    "kernel too large": (lambda: output_size(3, 5), ValueError, "reaches over 5 .* into 3"),
    "dilated too far": (lambda: output_size(4, 3, dilation=2), ValueError, "reaches over 5"),
    "kernel over image": (lambda: conv2d(KERNEL, IMAGE), ValueError, "does not fit"),
    "kernel too wide": (lambda: conv2d(IMAGE[:, :2], KERNEL), ValueError, "into 2 pixels"),
    "window too large": (lambda: max_pool2d(IMAGE, 6), ValueError, "does not fit"),
    "nchw too large": (lambda: conv2d_nchw(W, X), ValueError, "does not fit"),
    "stride 0": (lambda: conv2d(IMAGE, KERNEL, 0), ValueError, "stride is 0.*at least 1"),
    "stride 0 of sizes": (lambda: output_size(5, 3, 0), ValueError, "stride is 0"),
    "stride 0 of pooling": (lambda: avg_pool2d(IMAGE, 2, 0), ValueError, "stride is 0"),
    "negative stride": (lambda: max_pool2d(IMAGE, 2, -1), ValueError, "stride is -1"),
    "n 0": (lambda: output_size(0, 1, padding=1), ValueError, "n is 0.*at least 1"),
    "kernel 0": (lambda: max_pool2d(IMAGE, 0), ValueError, "kernel is 0"),
    "dilation 0": (lambda: output_size(5, 3, dilation=0), ValueError, "dilation is 0"),
    "negative padding": (lambda: pad2d(IMAGE, -1), ValueError, "padding is -1.*at least 0"),
    "negative padding conv": (lambda: conv2d(IMAGE, KERNEL, 1, -1), ValueError, "padding is -1"),
    "negative padding pool": (lambda: max_pool2d(IMAGE, 2, 1, -1), ValueError, "padding is -1"),
    "float size": (lambda: output_size(5.0, 3), TypeError, "n is 5.0.*whole number"),
    "float stride": (lambda: conv2d(IMAGE, KERNEL, 1.0), TypeError, "stride is 1.0"),
    "float window": (lambda: max_pool2d(IMAGE, 2.0), TypeError, "kernel is 2.0"),
    "float padding": (lambda: pad2d(IMAGE, 0.5), TypeError, "padding is 0.5"),
    "tuple stride": (lambda: conv2d(IMAGE, KERNEL, (1, 1)), TypeError, r"stride is \(1, 1\)"),
    "text": (lambda: output_size("5", 3), TypeError, "n is '5'"),
    "None": (lambda: output_size(5, None), TypeError, "kernel is None"),
    "bool": (lambda: output_size(5, 3, True), TypeError, "stride is True"),
    "bool padding": (lambda: avg_pool2d(IMAGE, 2, 2, False), TypeError, "padding is False"),
    "list image": (lambda: conv2d(IMAGE.tolist(), KERNEL), TypeError, "image is a list"),
    "numpy kernel": (lambda: conv2d(IMAGE, KERNEL.numpy()), TypeError, "kernel is a ndarray"),
    "numpy image": (lambda: avg_pool2d(IMAGE.numpy(), 2), TypeError, "image is a ndarray"),
    "list bias": (lambda: conv2d_nchw(X, W, [1.0]), TypeError, "bias is a list"),
    "batch as image": (lambda: conv2d(X, KERNEL), ValueError, r"4 axes; 2 are needed: \(H, W\)"),
    "batch as kernel": (lambda: conv2d(IMAGE, W), ValueError, "kernel has shape"),
    "image as batch": (lambda: conv2d_nchw(IMAGE, W), ValueError, "2 axes; 4 are needed"),
    "kernel as weight": (lambda: conv2d_nchw(X, KERNEL), ValueError, "weight has shape"),
    "pooled batch": (lambda: max_pool2d(X, 2), ValueError, "4 axes"),
    "padded batch": (lambda: pad2d(X, 1), ValueError, "4 axes"),
    "empty image": (lambda: conv2d(IMAGE[:0], KERNEL, 1, 2), ValueError, "image is empty"),
    "empty batch": (lambda: conv2d_nchw(X[:0], W), ValueError, "x is empty"),
    "channels": (lambda: conv2d_nchw(X.repeat(1, 2, 1, 1), W), ValueError, "x has 2 channels"),
    "bias length": (lambda: conv2d_nchw(X, W, torch.ones(2)), ValueError, r"bias has shape \(2,\)"),
    "bias axes": (lambda: conv2d_nchw(X, W, torch.tensor(1.0)), ValueError, "bias has shape"),
    "half and more max": (lambda: max_pool2d(IMAGE, 3, 1, 2), ValueError, "more than half.*most 1"),
    "half and more avg": (lambda: avg_pool2d(IMAGE, 2, 1, 2), ValueError, "more than half"),
    "half of 1": (lambda: avg_pool2d(IMAGE, 1, 1, 1), ValueError, "more than half.*most 0"),
    "int pool": (lambda: max_pool2d(IMAGE.long(), 2), ValueError, "pooling needs floats"),
    "int average": (lambda: avg_pool2d(IMAGE.long(), 2), ValueError, "pooling needs floats"),
    "mixed": (lambda: conv2d(IMAGE.long(), KERNEL), ValueError, "int64.*float32.*same dtype"),
    "mixed batch": (lambda: conv2d_nchw(X, W.double()), ValueError, "x .*weight .*same dtype"),
    "mixed bias": (
        lambda: conv2d_nchw(X, W, torch.ones(1).long()),
        ValueError,
        "bias .*same dtype",
    ),
    "uint8": (lambda: conv2d(IMAGE.byte(), KERNEL.byte()), ValueError, "uint8; use image.float"),
    "half a bias": (lambda: conv2d(IMAGE.long(), KERNEL.long(), bias=0.5), ValueError, "bias"),
    "half a pixel": (lambda: pad2d(IMAGE.long(), 1, 0.5), ValueError, "value"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_clear_error(name):
    call, error, message = BAD[name]
    with pytest.raises(error, match=message):
        call()
