"""06.bug_4: dropout that goes on while it is measured."""

from helpers.exercises.letters import one_letter

EXERCISE = one_letter(
    "06.bug_4",
    "The accuracy that changes by itself",
    right="C",
    why="Dropout throws numbers away as long as the model is in train mode. `eval()` switches it "
    "off, and `train()` has to switch it on again before training goes on. `no_grad()` only saves "
    "memory and time.",
    hints=(
        "Nothing was trained between the three calls, and the digits were the same. What in this "
        "model rolls dice?",
        "Two switches look alike: one stops recording for gradients, the other tells layers such "
        "as dropout that they are being measured. Which one concerns the dice?",
        "Two of the answers call `net.eval()`. In which of them does dropout come back when "
        "training goes on?",
    ),
    wrong={
        "A": (
            "no-grad",
            "`no_grad()` stops the recording for `backward()`. That saves memory, and it is a good "
            "line here, but dropout goes on as before.",
        ),
        "B": (
            "seed",
            "With a seed the same numbers are thrown away each time. The accuracy no longer "
            "changes, but it is still that of a crippled network.",
        ),
        "D": (
            "no-return",
            "The measuring is right now, but the model stays in eval mode, and the next epoch "
            "trains without dropout.",
        ),
        "E": (
            "axis",
            "Axis 1 holds the ten classes of a digit, and the largest of them is its prediction: "
            "that line is right.",
        ),
    },
)
