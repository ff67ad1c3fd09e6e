"""06.checkpoint: what the next epoch reads, and nothing more."""

from helpers.exercises import Exercise, slip

# letter: key, and what is wrong where it is missing (A to D) or there (E to G)
LETTERS = {
    "A": ("weights", "Without the weights there is nothing to go on with."),
    "B": (
        "optimizer",
        "Adam keeps two running averages for every weight. Without them its first steps after the "
        "restart differ from those of a run that was never stopped.",
    ),
    "C": (
        "epoch",
        "Without the number of the epoch nobody knows how many are left: it is needed so that the "
        "next epochs are counted as if the run had never stopped.",
    ),
    "D": (
        "random-state",
        "The shuffling reads torch's random numbers. Without their state the batches come in "
        "another order: still training, but no longer the same run.",
    ),
    "E": (
        "gradients",
        "The gradients of the last batch are cleared before they are used again.",
    ),
    "F": (
        "digits",
        "The digits do not change; they are still where you loaded them from. Copying them into "
        "every checkpoint only fills the disk.",
    ),
    "G": ("logits", "Logits follow from the weights and the digits whenever they are needed."),
}
NEEDED = set("ABCD")


def judge(keep):
    """None for the four letters in any order, the key of a slip or of two, or a sentence."""
    letters = [letter for letter in keep.upper() if letter.isalnum()]
    if strange := [letter for letter in letters if letter not in LETTERS]:
        return f"There is no {strange[0]} in the list: use letters from A to G."
    if twice := [letter for letter in LETTERS if letters.count(letter) > 1]:
        return f"{twice[0]} stands there twice. Give each letter that is needed once."
    if not letters:
        return "Give the letters that are needed."
    wrong = sorted(NEEDED ^ set(letters))
    if len(wrong) > 2:
        return (
            f"{len(wrong)} letters are missing or too many. Go through one epoch, line by line: "
            "which lines read what earlier epochs have changed? What does `step()` remember, who "
            "shuffles, who counts?"
        )
    return "+".join(LETTERS[letter][0] for letter in wrong) or None


EXERCISE = Exercise(
    name="06.checkpoint",
    title="What must a checkpoint hold?",
    difficulty=2,
    minutes=2,
    solution='keep = "ABCD"',
    why="Weights, the optimizer's memory, the epoch and the state of the random numbers are all "
    "that the next epoch reads. Everything else is computed from these and from the digits.",
    hints=(
        "Go through the lines of the loop at the start of an epoch: what does each of them read "
        "that was changed by the epochs before?",
        "Adam remembers two running averages for every weight, and `shuffle=True` rolls dice.",
        "Weights, averages and dice change from step to step, and one number changes from epoch "
        "to epoch. The rest can be computed or loaded again.",
    ),
    accepts=judge,
    slips=tuple(
        slip(key, text, lambda letter=letter: "".join(sorted(NEEDED ^ {letter})))
        for letter, (key, text) in LETTERS.items()
    ),
)
