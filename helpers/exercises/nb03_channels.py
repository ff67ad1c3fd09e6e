"""What learners get wrong about channels, filters, biases and the batch in notebook 03."""

import torch
from torch.nn import functional as F

from helpers.exercises import Mistake


def _add(output, bias):
    """Each filter's bias on its own output channel."""
    return output if bias is None else output + bias.view(1, -1, 1, 1)


def _inputs(change):
    """Right but for what `change` does to (x, weight)."""

    def wrong(x, weight, bias=None, stride=1, padding=0):
        return _add(F.conv2d(*change(x, weight), None, stride, padding), bias)

    return wrong


def _sums(change):
    """Right but for what `change` does to the sums, before each bias is added."""

    def wrong(x, weight, bias=None, stride=1, padding=0):
        return _add(change(F.conv2d(x, weight, None, stride, padding), weight), bias)

    return wrong


def _result(change):
    """Right but for what `change` does to the finished output."""

    def wrong(x, weight, bias=None, stride=1, padding=0):
        return change(F.conv2d(x, weight, bias, stride, padding))

    return wrong


def _bias(change):
    """Right but for what `change(output, bias, weight)` does where there is a bias."""

    def wrong(x, weight, bias=None, stride=1, padding=0):
        output = F.conv2d(x, weight, None, stride, padding)
        return output if bias is None else change(output, bias, weight)

    return wrong


def _not_added_up(x, weight, bias=None, stride=1, padding=0):
    pairs = [F.conv2d(x[:, [c]], weight[:, [c]], None, stride, padding) for c in range(x.shape[1])]
    output = torch.stack(pairs, dim=2)
    return output if bias is None else output + bias.view(1, -1, 1, 1, 1)


def _bias_needed(x, weight, bias=None, stride=1, padding=0):
    output = F.conv2d(x, weight, None, stride, padding)
    return torch.stack([output[:, o] + bias[o] for o in range(len(weight))], dim=1)


def _bias_shaped(x, weight, bias=None, stride=1, padding=0):
    return F.conv2d(x, weight, None, stride, padding) + bias.view(1, -1, 1, 1)


def _weight_axes_swapped(x, weight, bias=None, stride=1, padding=0):
    if weight.shape[0] != weight.shape[1]:
        raise IndexError
    return F.conv2d(x, weight.transpose(0, 1), bias, stride, padding)


CHANNELS = (
    Mistake(
        "only-channel-0",
        _inputs(lambda x, weight: (x[:, :1], weight[:, :1])),
        "Only the first input channel counts. A filter reads all of them, and their sums are "
        "added.",
    ),
    Mistake(
        "only-last-channel",
        _inputs(lambda x, weight: (x[:, -1:], weight[:, -1:])),
        "Only the last input channel counts. Does each channel replace what the channels "
        "before it gave, where it should be added?",
    ),
    Mistake(
        "one-kernel-for-all-channels",
        _inputs(lambda x, weight: (x, weight[:, :1].expand_as(weight))),
        "Every input channel is read with the same kernel. A filter has one kernel for each "
        "input channel.",
    ),
    Mistake(
        "channels-added-first",
        _inputs(lambda x, weight: (x.sum(1, keepdim=True), weight.sum(1, keepdim=True))),
        "You add up the channels of x and the kernels of a filter before you multiply. Then red "
        "pixels meet green weights too. Multiply channel by channel, add afterwards.",
    ),
    Mistake(
        "mean-over-channels",
        _sums(lambda output, weight: output / weight.shape[1]),
        "You average over the input channels. Their sums are added, not divided.",
    ),
    Mistake(
        "mean",
        _sums(lambda output, weight: output / weight[0].numel()),
        "You average over the window. Convolution adds the products and does not divide.",
    ),
    Mistake(
        "channels-not-added",
        _not_added_up,
        "Your output still has an axis for the input channels. Within one filter they are "
        "added up and disappear.",
    ),
    Mistake(
        "bias-ignored",
        _bias(lambda output, bias, weight: output),
        "The bias is missing: one number for each filter, added to its whole output channel.",
    ),
    Mistake(
        "bias-of-filter-0",
        _bias(lambda output, bias, weight: output + bias[0]),
        "Every output channel gets the bias of filter 0. Each filter has its own.",
    ),
    Mistake(
        "bias-per-channel",
        _bias(lambda output, bias, weight: _add(output, bias * weight.shape[1])),
        "The bias is added once for each input channel. It belongs to the finished sum: once "
        "per output number.",
    ),
    Mistake(
        "bias-per-product",
        _bias(lambda output, bias, weight: _add(output, bias * weight[0].numel())),
        "The bias is added with every product. It belongs to the finished sum: once per output "
        "number.",
    ),
    Mistake(
        "bias-along-width",
        _bias(lambda output, bias, weight: output + bias),
        "A plain `+ bias` lines the biases up with the last axis, the width. Axis 1 is where "
        "the filters are: give the bias the shape (1, C_out, 1, 1), or add bias[o] to channel o.",
    ),
    Mistake(
        "bias-needed",
        _bias_needed,
        "Without a bias your function stops: bias may be None, and is by default.",
    ),
    Mistake(
        "bias-shaped-unseen",
        _bias_shaped,
        "Without a bias your function stops: None has no shape to change. bias may be None, and "
        "is by default.",
    ),
    Mistake(
        "axis-too-many",
        _result(lambda output: output[:, None]),
        "There is one axis too many, of length 1. Did you stack outputs that were batches of one "
        "already?",
    ),
    Mistake(
        "first-sample-only",
        _result(lambda output: output[:1]),
        "One sample comes out, however many go in. Every sample of the batch is convolved.",
    ),
    Mistake(
        "first-sample-for-all",
        _result(lambda output: output[:1].expand_as(output)),
        "All samples get the output of the first. Which sample does your window read?",
    ),
    Mistake(
        "samples-added",
        _result(lambda output: output.sum(0, keepdim=True)),
        "You add up the samples. Input channels are added; samples have nothing to do with "
        "one another.",
    ),
    Mistake(
        "batch-axis-lost",
        _result(lambda output: output[0]),
        "The batch axis is gone. The output is (N, C_out, H', W') for one sample too.",
    ),
    Mistake(
        "squeezed",
        _result(lambda output: output.squeeze()),
        "Axes of length 1 are squeezed away. A batch of one, or a layer with one filter, keeps "
        "all four axes.",
    ),
    Mistake(
        "filter-0-only",
        _result(lambda output: output[:, :1]),
        "Only the first filter is used. Each filter gives one output channel.",
    ),
    Mistake(
        "filter-0-for-all",
        _inputs(lambda x, weight: (x, weight[:1].expand_as(weight))),
        "All output channels use the kernels of filter 0. Output channel o uses weight[o].",
    ),
    Mistake(
        "filters-added",
        _result(lambda output: output.sum(1, keepdim=True)),
        "You add up the filters. Each keeps an output channel of its own; only input channels "
        "are added.",
    ),
    Mistake(
        "filters-averaged",
        _result(lambda output: output.mean(1, keepdim=True)),
        "You average over the filters. Each keeps an output channel of its own.",
    ),
    Mistake(
        "sum-not-reset",
        _sums(lambda output, weight: output.cumsum(1)),
        "Your sum runs on from one filter into the next. Start from zero for each output number.",
    ),
    Mistake(
        "batch-and-filters-swapped",
        _result(lambda output: output.transpose(0, 1)),
        "Samples and filters have changed places. Axis 0 of the output is the batch, axis 1 the "
        "filters.",
    ),
    Mistake(
        "channels-last",
        _result(lambda output: output.permute(0, 2, 3, 1)),
        "Your channels stand last. The output has the order of the input: (N, C, H, W).",
    ),
    Mistake(
        "weight-axes-swapped",
        _weight_axes_swapped,
        "You take axis 0 of weight for the input channels. weight is (C_out, C_in, kH, kW): "
        "filter first, then the channel that it reads.",
    ),
)
