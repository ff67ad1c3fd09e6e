"""Random arguments for the exercises whose answers are functions: DRAW[name](rng) -> arguments."""

import torch

from helpers.exercises.nb03.calls import byte_pixels, whole_layer, whole_pixels
from helpers.exercises.nb07 import occlusion_map, scale_bug
from helpers.exercises.nb08 import batch_norm


def _whole(rng, *shape, low=-6, high=9):
    generator = torch.Generator().manual_seed(rng.randrange(2**32))
    return torch.randint(low, high + 1, shape, generator=generator).float()


def _pair(rng):
    kernel = _whole(rng, rng.randint(1, 4), rng.randint(1, 4))
    height, width = (k + rng.randint(0, 6) for k in kernel.shape)
    return _whole(rng, height, width), kernel


def _lesson(rng):
    image = 2 * _whole(rng, rng.randint(14, 18), rng.randint(14, 18), low=0, high=1) - 1
    kernel = _whole(rng, 3, 3, low=-3, high=3)
    return image, torch.nn.functional.conv2d(image[None, None], kernel[None, None])[0, 0]


def _size(rng):
    kernel, dilation, padding = rng.randint(1, 5), rng.randint(1, 3), rng.randint(0, 3)
    shortest = max(1, dilation * (kernel - 1) + 1 - 2 * padding)
    return rng.randint(shortest, shortest + 30), kernel, rng.randint(1, 4), padding, dilation


def _strided(rng):
    kernel = _whole(rng, rng.randint(1, 3), rng.randint(1, 3))
    image = _whole(rng, rng.randint(3, 8), rng.randint(3, 8))
    return image, kernel, rng.randint(1, 3), rng.randint(0, 2), rng.randint(-3, 3)


def _layers(rng):
    strides = [rng.randint(1, 3) for _ in range(rng.randint(1, 4))]
    return ([(rng.randint(stride, stride + 3), stride) for stride in strides],)


def _nchw(rng):
    channels, filters = rng.randint(1, 3), rng.randint(1, 3)
    weight = _whole(rng, filters, channels, rng.randint(1, 3), rng.randint(1, 3))
    x = _whole(rng, rng.randint(1, 3), channels, rng.randint(3, 5), rng.randint(3, 5))
    bias = _whole(rng, filters) if rng.random() < 0.7 else None
    return x, weight, bias, rng.randint(1, 3), rng.randint(0, 2)


def _call(channels, pixels):
    """A picture or a batch, made by pixels(rng, height, width), and a layer for it."""

    def draw(rng):
        layer = whole_layer(
            channels, rng.randint(1, 4), (rng.randint(1, 3), rng.randint(1, 3)), rng.randrange(999)
        )
        return pixels(rng, rng.randint(3, 6), rng.randint(3, 6)), layer

    return draw


def _gradient(rng):
    count, height, width = rng.randint(1, 3), rng.randint(3, 6), rng.randint(3, 6)
    upstream = _whole(rng, count, rng.randint(1, height), rng.randint(1, width))
    return _whole(rng, count, height, width), upstream


def _pool(rng):
    kernel = rng.randint(1, 4)
    image = _whole(rng, rng.randint(kernel, 9), rng.randint(kernel, 9))
    return image, kernel, rng.choice((None, 1, 2, 3)), rng.randint(0, kernel // 2)


def _batches(rng):
    classes, sizes = rng.randint(2, 6), [rng.randint(1, 6) for _ in range(rng.randint(1, 4))]
    logits = [
        torch.tensor([rng.sample(range(-9, 10), classes) for _ in range(n)]).float() for n in sizes
    ]
    return logits, [torch.tensor([rng.randrange(classes) for _ in range(n)]) for n in sizes]


def _pairs(rng):
    classes, number = rng.randint(2, 6), rng.randint(1, 20)
    labels, said = (_whole(rng, number, low=0, high=classes - 1).long() for _ in "ab")
    return labels, said, classes


def _cover(rng):
    height, width, patch = rng.randint(4, 8), rng.randint(4, 8), rng.randint(1, 4)
    case = rng.randrange(999), height, width, rng.randrange(3), patch, rng.randint(1, 3)
    return occlusion_map._case(*case, rng.choice((0.25, 0.5, 1.0)))


def _digit(rng):
    """No ink leaves, and the way is never half a pixel, which may be rounded up or down."""
    image = torch.zeros(rng.randint(9, 16), rng.randint(9, 16))
    top, left = rng.randint(0, len(image) - 4), rng.randint(0, image.shape[1] - 4)
    image[top : top + 4, left : left + 4] = _whole(rng, 4, 4, low=-6, high=4).clamp(min=0)
    places, weights = image.nonzero().double(), image[image > 0].double()
    ways = (places * weights[:, None]).sum(0) / max(weights.sum(), 1)
    return (image,) if ((ways % 1 - 0.5).abs() > 0.01).all() else _digit(rng)


def _normalise(rng):
    shape = [rng.randint(low, 4) for low in (1, 1, 2, 2)]
    training, momentum = rng.random() < 0.6, rng.choice((0.1, 0.25, 0.5))
    return batch_norm._case(shape, rng.randrange(999), training, momentum, rng.choice((1e-5, 1.0)))


DRAW = {
    "01.conv2d": _pair,
    "01.true_convolution": _pair,
    "01.learn_kernel": _lesson,
    "02.output_size": _size,
    "02.conv2d": _strided,
    "02.same_padding": lambda rng: (2 * rng.randint(0, 6) + 1, rng.randint(1, 4)),
    "02.receptive_field": _layers,
    "03.conv2d_nchw": _nchw,
    "03.repair_digit": _call(1, lambda rng, h, w: whole_pixels(h, w, seed=rng.randrange(999))),
    "03.repair_greys": _call(1, lambda rng, h, w: whole_pixels(3, h, w, seed=rng.randrange(999))),
    "03.repair_photo": _call(3, lambda rng, h, w: whole_pixels(h, w, 3, seed=rng.randrange(999))),
    "03.repair_bytes": _call(2, lambda rng, h, w: byte_pixels(3, 2, h, w, seed=rng.randrange(999))),
    "04.toeplitz": lambda rng: (
        _whole(rng, rng.randint(1, 3), rng.randint(1, 3)),
        rng.randint(3, 6),
        rng.randint(3, 6),
    ),
    "04.im2col": lambda rng: (
        _whole(rng, rng.randint(3, 7), rng.randint(3, 7)),
        rng.randint(1, 3),
        rng.randint(1, 3),
    ),
    "04.kernel_gradient": _gradient,
    "05.max_pool2d": _pool,
    "05.avg_pool2d": lambda rng: (*_pool(rng), rng.random() < 0.5),
    "06.train_step": lambda rng: (rng.randrange(1000), rng.randint(1, 9), rng.randint(2, 6)),
    "06.accuracy": _batches,
    "07.scale_bug": lambda rng: scale_bug._case(
        rng.randrange(999), rng.choice((1, 255)), rng.choice((1, 255))
    ),
    "07.confusion_matrix": _pairs,
    "07.occlusion_map": _cover,
    "07.centre_digit": _digit,
    "08.batch_norm": _normalise,
}
