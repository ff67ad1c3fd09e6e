"""01.diagonal_kernel: nine weights for one stroke of an X; many are right, so they are judged."""

import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, slip

FALLING = F.pad(torch.eye(7), (1, 1, 1, 1))
RISING = FALLING.flip(1)
WHITE = torch.ones(9, 9)
ROUNDING = 1e-4  # for weights such as 1/3, and for exactly 2 to 1


def _answers(kernel):
    """Largest amount on white, middle and largest number on the falling, then the rising stroke."""

    def on(picture):
        return F.conv2d(picture.double()[None, None], kernel[None, None])[0, 0]

    falling, rising = on(FALLING), on(RISING)
    strokes = [(answer[3, 3].item(), answer.max().item()) for answer in (falling, rising)]
    return on(WHITE).abs().max().item(), *strokes


def _wanted(middle, other):
    return middle > 0 and middle * (1 + ROUNDING) >= 2 * other


def judge(kernel):
    """None where a kernel answers to the falling stroke only; else a key or what is wrong."""
    if tuple(kernel.shape) != (3, 3):
        text = f"Your kernel has shape {tuple(kernel.shape)}; it must be (3, 3)."
        return text if abs(kernel.sum()) <= ROUNDING else f"{text} {_WHITE}"
    kernel = kernel.double() / kernel.abs().max().clamp(min=1e-30)
    if not torch.isfinite(kernel).all():
        return "Your kernel holds nan or inf."
    if not kernel.any():
        return "no-weights"
    white, falling, rising = _answers(kernel)
    stroke = _stroke(kernel, falling, rising)
    if white <= ROUNDING or stroke is None:
        return stroke if white <= ROUNDING else "answers-to-white"
    words = {one.key: one.message for one in SLIPS}
    return f"{words.get(stroke, stroke)} {_WHITE}"


def _stroke(kernel, falling, rising):
    """What is wrong with the answers to the two strokes, white apart; None for nothing."""
    (middle, largest), (other_middle, other) = falling, rising
    if _wanted(middle, other):
        return None
    if _wanted(other_middle, largest):
        return "other-diagonal"
    _, (minus, _), (_, minus_other) = _answers(-kernel)
    if _wanted(minus, minus_other):
        return "negative"
    if middle <= ROUNDING:
        return "nothing-on-the-stroke"
    if middle <= other * 1.01:
        return "answers-to-both"
    return (
        f"On the middle of your stroke it answers {middle / other:.2f} times as much as on the "
        "other stroke, which is less than twice. The rising stroke meets some of your weights one "
        "at a time: spread the positive ones over the three pixels of the diagonal."
    )


def _kernel(*rows):
    return lambda: torch.tensor(rows, dtype=torch.float32)


_WHITE = "And its weights do not add up to 0, so that it answers to white."

# fmt: off
SLIPS = (
    slip("no-weights", "Nine zeros answer to nothing at all.",
        _kernel([0, 0, 0], [0, 0, 0], [0, 0, 0])),
    slip("other-diagonal", "Your kernel answers to the rising stroke. The falling one runs from "
        "top left to bottom right.", _kernel([-1, -1, 2], [-1, 2, -1], [2, -1, -1])),
    slip("answers-to-white", "Your kernel answers to white paper as well: its weights do not add "
        "up to 0. It asks how bright the window is, not only which way a stroke runs.",
        _kernel([1, 0, 0], [0, 1, 0], [0, 0, 1])),
    slip("negative", "Your kernel finds the stroke, but says so with its most negative number. "
        "Change the sign of all nine weights.", _kernel([-2, 1, 1], [1, -2, 1], [1, 1, -2])),
    slip("nothing-on-the-stroke", "In the middle of the stroke no positive number comes out, "
        "whatever comes out at its ends or beside it. There the three weights of the diagonal lie "
        "on the stroke: together they must be positive.",
        _kernel([1, 0, 0], [0, 1, 0], [0, 0, -2])),
    slip("answers-to-both", "Your kernel answers to both strokes, and to yours no more than to the "
        "other. Which pixels of a window are bright on one stroke and dark on the other? Those "
        "must get weights of different sign.",
        _kernel([-1, -1, -1], [-1, 8, -1], [-1, -1, -1])),
)
# fmt: on

EXERCISE = Exercise(
    name="01.diagonal_kernel",
    title="A kernel for one stroke of an X",
    difficulty=2,
    minutes=5,
    stub="""
# nine weights, as torch.tensor([[...], [...], [...]]):
# they must answer in the middle of the stroke
diagonal_kernel = TODO
""",
    solution="""
diagonal_kernel = torch.tensor([[2.0, -1, -1],
                                [-1, 2, -1],
                                [-1, -1, 2]])
""",
    why="It answers to the way a stroke runs and not to brightness, since its weights add up to 0. "
    "The plainest such kernel has 2 on the diagonal and -1 beside it: along its own stroke it "
    "collects 2 + 2 + 2; of the other one it meets a single pixel under a 2, or a 2 that two times "
    "-1 take back.",
    hints=(
        "A window answers most where large weights lie on bright pixels. So where must the large "
        "weights lie?",
        "1s along the diagonal from top left to bottom right give 3 on your stroke. But white "
        "gives 3 too. Where do the negative weights go, and how large are they, if all nine are "
        "to add up to 0?",
        "Three positive weights on the diagonal and six equal negative ones beside it: if the "
        "three are 2 each, the six must make -6 together.",
    ),
    accepts=judge,
    slips=SLIPS,
)
