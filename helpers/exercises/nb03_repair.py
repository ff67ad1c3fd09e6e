"""Exercises of notebook 03: four calls of a layer that torch refuses, to be repaired."""

import torch
from torch import nn
from torch.nn.utils import skip_init

from helpers.exercises import Exercise, Mistake


def _numbers(shape, low, high, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(low, high + 1, shape, generator=generator)


def whole_layer(channels, filters, kernel, seed):
    """A Conv2d of whole numbers; the global random stream is left alone."""
    conv = skip_init(nn.Conv2d, channels, filters, kernel).requires_grad_(False)
    conv.weight.copy_(_numbers(conv.weight.shape, -3, 3, seed))
    conv.bias.copy_(_numbers(conv.bias.shape, 1, 9, seed))
    return conv


def whole_pixels(*shape, seed):
    """Pixels that are whole numbers, as floats."""
    return _numbers(shape, 0, 9, seed).float()


def byte_pixels(*shape, highest=250, seed):
    """Pixels as they stand in a file."""
    return _numbers(shape, 0, highest, seed).to(torch.uint8)


def call_digit(digit, conv):
    """digit (H, W), conv nn.Conv2d(1, C_out, k) -> (1, C_out, H', W')."""
    return conv(digit[None, None])


def call_greys(greys, conv):
    """greys (N, H, W), conv nn.Conv2d(1, C_out, k) -> (N, C_out, H', W')."""
    return conv(greys[:, None])


def call_photo(photo, conv):
    """photo (H, W, 3) of floats, conv nn.Conv2d(3, C_out, k) -> (1, C_out, H', W')."""
    return conv(photo.permute(2, 0, 1)[None])


def call_bytes(pixels, conv):
    """pixels (N, C_in, H, W), uint8; conv nn.Conv2d(C_in, C_out, k) -> the output."""
    return conv(pixels / 255)


def _stub(signature, solution, broken):
    """Signature, docstring and broken call, with TODO in place of the rest."""
    return f'{signature}\n    """{solution.__doc__}"""\n    # broken: {broken}\n    return TODO'


def _tall_stack(greys, conv):
    return conv(greys.reshape(1, 1, -1, greys.shape[2]))


def _grey_photo(photo, conv):
    return conv(photo.mean(2).expand(1, 3, -1, -1))


DIGIT = Exercise(
    name="03.repair_digit",
    title="Repair a call: one digit",
    difficulty=1,
    minutes=2,
    stub=_stub("def call_digit(digit, conv):", call_digit, "return conv(digit)"),
    solution=call_digit,
    why="Each None in the brackets makes an axis of length 1: a batch of one picture, and one "
    "channel.",
    hints=(
        "Which two of the four axes N C H W does the digit have?",
        "An index of None makes a new axis: `digit[None]` has shape (1, H, W). One more is needed.",
    ),
    cases=(
        (whole_pixels(5, 6, seed=1), whole_layer(1, 2, 3, seed=2)),
        (whole_pixels(4, 4, seed=3), whole_layer(1, 4, 2, seed=4)),
        (whole_pixels(7, 3, seed=5), whole_layer(1, 3, (2, 3), seed=6)),
        (whole_pixels(3, 3, seed=7), whole_layer(1, 1, 1, seed=8)),
    ),
    mistakes=(
        Mistake(
            "unbatched",
            lambda digit, conv: conv(digit[None]),
            "It runs, but the batch is missing: torch took your new axis for the channel. "
            "A batch of one is still a batch.",
        ),
        Mistake(
            "filters-first",
            lambda digit, conv: conv(digit[None])[:, None],
            "The filters stand where the batch should be. Give the digit both axes before the "
            "call, then nothing need be moved after it.",
        ),
        Mistake(
            "transposed",
            lambda digit, conv: conv(digit.T[None, None]),
            "The axes are all there, but your digit lies on its side. Height and width stay "
            "as they are.",
        ),
    ),
)

GREYS = Exercise(
    name="03.repair_greys",
    title="Repair a call: a batch of grey pictures",
    difficulty=1,
    minutes=2,
    stub=_stub("def call_greys(greys, conv):", call_greys, "return conv(greys)"),
    solution=call_greys,
    why="The batch is there, the channel is missing, and its place is axis 1. "
    "`greys.unsqueeze(1)` does the same.",
    hints=(
        "Read three axes as torch does: C H W. What does it take your N pictures for?",
        "The new axis belongs between N and H: behind the first colon of the index.",
    ),
    cases=(
        (whole_pixels(3, 5, 6, seed=11), whole_layer(1, 2, 3, seed=12)),
        (whole_pixels(1, 4, 4, seed=13), whole_layer(1, 2, 2, seed=14)),
        (whole_pixels(2, 3, 7, seed=15), whole_layer(1, 2, (3, 2), seed=16)),
        (whole_pixels(4, 3, 3, seed=17), whole_layer(1, 3, 1, seed=18)),
    ),
    mistakes=(
        Mistake(
            "first-picture-only",
            lambda greys, conv: conv(greys[:1, None]),
            "The call runs because one picture is left. All N pictures should come out.",
        ),
        Mistake(
            "pictures-added",
            lambda greys, conv: conv(greys.sum(0)[None, None]),
            "You add up the pictures. They are samples, not channels: each gets an output of "
            "its own.",
        ),
        Mistake(
            "one-tall-picture",
            _tall_stack,
            "You glue the pictures into a single tall one. Windows then lie half on one picture "
            "and half on the next.",
        ),
        Mistake(
            "batch-and-filters-swapped",
            lambda greys, conv: conv(greys[:, None]).transpose(0, 1),
            "Pictures and filters have changed places. Axis 0 of the output is the batch.",
        ),
    ),
)

PHOTO = Exercise(
    name="03.repair_photo",
    title="Repair a call: a photograph",
    difficulty=2,
    minutes=2,
    stub=_stub("def call_photo(photo, conv):", call_photo, "return conv(photo)"),
    solution=call_photo,
    why="`permute` says for each new axis which old one it is: channels were axis 2, height 0, "
    "width 1. The numbers keep their meaning.",
    hints=(
        "Which axis of the photograph holds the channels, and where does torch look for them?",
        "`permute(a, b, c)` lists the old axes in their new order. `reshape` cuts the numbers "
        "anew and is no help.",
        "Don't forget the batch: the output has four axes.",
    ),
    cases=(
        (whole_pixels(4, 5, 3, seed=21), whole_layer(3, 2, 2, seed=22)),
        (whole_pixels(4, 4, 3, seed=23), whole_layer(3, 4, 3, seed=24)),
        (whole_pixels(3, 3, 3, seed=25), whole_layer(3, 2, 1, seed=26)),
        (whole_pixels(6, 3, 3, seed=27), whole_layer(3, 3, (3, 2), seed=28)),
    ),
    mistakes=(
        Mistake(
            "reshaped",
            lambda photo, conv: conv(photo.reshape(1, 3, *photo.shape[:2])),
            "The shape is right and the picture is lost: reshape deals the numbers out anew, so "
            "red, green and blue are mixed in every channel.",
        ),
        Mistake(
            "lies-on-its-side",
            lambda photo, conv: conv(photo.permute(2, 1, 0)[None]),
            "The channels are where they should be, but height and width have changed places. The "
            "photograph lies on its side.",
        ),
        Mistake(
            "unbatched",
            lambda photo, conv: conv(photo.permute(2, 0, 1)),
            "It runs, but the batch is missing. A batch of one is still a batch.",
        ),
        Mistake(
            "divided-again",
            lambda photo, conv: conv(photo.permute(2, 0, 1)[None] / 255),
            "The axes are right. But these pixels are floats already, and you divide them by 255 "
            "as if they were bytes.",
        ),
        Mistake(
            "colours-backwards",
            lambda photo, conv: conv(photo.permute(2, 0, 1).flip(0)[None]),
            "Red and blue have changed places. The channels keep their order.",
        ),
        Mistake(
            "made-grey",
            _grey_photo,
            "You make the photograph grey first. The colours are what the three channels are for.",
        ),
    ),
)

BYTES = Exercise(
    name="03.repair_bytes",
    title="Repair a call: bytes",
    difficulty=1,
    minutes=2,
    stub=_stub("def call_bytes(pixels, conv):", call_bytes, "return conv(pixels)"),
    solution=call_bytes,
    why="Dividing makes floats, as `pixels.float() / 255` says more plainly. Always 255, "
    "never the largest pixel of one batch: white must be 1 in every batch.",
    hints=(
        "Two things are wrong: what the numbers are, and how large they are. Only the first is "
        "in the message.",
        "`.float()` mends the message. A byte goes up to 255; the layer knows pixels up to 1.",
    ),
    cases=(
        (byte_pixels(2, 1, 4, 5, seed=31), whole_layer(1, 2, 2, seed=32)),
        (byte_pixels(1, 3, 4, 4, seed=33), whole_layer(3, 2, 3, seed=34)),
        (byte_pixels(2, 2, 3, 5, highest=90, seed=35), whole_layer(2, 3, (2, 3), seed=36)),
        (byte_pixels(3, 1, 3, 3, highest=200, seed=37), whole_layer(1, 2, 1, seed=38)),
    ),
    mistakes=(
        Mistake(
            "not-scaled",
            lambda pixels, conv: conv(pixels.float()),
            "It runs, and that is the danger: the layer gets pixels 255 times as large as those "
            "it has learned from.",
        ),
        Mistake(
            "divided-as-bytes",
            lambda pixels, conv: conv((pixels // 255).float()),
            "Divided as whole numbers, nearly every pixel becomes 0. Make floats of them first.",
        ),
        Mistake(
            "own-maximum",
            lambda pixels, conv: conv(pixels / pixels.max()),
            "You divide by the largest pixel of this batch, so that a dark batch becomes bright. "
            "White is 255 in every batch.",
        ),
        Mistake(
            "divided-by-256",
            lambda pixels, conv: conv(pixels / 256),
            "A byte has 256 values, but they are 0 to 255. With 256 white does not become 1.",
        ),
        Mistake(
            "output-divided",
            lambda pixels, conv: conv(pixels.float()) / 255,
            "You divide what comes out. That makes the bias smaller too; divide the pixels.",
        ),
        Mistake(
            "minus-one-to-one",
            lambda pixels, conv: conv(pixels / 127.5 - 1),
            "You stretch the pixels from -1 to 1. Some networks want that; this one has learned "
            "from pixels between 0 and 1.",
        ),
    ),
    rtol=1e-5,
)

REPAIR = (BYTES, PHOTO, DIGIT, GREYS)
