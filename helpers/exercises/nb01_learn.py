"""Exercise 01.learn_kernel: gradient descent on nine weights, and the ways in which it fails."""

import torch
from torch.nn import functional as F

from helpers.exercises import Exercise, Mistake
from helpers.exercises.nb01_walks import slide


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


def _mean_square(errors):
    return (errors**2).mean()


def _descend(
    image, output, steps=30, rate=0.3, loss=_mean_square, forget=True, turn=False, read=slice(None)
):
    """`learn_kernel` with one thing wrong at a time."""
    guess = torch.zeros(3, 3, requires_grad=True)
    for _ in range(steps):
        kernel = guess.flip(0, 1) if turn else guess
        made = torch.einsum("rcij,ij->rc", image.unfold(0, 3, 1).unfold(1, 3, 1), kernel)
        loss((made - output)[read]).backward()
        with torch.no_grad():
            guess -= rate * guess.grad
        if forget:
            guess.grad = None
    return guess.detach()


def pair(height, width, seed, kernel):
    """A picture of 1 and -1 in no order, and what a kernel makes of it."""
    mixed = torch.Generator().manual_seed(seed)
    image = 2.0 * torch.randint(2, (height, width), generator=mixed) - 1
    return image, slide(image, torch.tensor(kernel))


LEARN_KERNEL = Exercise(
    name="01.learn_kernel",
    title="Learn a kernel from what it did",
    difficulty=3,
    minutes=7,
    stub='''
def learn_kernel(image, output):
    """Find the 3x3 kernel that made output from image, in 30 steps down the loss."""
    return TODO
''',
    solution=learn_kernel,
    why="The gradient says for each of the nine weights which way is up. Thirty "
    "steps down, each from a fresh gradient, end at the kernel that made the output.",
    hints=(
        "The cells above made one step. Which of their lines must stand inside a loop, and which "
        "one only once before it?",
        "Only the first guess of zeros stands before the loop. In it: made, loss, backward, then "
        "the step under torch.no_grad(), with -=, which changes guess itself. At last the old "
        "gradient must be forgotten: backward adds to whatever is in guess.grad.",
        "for _ in range(30): made = F.conv2d(image[None, None], guess[None, None])[0, 0]; "
        "loss = ((made - output) ** 2).mean(); loss.backward(); then, under torch.no_grad(), "
        "guess -= 0.3 * guess.grad; then guess.grad = None. After the loop return guess.detach().",
    ),
    cases=(
        pair(14, 14, 1, [[1.0, -2, 3], [2, 1, -1], [-3, 1, 2]]),
        pair(13, 16, 2, [[-1.0, -2, -1], [3, 1, -2], [1, 2, 1]]),
        pair(16, 13, 3, [[1.0, -1, 2], [-1, 5, -1], [1, -2, 1]]),
        pair(15, 15, 4, [[3.0, 2, -2], [1, -1, -1], [2, -3, 1]]),
    ),
    rtol=0.02,
    mistakes=(
        Mistake(
            "no-step",
            lambda image, output: _descend(image, output, steps=0),
            "The guess came back as it started, all zeros. The gradient alone changes nothing: "
            "subtract a part of it from the guess.",
        ),
        Mistake(
            "one-step",
            lambda image, output: _descend(image, output, steps=1),
            "That is the guess after one step. Repeat it, with a new loss and a new gradient each "
            "time.",
        ),
        Mistake(
            "not-there-yet",
            lambda image, output: _descend(image, output, steps=5),
            "The guess is on its way and not there yet: too few steps, or too short ones. Look at "
            "the loss: as long as it falls, go on.",
        ),
        Mistake(
            "steps-too-short",
            lambda image, output: _descend(image, output, rate=0.01),
            "The guess is on its way and not there yet: the steps are too short. Thirty steps of "
            "0.3 times the gradient are enough.",
        ),
        Mistake(
            "nonfinite",
            lambda image, output: _descend(image, output, loss=lambda e: (e**2).sum()),
            "The numbers have overflowed, as they do when steps are far too long and each lands "
            "higher than the last. Is your loss the mean of the squared differences, or their sum, "
            "which is more than a hundred times as large?",
        ),
        Mistake(
            "uphill",
            lambda image, output: _descend(image, output, rate=-0.3),
            "The weights grow without end. The gradient points to where the loss gets larger; walk "
            "against it.",
        ),
        Mistake(
            "step-too-long",
            lambda image, output: _descend(image, output, rate=1.0),
            "The weights grow and change sign at every step: each step jumps over the valley and "
            "lands higher. Subtract only a part of the gradient; 0.3 of it is short enough.",
        ),
        Mistake(
            "gradient-not-forgotten",
            lambda image, output: _descend(image, output, forget=False),
            "The guess swings to and fro and never settles: backward adds each new gradient to the "
            "old ones. Set guess.grad = None after every step.",
        ),
        Mistake(
            "not-squared",
            lambda image, output: _descend(image, output, loss=torch.mean),
            "Without the square, a loss far below zero counts as a good one: too small is "
            "rewarded without end. Square the differences before you average them.",
        ),
        Mistake(
            "first-row-only",
            lambda image, output: _descend(image, output, read=slice(1)),
            "You compare one row of the output. So few windows fit many kernels; compare all of "
            "it.",
        ),
        Mistake(
            "kernel-flipped",
            lambda image, output: _descend(image, output, turn=True),
            "You have learned the kernel of a true convolution: right, but turned by half a turn. "
            "The output was made by F.conv2d.",
        ),
        Mistake(
            "kernel-of-the-notebook",
            lambda image, output: torch.tensor([[0.0, 1, 2], [2, 2, 0], [0, 1, 2]]),
            "That is the kernel of the running example. Does your function read `noise` and "
            "`wanted` from the notebook, and not the image and the output that it is given?",
        ),
    ),
)
