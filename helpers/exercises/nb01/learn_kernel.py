"""01.learn_kernel: gradient descent on nine weights, and the ways in which it fails."""

import torch
from torch.nn import functional as F

from helpers.example import KERNEL
from helpers.exercises import Exercise, slip


def learn_kernel(image, output):
    """Find the 3x3 kernel that made output from image, in 30 steps down the loss."""
    guess = torch.zeros(3, 3, requires_grad=True)
    for _ in range(30):
        made = F.conv2d(image[None, None], guess[None, None])[0, 0]
        loss = ((made - output) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            guess -= 0.3 * guess.grad
        guess.grad = None
    return guess.detach()


def mean_square(errors):
    """What the loss says about each error: its own slope, for the mean of the squares."""
    return 2 * errors / len(errors)


def descend(
    image,
    output,
    *,
    steps=30,
    rate=0.3,
    slope=mean_square,
    forget=True,
    fresh=True,
    turn=False,
    give=lambda guess, gradient: guess,
):
    """`learn_kernel` with the gradient written out; `give` chooses what comes back.

    slope(errors): of the loss. forget: the old gradient. fresh: a new one at each step. turn: the
    kernel, as in a true convolution.
    """
    windows = F.unfold(image[None, None], 3)[0].T
    windows, wanted = windows.flip(1) if turn else windows, output.flatten()
    guess, gradient = torch.zeros(9), torch.zeros(9)
    for step in range(steps):
        if fresh or step == 0:
            new = windows.T @ slope(windows @ guess - wanted)
            gradient = new if forget else gradient + new
        guess = guess - rate * gradient
    return give(guess.reshape(3, 3), gradient.reshape(3, 3))


def lesson(height, width, seed, kernel):
    """A picture of 1 and -1 in no order, and what a kernel makes of it."""
    mixed = torch.Generator().manual_seed(seed)
    image = 2.0 * torch.randint(2, (height, width), generator=mixed) - 1
    return image, F.conv2d(image[None, None], torch.tensor(kernel)[None, None])[0, 0]


def _raising(error):
    def wrong(image, output):
        raise error("as the answer")

    return wrong


_SHORT = (
    "The guess is on its way and not there yet: too few steps, or too short ones. Thirty steps of "
    "0.3 times the gradient are enough; as long as the loss falls, go on."
)

# fmt: off
SLIPS = (
    slip("no-step", "All nine numbers are 0, or as good as 0. So is a guess that never moves (the "
        "gradient is unused, or emptied before the step), and so is the gradient itself at the "
        "end, where the loss is flat: give back `guess`, after steps of 0.3 times its gradient.",
        steps=0),
    slip("none", "None came out. Either the `return` is missing, or it gives `guess.grad`, which "
        "is None once the old gradient is forgotten: the kernel is in `guess`.",
        wrong=lambda image, output: None),
    slip("gradient-is-none", "If the error speaks of `NoneType`: `guess.grad` is None, since "
        "`guess = guess - ...` makes a new tensor that has none, or since `backward` was not "
        "called. Change the guess itself, with `-=` under `torch.no_grad()`.",
        wrong=_raising(TypeError)),
    slip("torch-refuses", "What torch may say, in other words. With `a leaf Variable that "
        "requires grad` the step changes the guess itself, and that is allowed under `with "
        "torch.no_grad():` only. With `does not require grad` the first guess lacks "
        "`requires_grad=True`, or the step `guess = guess - ...` made a new tensor without it: "
        "write `guess -= ...`. With `a second time` the loss belongs inside the loop.",
        wrong=_raising(RuntimeError)),
    slip("one-step", "That is the guess after one step. Does the return stand inside the loop, or "
        "the first guess of zeros? Repeat the step, with a new loss and a new gradient each time.",
        steps=1),
    *(slip(f"{n}-steps", _SHORT, steps=n) for n in (3, 5, 10)),
    *(slip(f"steps-of-{rate}", _SHORT, rate=rate) for rate in (0.003, 0.01, 0.03, 0.1)),
    slip("one-gradient", "The first gradient is used at every step. The slope changes where the "
        "guess does: make loss and gradient anew inside the loop.", fresh=False),
    slip("gradient-given-back", "That is the gradient at the guess of zeros, and not a kernel. The "
        "gradient says which way is up; subtract 0.3 of it from the guess, thirty times, and give "
        "back the guess.", steps=1, give=lambda guess, gradient: gradient),
    slip("loss-given-back", "One number near 0 came out: is it the loss? Give back the kernel, "
        "which is `guess`.", give=lambda guess, gradient: 0.0),
    slip("summed", "The numbers have overflowed, as they do when steps are far too long and each "
        "lands higher than the last. Is your loss the mean of the squared differences, or their "
        "sum, which is more than a hundred times as large?", slope=lambda errors: 2 * errors),
    slip("uphill", "The weights grow without end. The gradient points to where the loss gets "
        "larger; walk against it.", rate=-0.3),
    slip("step-too-long", "The weights grow and change sign at every step: each step jumps over "
        "the valley and lands higher. Subtract only a part of the gradient; 0.3 of it is short "
        "enough.", rate=1.0),
    slip("gradient-not-forgotten", "The guess swings to and fro and never settles: backward adds "
        "each new gradient to the old ones. Set `guess.grad = None` after every step.",
        forget=False),
    slip("not-squared", "Without the square, a loss far below zero counts as a good one: too small "
        "is rewarded without end. Square the differences before you average them.",
        slope=lambda errors: torch.full_like(errors, 1 / len(errors))),
    slip("kernel-flipped", "That is the kernel of a true convolution: right, but turned by half a "
        "turn. The output was made by `F.conv2d`.", turn=True),
    slip("kernel-of-the-notebook", "That is the kernel of the running example. Does your function "
        "read `noise` and `wanted` from the notebook, and not the image and the output that it is "
        "given?", wrong=lambda image, output: KERNEL),
)
# fmt: on

EXERCISE = Exercise(
    name="01.learn_kernel",
    title="Learn a kernel from what it did",
    difficulty=3,
    minutes=7,
    solution=learn_kernel,
    walk=descend,
    why="The gradient says for each of the nine weights which way is up. Thirty "
    "steps down, each from a fresh gradient, end at the kernel that made the output.",
    hints=(
        "The cells above made one step. Which of their lines must stand inside a loop, and which "
        "one only once before it?",
        "Only the first guess of zeros stands before the loop. In it: `made`, `loss`, `backward`, "
        "then the step under `torch.no_grad()`, with `-=`, which changes `guess` itself. At last "
        "the old gradient must be forgotten: `backward` adds to whatever is in `guess.grad`.",
        "`for _ in range(30):` `made = F.conv2d(image[None, None], guess[None, None])[0, 0]`, "
        "`loss = ((made - output) ** 2).mean()`, `loss.backward()`, the step under "
        "`with torch.no_grad():`, which is the line that is left to you, and `guess.grad = None`. "
        "After the loop `return guess.detach()`.",
    ),
    cases=(
        lesson(14, 14, 1, [[1.0, -2, 3], [2, 1, -1], [-3, 1, 2]]),
        lesson(13, 16, 2, [[-1.0, -2, -1], [3, 1, -2], [1, 2, 1]]),
        lesson(16, 13, 3, [[1.0, -1, 2], [-1, 5, -1], [1, -2, 1]]),
        lesson(15, 15, 4, [[3.0, 2, -2], [1, -1, -1], [2, -3, 1]]),
    ),
    rtol=0.003,
    slips=SLIPS,
)
