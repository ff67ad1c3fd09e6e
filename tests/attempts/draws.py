"""Random arguments for the exercises whose answers are functions: DRAW[name](rng) -> arguments."""

import torch

from helpers.exercises.nb03.calls import byte_pixels, whole_layer, whole_pixels


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
}
