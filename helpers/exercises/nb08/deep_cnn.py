"""08.deep_cnn: a network from its shape table; it is watched at work, not compared in words.

Its layers tell their sizes, its dropout shows in the two modes, and with weights that we choose its
logits say the rest: every way to go wrong that leaves all sizes right gives other logits.
"""

import functools
from itertools import combinations

import torch
import torch.nn.functional as F
from torch import nn

from helpers.exercises import Exercise, slip


def deep_cnn():
    """Return a new network of the table: (N, 1, 28, 28) -> ten logits each, (N, 10)."""

    def block(inputs, outputs, padding=0):
        conv = nn.Conv2d(inputs, outputs, kernel_size=3, padding=1)
        return conv, nn.ReLU(), nn.MaxPool2d(2, padding=padding)

    return nn.Sequential(
        *block(1, 32),
        *block(32, 64),
        *block(64, 128, padding=1),
        nn.Flatten(),
        nn.Linear(4 * 4 * 128, 625),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(625, 10),
    )


class _DropoutAlways(nn.Module):
    """F.dropout(x) as it stands: it does not know that the network is in eval mode."""

    def forward(self, x):
        return F.dropout(x, 0.5)


def build(
    *, channels=(32, 64, 128), kernel=3, frame=1, stride=1, bias=True, pool=nn.MaxPool2d,
    pools=(0, 0, 1), ceil=False, curved=(True, True, True), norm=False, flat=nn.Flatten,
    hidden=(625,), hidden_curved=True, early=(), late=(nn.Dropout,), last=(), share=0.5,
):  # fmt: skip
    """The network with its choices laid open; pools: padding of each pooling, None for no pooling;
    early, late, last: what stands before the linear layers, between them, and after them.
    """
    layers, inputs, side = [], 1, 28
    for outputs, padding, curve in zip(channels, pools, curved, strict=False):
        layers += [nn.Conv2d(inputs, outputs, kernel, stride, frame, bias=bias)]
        layers += [nn.BatchNorm2d(outputs)] * norm + [nn.ReLU()] * curve
        side = (side + 2 * frame - kernel) // stride + 1
        if padding is not None:
            layers += [pool(2, padding=padding, ceil_mode=ceil)]
            side = -(-(side + 2 * padding - 2) // 2) + 1 if ceil else (side + 2 * padding) // 2
        inputs = outputs
    layers += [part() for part in (flat, *early)]
    inputs *= side * side
    for outputs in hidden:
        layers += [nn.Linear(inputs, outputs)] + [nn.ReLU()] * hidden_curved
        layers += [nn.Dropout(share) if part is nn.Dropout else part() for part in late]
        inputs = outputs
    return nn.Sequential(*layers, nn.Linear(inputs, 10), *(part() for part in last))


PICTURES = torch.arange(8 * 784).reshape(8, 1, 28, 28) * 37 % 251 / 251.0


class _Trail:
    """The convolutions and linear layers that pictures pass, with the shapes before and after."""

    def __init__(self, model):
        self.model, self.passed, self.stopped = model, [], None

    def walk(self, training, x=PICTURES):
        """Logits of the pictures; where the network stops on its way, None."""
        self.passed = []
        self.model.train(training)
        kinds = nn.Conv2d | nn.Linear
        parts = [part for part in self.model.modules() if isinstance(part, kinds)]
        hooks = [part.register_forward_pre_hook(self._enters) for part in parts]
        hooks += [part.register_forward_hook(self._leaves) for part in parts]
        try:
            with torch.no_grad():
                return self.model(x)
        except RuntimeError as error:
            self.stopped = error
            return None
        finally:
            for hook in hooks:
                hook.remove()

    def _enters(self, part, given):
        self.passed.append([part, given[0], None])

    def _leaves(self, part, given, result):
        self.passed[-1][2] = result

    def of(self, kind):
        return [row for row in self.passed if isinstance(row[0], kind)]


def judge(answer):
    """None for a network like that of the table; else the key of a slip, or a sentence."""
    model = answer()
    if isinstance(model, type):
        return "class-returned"
    if not isinstance(model, nn.Module):
        return "Your function gives no network. Return an `nn.Module`, such as an `nn.Sequential`."
    found = _of_layers(model)
    if answer() is model:
        found = "one-network" if " " in found or not found else f"one-network+{found}"
    return found if " " in found else "+".join(found.split("+")[:2]) or None


def _of_layers(model):
    """One or two keys, a sentence, or "" for a network like that of the table."""
    if not any(True for _ in model.parameters()):
        return "plain-list"
    trail = _Trail(model)
    logits = trail.walk(training=False)
    if not trail.stopped and logits is None:
        return "nothing-returned"
    built = _of_convolutions(trail) or _of_linear_layers(trail)
    if trail.stopped and not built:
        raise trail.stopped
    if not trail.stopped and tuple(logits.shape) != (8, 10):
        return built or f"For 8 digits {tuple(logits.shape)} comes out, in place of (8, 10)."
    built = built or _of_parameters(model)
    if trail.stopped or built not in {None, *SIZES}:
        return built
    thrown = None if built == "extra-parameters" else _of_dropout(trail)
    shares = (logits >= 0).all() and torch.allclose(logits.sum(1), torch.ones(8), atol=1e-4)
    valued = "softmax" if shares else _of_values(trail, built, thrown)
    return "+".join([key for key in (built, thrown, valued) if key][:2])


def _of_convolutions(trail):
    convs = trail.of(nn.Conv2d)
    if len(convs) != 3:
        return "two-convolutions" if len(convs) == 2 else f"{len(convs)} convolutions, not three."
    if any(conv.kernel_size != (3, 3) for conv, _, _ in convs):
        return "other-kernel"
    if [conv.out_channels for conv, _, _ in convs] != [32, 64, 128]:
        return "other-channels"
    if any(conv.stride != (1, 1) for conv, _, _ in convs):
        return "strided"
    sides = [y.shape[-1] for *_, y in convs if y is not None]
    if sides == [28, 14, 7]:
        return None
    if len(sides) < 3 or any(y.shape[-1] < x.shape[-1] for _, x, y in convs):
        return "unpadded-convolution"
    return "every-pooling-padded" if sides == [28, 15, 8] else "pooling-misplaced"


def _of_linear_layers(trail):
    linear = trail.of(nn.Linear)
    if not linear and trail.stopped:  # x.view(-1, 2048) does not fit
        sizes = {"9216": "last-pooling-unpadded", "50176": "last-pooling-missing"}
        return next((key for size, key in sizes.items() if size in str(trail.stopped)), None)
    if not linear:
        return "Your network has no `nn.Linear` after its convolutions."
    (first, x, _), last = linear[0], linear[-1][0]
    if x.dim() > 2:
        return "not-flattened"
    if x.dim() < 2 or len(x) != 8:
        return "batch-flattened"
    if {first.in_features, x.shape[1]} & {1152}:
        return "last-pooling-unpadded"
    if {first.in_features, x.shape[1]} & {6272}:
        return "last-pooling-missing"
    if len(linear) == 1:
        return "no-hidden-layer"
    if len(linear) > 2 or first.out_features != 625 or last.out_features != 10:
        return "other-hidden-layer"
    return None


def _of_parameters(model):
    total = sum(p.numel() for p in model.parameters())
    if [p for p in model.modules() if isinstance(p, nn.Conv2d | nn.Linear) and p.bias is None]:
        return "no-bias"
    return "extra-parameters" if total > 1_379_557 else None


def _of_dropout(trail):
    """Where and when numbers are thrown away."""
    if len(trail.of(nn.Linear)) != 2:
        return None
    torch.manual_seed(0)
    once, again = trail.walk(False), trail.walk(False)
    if not torch.equal(once, again):
        return "dropout-always"
    sure = trail.of(nn.Linear)[-1][1]
    drawn = trail.walk(True)
    entering, thinned = (row[1] for row in trail.of(nn.Linear))
    if torch.equal(drawn, once):
        return "no-dropout"
    trail.walk(False)
    if not torch.equal(entering, trail.of(nn.Linear)[0][1]):
        return "dropout-too-early"
    left = thinned != 0
    if torch.equal(thinned, sure):
        return "dropout-on-logits"
    ratio = (thinned[left] / sure[left]).median().item()
    return None if abs(ratio - 2) < 0.01 else "other-share"


def _of_values(trail, built, thrown):
    """The slip, or the two, of the variant that gives the same logits with the same weights.

    built, thrown: what shows in the sizes, and in dropout; beside it, only what fits is named.
    """
    got, twists = _with_weights(trail.model), {s.key: s.twist for s in EXERCISE.slips}
    known = {**twists.get(built, {}), **(twists[thrown] if thrown == "dropout-always" else {})}
    if not built and _alike(got, _with_weights(build(**_ROUNDED_UP, **known))):
        return None
    pairs = () if built or thrown else combinations(VALUES, 2)
    for keys in ((), *((key,) for key in VALUES), *pairs):
        wrong = [twist for key in keys for twist in twists[key].items()]
        if len(dict(wrong)) == len(wrong) and _alike(
            got, _with_weights(build(**{**dict(wrong), **known}))
        ):
            return "+".join(keys) or None
    if built or thrown:
        return None
    return (
        "All sizes are right, but with weights that we put in, other logits come out. Compare "
        "what stands between the layers with the table, line by line."
    )


def _alike(got, wanted):
    return got.shape == wanted.shape and torch.allclose(
        got, wanted, rtol=0, atol=1e-3 * wanted.abs().max().item()
    )


@torch.no_grad()
def _with_weights(model):
    """Logits of a network whose weights are drawn anew; the shape of each says which they are."""
    for parameter in model.parameters():
        generator = torch.Generator().manual_seed(parameter.shape.numel())
        spread = (2 / max(1, parameter[0].numel())) ** 0.5 if parameter.dim() > 1 else 0.3
        parameter.normal_(0, spread, generator=generator)
    torch.manual_seed(0)  # a dropout in eval mode draws the same
    return model.eval()(PICTURES)


_CURVE = (
    "The ReLU after {} is missing. Without it two layers in a row are one linear map, which a "
    "single layer could have been."
)
SIZES = (  # slips that show in sizes or numbers of weights
    "other-kernel two-convolutions other-channels strided unpadded-convolution "
    "every-pooling-padded pooling-misplaced last-pooling-unpadded last-pooling-missing "
    "no-hidden-layer other-hidden-layer extra-parameters no-bias"
).split()
VALUES = (  # slips that leave all sizes right
    "no-relu no-relu-at-last-convolution no-relu-in-hidden-layer no-relu-at-all average-pooling "
    "softmax log-softmax relu-on-logits"
).split()
_ROUNDED_UP = {"ceil": True, "pools": (0, 0, 0)}  # 7 to 4 without padding: the table allows it

# fmt: off
EXERCISE = Exercise(
    name="08.deep_cnn",
    title="A deeper network from its shape table",
    difficulty=2,
    minutes=8,
    solution=deep_cnn,
    walk=build,
    why="Padding 1 keeps 28, 14 and 7 under a kernel of 3; the last pooling makes 4 of 7 with "
    "padding 1, so that 4 * 4 * 128 = 2048 numbers enter the first linear layer. `nn.Dropout` "
    "knows whether the network is in train or in eval mode.",
    hints=(
        "Three times the same block: convolution, ReLU, max-pooling. Which padding keeps 28 rows "
        "under a 3x3 kernel?",
        "7 rows, window 2, stride 2: without padding 3 come out, with padding 1 four, by the "
        "formula of notebook 02. Only the last pooling has a padding.",
        "`nn.Sequential(nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), ...)` with the "
        "block three times, the last with `nn.MaxPool2d(2, padding=1)`, then `nn.Flatten()`, "
        "`nn.Linear(2048, 625)`, `nn.ReLU()`, `nn.Dropout(0.5)`. One layer is left.",
    ),
    accepts=judge,
    slips=(
        slip("class-returned", "Your function gives a class. A call makes a network of it: are its "
            "brackets missing?", lambda: nn.Sequential),
        slip("one-network", "The same network comes back from every call, with all that it has "
            "learned. Build it inside the function.", functools.cache(deep_cnn)),
        slip("nothing-returned", "Your network gives None: is the return missing in its `forward`?",
            lambda: type("Silent", (nn.Linear,), {"forward": lambda self, x: None})(1, 1)),
        slip("plain-list", "Your network has nothing to learn: in a plain list it does not find "
            "its layers. `nn.Sequential` or `nn.ModuleList` registers them.", nn.Flatten),
        slip("two-convolutions", "Two convolutions are passed. The table has three.",
            channels=(32, 64)),
        slip("other-kernel", "All kernels of the table are 3 by 3.", kernel=5, frame=2),
        slip("other-channels", "The second number of a shape counts channels: 32 after the first "
            "convolution, 64 after the second, 128 after the third.", channels=(32, 64, 64)),
        slip("strided", "The convolutions of the table keep the size, so their stride is 1. "
            "Pooling halves it.", stride=2, pools=(None,) * 3),
        slip("unpadded-convolution", "A convolution of yours makes its picture smaller. In the "
            "table 28 stays 28 and 14 stays 14: the kernel of 3 needs a padding.",
            frame=0),
        slip("every-pooling-padded", "After the first pooling 15 rows are left, not 14. Only the "
            "last pooling has a padding.", pools=(1, 1, 1)),
        slip("pooling-misplaced", "The convolutions should get pictures of 28, 14 and 7 rows: one "
            "pooling, window 2, after each of them.", pools=(0, None, 0)),
        slip("last-pooling-unpadded", "7 rows become 3 in your last pooling, and 3 * 3 * 128 = "
            "1152. The table has 4 rows there. What must a pooling be given for that?",
            pools=(0, 0, 0)),
        slip("last-pooling-missing", "7 * 7 * 128 = 6272 numbers reach your first linear layer: "
            "after the third convolution comes a pooling too.", pools=(0, 0, None)),
        slip("not-flattened", "The first linear layer gets maps with rows and columns. They must "
            "be laid in one row for each digit first.", flat=nn.Identity),
        slip("batch-flattened", "The digits of the batch were laid in one row together. Flatten "
            "from axis 1 on: `nn.Flatten()` or `x.flatten(1)`.", flat=lambda: nn.Flatten(0)),
        slip("no-hidden-layer", "One linear layer is passed. The table has two, with 625 numbers "
            "between them.", hidden=()),
        slip("other-hidden-layer", "Two linear layers stand at the end: 2048 numbers become 625, "
            "and 625 become 10.", hidden=(512,)),
        slip("extra-parameters", "All layers of the table are there, but something more is "
            "learned. A batch norm, or a layer that no picture passes?",
            norm=True),
        slip("no-bias", "Every convolution and linear layer of the table has a bias for each "
            "output.", bias=False),
        slip("no-dropout", "Nothing is thrown away while your network trains: the same digits give "
            "the same logits twice. Dropout is missing.", late=()),
        slip("dropout-always", "In eval mode, too, your logits change from call to call: "
            "`F.dropout` must be told (`training=self.training`); the layer `nn.Dropout` knows.",
            late=(_DropoutAlways,)),
        slip("dropout-too-early", "Numbers are thrown away before the first linear layer. The "
            "table has one dropout, on the 625.", early=(nn.Dropout,)),
        slip("dropout-on-logits", "Your dropout sets logits to 0. It belongs on the 625 numbers "
            "before the last layer.", late=(), last=(nn.Dropout,)),
        slip("other-share", "Another share of the 625 numbers is thrown away than half of them.",
            share=0.25),
        slip("no-relu", _CURVE.format("the convolutions"), curved=(False,) * 3),
        slip("no-relu-at-last-convolution", _CURVE.format("the last convolution"),
            curved=(True, True, False)),
        slip("no-relu-in-hidden-layer", _CURVE.format("the first linear layer"),
            hidden_curved=False),
        slip("no-relu-at-all", _CURVE.format("each layer"), curved=(False,) * 3,
            hidden_curved=False),
        slip("average-pooling", "Your poolings average. Those of the table keep the largest "
            "number.", pool=nn.AvgPool2d),
        slip("softmax", "Probabilities come out. The loss wants logits and takes the softmax "
            "itself.", last=(lambda: nn.Softmax(1),)),
        slip("log-softmax", "Logarithms of probabilities come out. Asked for are the logits as "
            "the last layer gives them.", last=(lambda: nn.LogSoftmax(1),)),
        slip("relu-on-logits", "No logit of yours is negative: the last layer is followed by "
            "nothing.", last=(nn.ReLU,)),
    ),
)
# fmt: on
