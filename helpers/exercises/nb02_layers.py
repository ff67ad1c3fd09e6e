"""What learners get wrong about layers and stacks of layers in notebook 02, as functions."""

import math

from helpers.exercises import Mistake


def _own_stride_first(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        field += (kernel - 1) * jump
    return field


def _only_last_stride(layers):
    field, before = 1, 1
    for kernel, stride in layers:
        field, before = field + (kernel - 1) * before, stride
    return field


def _strides_added(layers):
    field, jump = 1, 1
    for kernel, stride in layers:
        field, jump = field + (kernel - 1) * jump, jump + stride - 1
    return field


def _whole_kernels(layers):
    field, jump = 0, 1
    for kernel, stride in layers:
        field, jump = field + kernel * jump, jump * stride
    return field


def _right(layers):
    field = 1
    for kernel, stride in reversed(layers):
        field = (field - 1) * stride + kernel
    return field


RECEPTIVE_FIELD = (
    Mistake(
        "sum-of-kernels",
        lambda layers: sum(kernel for kernel, _ in layers),
        "You add whole kernels. The windows of neighbouring outputs overlap: each layer adds "
        "only what it reads beyond its first pixel.",
    ),
    Mistake(
        "product-of-kernels",
        lambda layers: math.prod(kernel for kernel, _ in layers),
        "You multiply the kernels, as if windows never overlapped. Two layers of 3 with stride "
        "1 see five pixels, not nine.",
    ),
    Mistake(
        "strides-ignored",
        lambda layers: 1 + sum(kernel - 1 for kernel, _ in layers),
        "Right while every stride is 1. Behind a stride of 2, neighbours in the feature map "
        "lie two pixels apart in the image.",
    ),
    Mistake(
        "own-stride-first",
        _own_stride_first,
        "A layer's own stride spreads its outputs, not the pixels that one output reads. Only "
        "the strides of the layers before it count.",
    ),
    Mistake(
        "only-own-stride",
        lambda layers: 1 + sum((kernel - 1) * stride for kernel, stride in layers),
        "A layer's own stride spreads its outputs, not the pixels that one output reads. Use "
        "the strides of the layers before it, multiplied.",
    ),
    Mistake(
        "only-last-stride",
        _only_last_stride,
        "You use the stride of one layer. Two layers of stride 2 put neighbours four pixels "
        "apart: all strides so far multiply.",
    ),
    Mistake(
        "strides-added",
        _strides_added,
        "Steps within steps multiply. After strides 3 and 2, how many pixels lie between two "
        "neighbours?",
    ),
    Mistake(
        "whole-kernels",
        _whole_kernels,
        "You spread all pixels of each kernel. The first of them lies on what has been seen "
        "already, so a kernel of 3 adds two steps.",
    ),
    Mistake(
        "backwards",
        lambda layers: _right(layers[::-1]),
        "The layers are taken in the wrong order. Going back from one output to the image, "
        "the last layer comes first.",
    ),
    Mistake(
        "one-missing",
        lambda layers: _right(layers) - 1,
        "You count steps between pixels. A field of three pixels has two steps: the first "
        "pixel counts too.",
    ),
)


WANTED = {
    "32 -> 28": ((32, 28),),
    "227 -> 55": ((227, 55),),
    "28 -> 14 and 7 -> 4": ((28, 14), (7, 4)),
}


def judge_settings(settings):
    """None where every setting is right; else the key of a mistake or a sentence."""
    if not isinstance(settings, dict) or settings.keys() != WANTED.keys():
        return f"Keep the dictionary with its keys {', '.join(map(repr, WANTED))}."
    for name, sizes in WANTED.items():
        setting = settings[name]
        if not isinstance(setting, tuple | list) or len(setting) != 3:
            return f"{name}: give three numbers (kernel, stride, padding); got {setting!r}."
        if not all(type(number) is int for number in setting):
            return f"{name}: whole numbers only; got {tuple(setting)}."
        if min(setting[:2]) < 1 or setting[2] < 0:
            return f"{name}: kernel and stride are at least 1, padding at least 0."
        if slip := _wrong_size(sizes, *setting) or _unfair(sizes, *setting):
            return f"{slip}, {name}" if (slip, name) in _EXAMPLES else f"{name}: {_WORDS[slip]}"
        if not _comes_out(sizes, *setting):
            return _what_comes(name, sizes[0][0], *setting)
    return None


def _rooms(sizes, kernel, padding):
    """What is left behind the first window, and the size wanted, for every input."""
    return [(n + 2 * padding - kernel, wanted) for n, wanted in sizes]


def _comes_out(sizes, kernel, stride, padding):
    rooms = _rooms(sizes, kernel, padding)
    return all(room >= 0 and room // stride + 1 == wanted for room, wanted in rooms)


def _what_comes(name, n, kernel, stride, padding):
    """The sentence for a size that no known slip explains."""
    room = n + 2 * padding - kernel
    came = f"gives {room // stride + 1}" if room >= 0 else "does not fit at all"
    return f"{name}: kernel {kernel}, stride {stride}, padding {padding} on {n} {came}."


def _wrong_size(sizes, kernel, stride, padding):
    """The slip behind sizes that do not come out, or None."""
    if _comes_out(sizes, kernel, stride, padding):
        return None
    if _comes_out(sizes[:1], kernel, stride, padding):
        return "one-size-only"
    rooms = _rooms(sizes, kernel, padding)
    if padding and all((r - padding) // stride + 1 == wanted for r, wanted in rooms):
        return "padding-total"
    if all(-(-room // stride) + 1 == wanted for room, wanted in rooms):
        return "rounded-up"
    return None


def _unfair(sizes, kernel, stride, padding):
    """The rule that a setting with right sizes breaks, or None."""
    if not _comes_out(sizes, kernel, stride, padding):
        return None
    if stride > kernel:
        return "pixels-skipped"
    if padding >= kernel:
        return "padding-alone"
    if any(room % stride > padding for room, _ in _rooms(sizes, kernel, padding)):
        return "end-unread"
    return None


_WORDS = {
    "padding-total": "the sizes come out if padding is the total of both ends. Here it is per "
    "side, as in torch.",
    "rounded-up": "the sizes come out if a half-filled last window counts. It does not: round "
    "down.",
    "one-size-only": "right for 28, but the same setting must also turn 7 into 4. An odd length "
    "needs an odd kernel here: try one.",
    "pixels-skipped": "the size is right, but the stride is larger than the kernel: between two "
    "windows lie pixels that no window reads.",
    "end-unread": "the size is right, but the last pixels of the input are never read. The floor "
    "threw them away: choose a kernel that uses them up.",
    "padding-alone": "the size is right, but there is so much padding that whole windows lie in "
    "it and see nothing of the input.",
}
_FIRST, _SECOND, _THIRD = WANTED
_EXAMPLES = {
    ("padding-total", _FIRST): (7, 1, 2),
    ("padding-total", _SECOND): (11, 4, 2),
    ("padding-total", _THIRD): (3, 2, 2),
    ("rounded-up", _FIRST): (1, 2, 11),
    ("rounded-up", _SECOND): (12, 4, 0),
    ("one-size-only", _THIRD): (2, 2, 0),
    ("pixels-skipped", _FIRST): (1, 2, 12),
    ("pixels-skipped", _SECOND): (1, 5, 22),
    ("pixels-skipped", _THIRD): (1, 2, 0),
    ("end-unread", _SECOND): (8, 4, 0),
    ("padding-alone", _FIRST): (2, 2, 12),
    ("padding-alone", _SECOND): (5, 5, 24),
}
_RIGHT = {_FIRST: (5, 1, 0), _SECOND: (11, 4, 0), _THIRD: (3, 2, 1)}


def _with(name, setting):
    """A wrong answer to the solve exercise, without arguments: one line of it is wrong."""
    return lambda: _RIGHT | {name: setting}


SOLVE = tuple(
    Mistake(f"{slip}, {name}", _with(name, setting), f"{name}: {_WORDS[slip]}")
    for (slip, name), setting in _EXAMPLES.items()
)
