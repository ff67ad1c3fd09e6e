"""Five ways to write a convolution give the same numbers; its gradient by hand is autograd's."""

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from helpers.arithmetic import conv2d, conv2d_nchw, output_size, pad2d
from helpers.example import IMAGE, KERNEL, OUTPUT
from helpers.exercises import of

SOLUTION = {name: exercise.solution for name, exercise in of("04").items()}
UPSTREAM = torch.tensor([[0.0, 2, 0], [1, 0, -1], [0, 0, 2]])

small = st.integers(1, 3)
seeds = st.integers(0, 2**32)


def examples(count):
    return settings(max_examples=count, deadline=None, derandomize=True, database=None)


@st.composite
def layers(draw):
    """An image (C, H, W), a weight (O, C, kH, kW), stride and padding that go together."""
    stride, padding = draw(small), draw(st.integers(0, 2))
    kernel = draw(small), draw(small)
    size = [draw(st.integers(max(1, k - 2 * padding), 5)) for k in kernel]
    channels, maps = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    generator = torch.Generator().manual_seed(draw(seeds))
    shapes = (channels, *size), (maps, channels, *kernel), (maps,)
    x, weight, bias = (torch.randint(-9, 10, s, generator=generator).float() for s in shapes)
    return x, weight, bias, stride, padding


# --- The views: each takes (C, H, W), (O, C, kH, kW), (O,) and gives (O, H', W') ------------------


def places(x, weight, stride, padding):
    """H', W' and for each place, in reading order, the row and column where its window starts."""
    rows, columns = (
        output_size(n, k, stride, padding)
        for n, k in zip(x.shape[1:], weight.shape[2:], strict=True)
    )
    starts = [
        (row * stride - padding, column * stride - padding)
        for row in range(rows)
        for column in range(columns)
    ]
    return rows, columns, starts


def windows(x, weight, stride, padding):
    """What the kernel reads in each place: a list of (C, kH, kW)."""
    padded = torch.stack([pad2d(channel, padding) for channel in x])
    height, width = weight.shape[2:]
    return [
        padded[:, top + padding : top + padding + height, left + padding : left + padding + width]
        for top, left in places(x, weight, stride, padding)[2]
    ]


def sliding_window(x, weight, bias, stride, padding):
    return conv2d_nchw(x[None], weight, bias, stride, padding)[0]


def tied_perceptron(x, weight, bias, stride, padding):
    perceptrons = nn.Linear(weight[0].numel(), len(weight))
    with torch.no_grad():
        perceptrons.weight.copy_(weight.flatten(1))
        perceptrons.bias.copy_(bias)
        answers = [perceptrons(w.flatten()) for w in windows(x, weight, stride, padding)]
    rows, columns, _ = places(x, weight, stride, padding)
    return torch.stack(answers, dim=1).reshape(-1, rows, columns)


def toeplitz_matrix(x, weight, bias, stride, padding):
    """A row for each output number; a weight that lies on the padding gets no entry."""
    rows, columns, starts = places(x, weight, stride, padding)
    (channels, height, width), maps = x.shape, len(weight)
    matrix = torch.zeros(maps, len(starts), channels, height, width)
    for place, (top, left) in enumerate(starts):
        for i in range(weight.shape[2]):
            for j in range(weight.shape[3]):
                if 0 <= top + i < height and 0 <= left + j < width:
                    matrix[:, place, :, top + i, left + j] = weight[:, :, i, j]
    product = matrix.reshape(maps * len(starts), -1) @ x.flatten()
    return product.reshape(maps, rows, columns) + bias[:, None, None]


def im2col_product(x, weight, bias, stride, padding):
    patches = torch.stack([w.flatten() for w in windows(x, weight, stride, padding)])
    rows, columns, _ = places(x, weight, stride, padding)
    product = patches @ weight.flatten(1).T + bias
    return product.T.reshape(-1, rows, columns)


def conv2d_module(x, weight, bias, stride, padding):
    layer = nn.Conv2d(x.shape[0], len(weight), tuple(weight.shape[2:]), stride, padding)
    with torch.no_grad():
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
        return layer(x[None])[0]


VIEWS = [sliding_window, tied_perceptron, toeplitz_matrix, im2col_product, conv2d_module]


@examples(500)
@given(layers())
def test_five_views_agree_exactly(layer):
    first, *others = [view(*layer) for view in VIEWS]
    for view, output in zip(VIEWS[1:], others, strict=True):
        assert output.shape == first.shape and torch.equal(output, first), view.__name__


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_gives_the_published_output(view):
    output = view(IMAGE[None], KERNEL[None, None], torch.zeros(1), 1, 0)[0]
    assert torch.equal(output, OUTPUT)


# --- The backward pass ---------------------------------------------------------------------------


def gradients_by_hand(x, weight, bias, stride, padding, upstream):
    """Every product of the forward pass once more: pixel * weight met the number `upstream`."""
    by_x, by_weight = torch.zeros_like(x), torch.zeros_like(weight)
    _, columns, starts = places(x, weight, stride, padding)
    for place, (top, left) in enumerate(starts):
        arrived = upstream[:, place // columns, place % columns]
        for i in range(weight.shape[2]):
            for j in range(weight.shape[3]):
                row, column = top + i, left + j
                if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                    by_weight[:, :, i, j] += arrived[:, None] * x[None, :, row, column]
                    by_x[:, row, column] += arrived @ weight[:, :, i, j]
    return by_x, by_weight, upstream.sum((1, 2))


@examples(150)
@given(layers(), seeds)
def test_gradients_by_hand_are_those_of_autograd(layer, seed):
    *tensors, stride, padding = layer
    generator = torch.Generator().manual_seed(seed)
    tensors = [
        torch.randn(t.shape, generator=generator, dtype=torch.float64, requires_grad=True)
        for t in tensors
    ]
    output = F.conv2d(tensors[0][None], *tensors[1:], stride=stride, padding=padding)[0]
    upstream = torch.randn(output.shape, generator=generator, dtype=torch.float64)
    output.backward(upstream)
    x, weight, bias = (t.detach() for t in tensors)
    ours = gradients_by_hand(x, weight, bias, stride, padding, upstream)
    for tensor, gradient in zip(tensors, ours, strict=True):
        assert (tensor.grad - gradient).abs().max() <= 1e-10


@examples(150)
@given(seeds, *[st.integers(2, 6)] * 2, small, small)
def test_the_two_correlations_of_the_notebook_are_those_gradients(seed, height, width, kh, kw):
    """Kernel: image with upstream. Image: padded upstream with the kernel turned around."""
    assume(kh <= height and kw <= width)
    generator = torch.Generator().manual_seed(seed)
    sizes = (height, width), (kh, kw), (height - kh + 1, width - kw + 1)
    image, kernel, upstream = (
        torch.randn(s, generator=generator, dtype=torch.float64) for s in sizes
    )
    image.requires_grad_()
    kernel.requires_grad_()
    F.conv2d(image[None, None], kernel[None, None])[0, 0].backward(upstream)
    by_kernel = conv2d(image.detach(), upstream)
    padded = F.pad(upstream, (kw - 1, kw - 1, kh - 1, kh - 1))
    by_image = conv2d(padded, kernel.detach().flip(0, 1))
    assert (kernel.grad - by_kernel).abs().max() <= 1e-10
    assert (image.grad - by_image).abs().max() <= 1e-10


@pytest.mark.parametrize("name", ["image", "kernel"])
def test_finite_differences_of_a_quadratic_loss_are_exact(name):
    """Central differences have no error of their own here, and halves of integers are exact."""
    tensors = {"image": IMAGE.double(), "kernel": KERNEL.double()}
    target = (conv2d(IMAGE, KERNEL) - UPSTREAM).double()

    def loss(index, step):
        moved = {key: value.clone() for key, value in tensors.items()}
        moved[name].view(-1)[index] += step
        return ((conv2d(moved["image"], moved["kernel"]) - target) ** 2).sum() / 2

    gradients = gradients_by_hand(IMAGE[None], KERNEL[None, None], None, 1, 0, UPSTREAM[None])
    gradient = dict(zip(["image", "kernel"], gradients, strict=False))[name].flatten()
    for index, expected in enumerate(gradient):
        assert loss(index, 0.5) - loss(index, -0.5) == expected


# --- The reference answers of the exercises ------------------------------------------------------


@examples(100)
@given(seeds, st.integers(3, 6), st.integers(3, 6), small, small)
def test_the_solutions_are_torch(seed, height, width, kh, kw):
    generator = torch.Generator().manual_seed(seed)
    sizes = (2, height, width), (kh, kw), (2, height - kh + 1, width - kw + 1)
    images, kernel, upstream = (
        torch.randint(-9, 10, s, generator=generator).float() for s in sizes
    )
    output = F.conv2d(images[:1], kernel[None, None])[0]
    matrix = SOLUTION["04.toeplitz"](kernel, height, width)
    assert torch.equal(matrix @ images[0].flatten(), output.flatten())
    patches = SOLUTION["04.im2col"](images[0], kh, kw)
    assert torch.equal(patches, F.unfold(images[:1, None], (kh, kw))[0].T)
    weight = kernel[None, None].clone().requires_grad_()
    F.conv2d(images[:, None], weight).backward(upstream[:, None])
    gradient = SOLUTION["04.kernel_gradient"](images, upstream)
    assert torch.equal(gradient, weight.grad[0, 0])
