"""08.batch_norm: one number per channel in train mode, running numbers in eval mode."""

import torch

from helpers.exercises import Exercise, slip


def batch_norm(x, gamma, beta, running_mean, running_var, training, momentum, eps):
    """Return the normalised x, the new running mean and the new running variance.

    x: (N, C, H, W); gamma, beta, running_mean, running_var: (C,), left as they are.
    """
    mean, var, axes = running_mean, running_var, (0, 2, 3)
    if training:
        mean, var = x.mean(axes), x.var(axes, correction=0)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_var = (1 - momentum) * running_var + momentum * x.var(axes, correction=1)
    scale = gamma / (var + eps).sqrt()
    y = (x - mean[:, None, None]) * scale[:, None, None] + beta[:, None, None]
    return y, running_mean, running_var


def _mixed(old, new, momentum):
    return (1 - momentum) * old + momentum * new


def _line(x):
    """(C,) as an axis of channels."""
    return x.reshape(-1, 1, 1) if x.dim() == 1 else x


def walk(
    x, gamma, beta, running_mean, running_var, training, momentum, eps, *,
    axes=(0, 2, 3), biased=0, kept=1, mode=lambda training: training, root=torch.sqrt,
    eps_outside=False, eps_used=1.0, centre=1.0, scaled=1.0, shifted=1.0, by=_line,
    mix_mean=_mixed, mix_var=_mixed, updates=lambda training: training,
    spread=lambda var, count: var, kept_axes=(0, 2, 3), laid=lambda line: line,
    order=lambda y, mean, var: (y, mean, var), momentum_used=None, fresh=False,
    shift_first=False,
):  # fmt: skip
    """Normalise, and keep account; each keyword is a place to go wrong at."""
    momentum = momentum if momentum_used is None else momentum_used
    eps = eps * eps_used
    mean = x.mean(axes, keepdim=True)
    var = x.var(axes, correction=biased, keepdim=True)
    new_mean, new_var = running_mean, running_var
    if updates(training):
        seen = x.var(kept_axes, correction=kept)
        new_mean = mix_mean(running_mean, x.mean(kept_axes), momentum)
        new_var = mix_var(running_var, spread(seen, len(x)), momentum)
    if not mode(training):
        mean, var = _line(running_mean), _line(running_var)
    if fresh and training:
        mean, var = _line(new_mean), _line(new_var)
    below = root(var) + eps if eps_outside else root(var + eps)
    y = (x - laid(centre * mean)) / laid(below)
    factor, added = 1 + scaled * (by(gamma) - 1), shifted * by(beta)
    y = (y + added) * factor if shift_first else y * factor + added
    return order(y, new_mean, new_var)


def _case(shape, seed, training, momentum=0.1, eps=1e-5):
    """Whole numbers; each channel lies elsewhere and is spread otherwise."""
    generator = torch.Generator().manual_seed(seed)

    def whole(low, high, *size):
        return torch.randint(low, high + 1, size, generator=generator).float()

    channels = shape[1]
    x = whole(-3, 3, *shape) * (1 + torch.arange(channels))[:, None, None]
    x = x + 5 * torch.arange(channels)[:, None, None]
    numbers = whole(2, 4, channels), whole(-4, 4, channels) + 0.5, whole(-2, 2, channels)
    return (x, *numbers, whole(1, 9, channels), training, momentum, eps)


CASES = (
    _case((2, 3, 2, 4), 0, True),
    _case((2, 3, 4, 5), 1, False),
    _case((3, 2, 3, 2), 2, True, 0.25, 1.0),
    _case((1, 4, 3, 5), 3, True, 0.5, 4.0),
    _case((4, 2, 1, 3), 4, False, 0.25, 2.0),
    _case((1, 1, 2, 3), 5, True, 0.1, 1e-5),
)

_AXES = "Each channel has one mean and one variance, over all digits, rows and columns."
_BATCH = (
    "In train mode the numbers of the batch normalise it; in eval mode the running ones do, so "
    "that a digit's logits do not depend on its neighbours."
)

# fmt: off
EXERCISE = Exercise(
    name="08.batch_norm",
    title="Batch norm by hand",
    difficulty=3,
    minutes=12,
    solution=batch_norm,
    walk=walk,
    why="One mean and one variance for each channel, over N, H and W. The batch is normalised by "
    "its own in train mode, and they are mixed into the running ones, which serve in eval mode.",
    hints=(
        "Over which three axes of (N, C, H, W) must you average so that one number for each "
        "channel is left?",
        "`x.mean((0, 2, 3))` has shape (C,). To subtract it from x, give it two more axes at its "
        "end: `mean[:, None, None]`.",
        "`x.var((0, 2, 3), correction=0)` divides by the count, as the normalising wants; "
        "`correction=1` divides by one less, as the running variance wants.",
        "In train mode: `running_mean = (1 - momentum) * running_mean + momentum * mean`, and the "
        "same for the variance. In eval mode mean and var *are* the running ones. Then `y = (x - "
        "mean[:, None, None]) / (var + eps).sqrt()[:, None, None]`; gamma and beta are left.",
    ),
    cases=CASES,
    slips=(
        slip("over-the-batch-alone", "Each pixel has a mean of its own in your function: rows and "
            f"columns are not averaged over. {_AXES}", axes=(0,)),
        slip("each-digit-alone", f"Each digit is normalised by itself, not with the batch. {_AXES}",
            axes=(2, 3)),
        slip("over-everything", f"All channels share one mean and one variance. {_AXES}",
            axes=(0, 1, 2, 3)),
        slip("over-everything-and-kept", f"All channels share one mean and one variance. {_AXES}",
            axes=(0, 1, 2, 3), kept_axes=(0, 1, 2, 3)),
        slip("over-the-channels", "You average over the channels. They are what is kept apart. "
            f"{_AXES}", axes=(1, 2, 3)),
        slip("unbiased-to-normalise", "The batch is divided by a deviation that is a little too "
            "large: its variance is the mean squared distance, divided by the count and not by one "
            "less (`correction=0`).", biased=1),
        slip("biased-to-keep", "The running variance is a little too small: there the sum of "
            "squares is divided by the count less one (`correction=1`), as an estimate for digits "
            "yet to come.", kept=0),
        slip("divided-by-variance", "You divide by the variance. Its square root, the deviation, "
            "has the unit of the pixels.", root=lambda var: var),
        slip("eps-outside", "eps stands outside the root. It is added to the variance first.",
            eps_outside=True),
        slip("no-eps", "The eps that is given does not show. It is added to the variance, so that "
            "a channel that is the same everywhere does not divide by 0.", eps_used=0.0),
        slip("not-centred", "The mean is not subtracted.", centre=0.0),
        slip("no-gamma", "gamma does not show in what comes out. The normalised numbers are "
            "multiplied by it.", scaled=0.0),
        slip("no-beta", "beta does not show in what comes out. It is added at the end.",
            shifted=0.0),
        slip("beta-before-gamma", "beta is added first and then multiplied by gamma. First gamma, "
            "then beta.", shift_first=True),
        slip("gamma-and-beta-exchanged", "gamma and beta have changed places: multiply by gamma, "
            "add beta.", before=lambda x, gamma, beta, *more: (x, beta, gamma, *more)),
        slip("always-the-batch", f"In eval mode the batch still normalises itself. {_BATCH}",
            mode=lambda training: True),
        slip("always-the-running", "In train mode the running numbers normalise the batch. "
            f"{_BATCH}", mode=lambda training: False),
        slip("training-ignored", f"Your function does the same in both modes. {_BATCH} And only in "
            "train mode do the running numbers move.", mode=lambda training: True,
            updates=lambda training: True),
        slip("modes-exchanged", f"Train and eval mode have changed places. {_BATCH}",
            mode=lambda training: not training, updates=lambda training: not training),
        slip("new-running-to-normalise", "In train mode the batch is normalised by the running "
            f"numbers after their update. {_BATCH}", fresh=True),
        slip("no-running", "The running mean and variance come back as they were. In train mode "
            "each batch moves them a little.", updates=lambda training: False),
        slip("running-in-eval", "In eval mode the running numbers move. They stay as they are: "
            "measuring must not change the network.", updates=lambda training: True),
        slip("momentum-exchanged", "The old value and the new one have changed places: momentum "
            "0.1 means that nine tenths of the old value stay.",
            mix_mean=lambda old, new, m: m * old + (1 - m) * new,
            mix_var=lambda old, new, m: m * old + (1 - m) * new),
        slip("running-replaced", "The running numbers are those of the last batch alone.",
            mix_mean=lambda old, new, m: new, mix_var=lambda old, new, m: new),
        slip("running-added", "The old running numbers are kept whole, and a part is added: they "
            "grow without end. What comes in must push out as much.",
            mix_mean=lambda old, new, m: old + m * new, mix_var=lambda old, new, m: old + m * new),
        slip("momentum-fixed", "Your momentum is 0.1 whatever momentum is given.",
            momentum_used=0.1),
        slip("mean-not-kept", "The running variance moves and the running mean does not.",
            mix_mean=lambda old, new, m: old),
        slip("variance-not-kept", "The running mean moves and the running variance does not.",
            mix_var=lambda old, new, m: old),
        slip("deviation-kept", "The running variance holds deviations. Mix the variance in, "
            "without a root.", spread=lambda var, count: var.sqrt()),
        slip("count-of-digits", "The count in your running variance is N. It is N * H * W.", kept=0,
            spread=lambda var, count: var * max(count, 2) / (max(count, 2) - 1)),
        slip("order", "The running variance comes back before the running mean. Mean first.",
            order=lambda y, mean, var: (y, var, mean)),
        slip("one-result", "One tensor comes back. Three things are asked for: y, the running mean "
            "and the running variance.", order=lambda y, mean, var: y),
        slip("last-axis", "gamma and beta run along the columns of the picture, and there are more "
            "or fewer columns than channels. `gamma[:, None, None]` lays them along the channels.",
            by=lambda x: x),
        slip("all-on-the-last-axis", "mean, variance, gamma and beta run along the columns of the "
            "picture. `mean[:, None, None]` lays it along the channels.",
            by=lambda x: x, laid=torch.flatten),
    ),
    rtol=1e-4,
)
# fmt: on
