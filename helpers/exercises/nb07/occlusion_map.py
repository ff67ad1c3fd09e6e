"""07.occlusion_map: a patch walks over a digit, and the network is asked each time."""

import numpy as np
import torch
from torch import nn

from helpers.exercises import Exercise, slip, slips
from helpers.exercises.slips import grid


def occlusion_map(model, image, label, patch, stride, value=0.0):
    """Return the probability of class `label` with a patch in each place: (H', W').

    The patch, `patch` by `patch` pixels of `value`, lies wholly on the image (1, H, W)
    and moves by `stride`. The model, in eval mode, takes (N, 1, H, W) and gives logits;
    it and the image stay as they are.
    """
    rows = (image.shape[1] - patch) // stride + 1
    columns = (image.shape[2] - patch) // stride + 1
    probabilities = torch.zeros(rows, columns)
    for row in range(rows):
        for column in range(columns):
            covered = image.clone()
            top, left = row * stride, column * stride
            covered[0, top : top + patch, left : left + patch] = value
            with torch.no_grad():
                logits = model(covered[None])[0]
            probabilities[row, column] = logits.softmax(dim=0)[label]
    return probabilities


def _painted(covered, window, value):
    covered[window] = value


def _probability(logits, label, before):
    return logits.softmax(1)[:, label]


def cover(
    model, image, label, patch, stride, value=0.0, *,
    paint=_painted, fresh=True, says=_probability, **places,
):  # fmt: skip
    """says(logits (places, classes), label, logits of the whole image) where paint() covered."""
    pixels = np.asarray(image, dtype=np.float32)[0]
    _, shape, windows = grid(pixels.shape, (patch, patch), stride, 0, **places)
    covered, pictures = pixels.copy(), []
    for _, _, window in windows:
        covered = pixels.copy() if fresh else covered.copy()
        paint(covered, window, value)
        pictures.append(covered)
    with torch.no_grad():
        whole = model(torch.as_tensor(image)[None])[0]
        numbers = says(model(torch.tensor(np.stack(pictures))[:, None]), label, whole)
    output = np.zeros(shape)
    for (row, column, _), number in zip(windows, numbers, strict=True):
        output[row, column] = float(number)
    return output


def _case(seed, height, width, label, patch, stride, *value):
    """A model that looks at every pixel in another way, and is sure of nothing."""
    draw = torch.Generator().manual_seed(seed)
    image = torch.randint(0, 5, (1, height, width), generator=draw).float() / 4
    model = nn.Sequential(nn.Flatten(), nn.Linear(height * width, 3))
    for parameter in model.requires_grad_(False).parameters():
        parameter.copy_(torch.randint(-6, 7, parameter.shape, generator=draw).float() / 12)
    return model.eval(), image, label, patch, stride, *value


def _of_largest(logits, label, before):
    return logits.softmax(1).max(1).values


def _drop(logits, label, before):
    return before.softmax(0)[label] - logits.softmax(1)[:, label]


def _everything_else(covered, window, value):
    kept = covered[window].copy()
    covered[:] = value
    covered[window] = kept


def _column_strip(covered, window, value):
    covered[:, window[1]] = value


def _row_strip(covered, window, value):
    covered[window[0]] = value


def _added(covered, window, value):
    covered[window] += value


def _zeros(covered, window, value):
    covered[window] = 0


_RAW = "Make probabilities of the logits first: `softmax` over the classes."
_TOO_MANY = (
    "Your map has too many numbers: the patch would stick out over the edge. It lies wholly on the "
    "image, as a kernel without padding: (n - patch) // stride + 1 places along a side of n."
)
_LABEL = "The same class is asked for in every place, the one that `label` names."

# fmt: off
COVERED = (
    slip("never-uncovered", "Your patches stay where they were: each picture is covered by all "
        "patches before it, too. Start every time from a copy of the image (`clone`).",
        fresh=False),
    slip("everything-else", "You cover everything but the patch. The patch is what is hidden.",
        paint=_everything_else),
    slip("value-ignored", "You cover with 0, whatever `value` says.", paint=_zeros),
    slip("value-added", "You add `value` to the pixels below the patch. The patch hides them: set "
        "them to it.", paint=_added),
    slip("strip-of-rows", "You cover whole rows: the columns are missing in the slice.",
        paint=_row_strip),
    slip("strip-of-columns", "You cover whole columns: the rows are missing in the slice.",
        paint=_column_strip),
    slip("row-of-the-patch", "You cover one row of the patch. The slice of rows reaches from `top` "
        "to `top + patch`.", reach=lambda size: (1, size[1])),
    slip("one-pixel", "You cover a single pixel, not a patch.", reach=lambda size: (1, 1)),
    slip("patch-one-larger", "Your patch is one row and one column too large. A slice stops before "
        "its end.", reach=lambda size: (size[0] + 1, size[1] + 1)),
    slip("patch-one-smaller", "Your patch is one row and one column too small. A slice already "
        "stops before its end.", reach=lambda size: (size[0] - 1, size[1] - 1)),
    slip("never-covered", "Every number is the same: the model sees the image as it is. Give it "
        "the covered copy.", paint=lambda covered, window, value: None),
)

ASKED = (
    slip("largest-probability", "That is the probability of whatever the network holds for most "
        f"likely. {_LABEL}", says=_of_largest),
    slip("logit", f"That is the logit of the class. {_RAW}",
        says=lambda logits, label, before: logits[:, label]),
    slip("log-probability", "These are logarithms of probabilities. The probability itself is "
        "asked for: `softmax`, not `log_softmax`.",
        says=lambda logits, label, before: logits.log_softmax(1)[:, label]),
    slip("sigmoid", "You squeeze the class's own logit between 0 and 1. The ten classes share one "
        "probability of 1 among them: `softmax` over all logits.",
        says=lambda logits, label, before: logits[:, label].sigmoid()),
    slip("drop", "That is by how much the probability falls. Here the probability itself is asked "
        "for, so small numbers mark what matters.", says=_drop),
    slip("rise", "That is by how much the probability rises. The probability itself is asked for.",
        says=lambda logits, label, before: -_drop(logits, label, before)),
    slip("one-minus", "That is the probability of all other classes together.",
        says=lambda logits, label, before: 1 - _probability(logits, label, before)),
    slip("softmax-over-places", "Your numbers share one probability of 1 among the places: the "
        "softmax runs along the batch. Axis 1 of (N, classes) holds the classes.",
        says=lambda logits, label, before: logits.softmax(0)[:, label]),
    slip("softmax-of-one", "1 comes out everywhere: the softmax runs along an axis of length 1, "
        "the batch. Axis 1 of (1, classes) holds the classes.",
        says=lambda logits, label, before: torch.ones(len(logits))),
    slip("first-class", f"That is the probability of class 0. {_LABEL}",
        says=lambda logits, label, before: logits.softmax(1)[:, 0]),
    slip("class-number", "Class numbers came out, which the network predicts. The probability of "
        "`label` is asked for.", says=lambda logits, label, before: logits.argmax(1)),
    slip("yes-or-no", "You say whether the prediction is still right. The probability says it "
        "finer.", says=lambda logits, label, before: logits.argmax(1) == label),
)

PLACES = (
    *slips.STRIDE,
    *slips.named(slips.WINDOW, "column-does-not-move", "row-does-not-move",
        "row-and-column-exchanged", "window-begins-late", "square-image"),
    slip("axes-swapped", "Height and width are swapped in the count. The image is (1, H, W): rows "
        "come from axis 1, columns from axis 2.",
        counts=lambda g: slips.legal(g)[::-1]),
    *slips.named(slips.FILL, "last-row-and-column-missing", "last-row-missing",
        "last-column-missing", "loops-end-early", "last-number-everywhere",
        "returned-in-the-inner-loop", "returned-in-the-outer-loop", "output-transposed"),
    *slips.named(slips.LOOPS, "filled-column-by-column"),
    slip("one-forgotten", "The last place is missing where the patch would just fit. A range stops "
        "before its end: `range(0, n - patch + 1, stride)`.",
        counts=lambda g: [-((k - n) // g.stride) for n, k in zip(g.padded, g.size, strict=True)]),
    slip("every-pixel", _TOO_MANY, counts=lambda g: g.padded),
    slip("every-step", _TOO_MANY,
        counts=lambda g: [n // s for n, s in zip(g.padded, g.steps, strict=True)]),
    slip("every-step-begun", _TOO_MANY,
        counts=lambda g: [-(-n // s) for n, s in zip(g.padded, g.steps, strict=True)]),
    slip("end-does-not-move", "The end of your slice stays where it is, so that the patch shrinks "
        "as it moves. It ends at top + patch, left + patch.", stop=lambda begin, length: length),
    slip("side-by-side", "Your patches lie side by side. They move by `stride`, which may be less "
        "or more than their size.", steps=lambda stride, size: size),
)
# fmt: on

EXERCISE = Exercise(
    name="07.occlusion_map",
    title="What must not be covered",
    difficulty=3,
    minutes=8,
    solution=occlusion_map,
    walk=cover,
    why="The patch has as many places as a kernel of its size without padding. Each number is the "
    "network's answer to a picture of its own, so the cover comes off before the next one goes on.",
    hints=(
        "How many places has a patch of 4 pixels that moves by 2 along a side of 28? It is the "
        "formula of notebook 02, without padding.",
        "Two loops over the places. In each, take a fresh copy, `image.clone()`, and set the "
        "pixels of rows `top` to `top + patch` and columns `left` to `left + patch` to `value`.",
        "`model` wants a batch: `covered[None]` is (1, 1, H, W), and `[0]` takes the only row of "
        "the logits. Of its softmax you want the entry `label`.",
        "In the inner loop: `covered = image.clone()`, `top, left = row * stride, column * "
        "stride`, `covered[0, top : top + patch, left : left + patch] = value`, `logits = "
        "model(covered[None])[0]`. One line is left: it writes `logits.softmax(dim=0)[label]` into "
        "its cell.",
    ),
    cases=(
        _case(0, 5, 7, 1, 2, 1),
        _case(1, 7, 6, 2, 3, 2, 0.5),
        _case(2, 6, 9, 0, 2, 3, 1.0),
        _case(3, 8, 5, 2, 3, 1, 0.25),
        _case(4, 4, 4, 1, 1, 1, 0.75),
        _case(5, 9, 6, 0, 4, 2, 2.0),
    ),
    slips=(*COVERED, *ASKED, *PLACES),
    rtol=1e-4,
)
