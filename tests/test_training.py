"""fit is the textbook loop to the bit and survives kills; evaluate leaves no trace."""

import json
import os
import random
import signal
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from helpers import training
from helpers.training import evaluate, fit, pick_device, seed_everything

KEYS = ["epoch", "loss", "seconds", "val_loss", "val_accuracy"]


class Digits(Dataset):
    """Random "digits" with preloaded tensors; notes in which order they are asked for."""

    def __init__(self, count=23, seed=0):
        generator = torch.Generator().manual_seed(seed)
        self.images = torch.rand(count, 1, 4, 4, generator=generator)
        self.labels = torch.randint(0, 3, (count,), generator=generator)
        self.asked = []

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        self.asked.append(int(index))
        return self.images[index], self.labels[index]


def network():
    """A few weights, with dropout (draws random numbers) and batch norm (has buffers)."""
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1),
        nn.BatchNorm2d(2),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(32, 3),
    )


def run(epochs, checkpoint=None, seed=777, dataset=None, **options):
    """A training run from its beginning: seed, model, fit."""
    seed_everything(seed)
    model = network()
    history = fit(model, dataset or Digits(), epochs, 5, checkpoint=checkpoint, **options)
    return model, history


def costs(history):
    return [record["loss"] for record in history]


def same_weights(one, other):
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


class InterruptedAt(Digits):
    """Digits whose reading stops with `error` at the given number of samples read."""

    def __init__(self, at, error=KeyboardInterrupt):
        super().__init__()
        self.at, self.error = at, error

    def __getitem__(self, index):
        if len(self.asked) == self.at:
            raise self.error
        return super().__getitem__(index)


# --- the recipe --------------------------------------------------------------------------


@pytest.mark.parametrize("make", [Digits, lambda: TensorDataset(Digits().images, Digits().labels)])
def test_fit_is_the_textbook_loop_to_the_bit(make):
    dataset = make()
    seed_everything(777)
    model = network()
    loader = DataLoader(dataset, batch_size=5, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    expected = []
    for _ in range(3):
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        expected.append(total / len(dataset))
    after = torch.get_rng_state()

    ours, history = run(3, dataset=make(), lr=0.01)
    assert costs(history) == expected
    assert same_weights(ours, model)
    assert torch.equal(torch.get_rng_state(), after)


def test_order_of_batches_is_that_of_a_loader_after_the_same_seed():
    torch.manual_seed(777)
    loader = DataLoader(torch.arange(23), batch_size=5, shuffle=True)
    expected = [number for _ in range(3) for batch in loader for number in batch.tolist()]
    dataset = Digits()
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
    torch.manual_seed(777)
    fit(model, dataset, epochs=3, batch_size=5)
    assert dataset.asked == expected
    assert dataset.asked[:23] != dataset.asked[23:46]


def test_validation_does_not_change_the_training():
    with_it, history = run(3, validation=Digits(9, seed=1))
    without, plain = run(3)
    assert costs(history) == costs(plain)
    assert same_weights(with_it, without)
    loss, accuracy, _ = evaluate(with_it, Digits(9, seed=1))
    assert (history[-1]["val_loss"], history[-1]["val_accuracy"]) == (loss, accuracy)


def test_every_epoch_is_trained_in_train_mode():
    seen = []
    model = network().eval()
    model[3].register_forward_hook(lambda dropout, inputs, output: seen.append(dropout.training))
    fit(model, Digits(), 2, 23, validation=Digits(9))
    assert seen == [True, False, True, False]
    assert all(module.training for module in model.modules())


def test_history_and_printed_lines(capsys):
    _, history = run(2)
    assert [list(record) for record in history] == [KEYS, KEYS]
    assert [record["epoch"] for record in history] == [1, 2]
    assert history[0]["seconds"] > 0
    assert history[0]["val_loss"] is history[0]["val_accuracy"] is None
    json.dumps(history)  # plain numbers only
    captured = capsys.readouterr()
    for record, line in zip(history, captured.out.splitlines(), strict=True):
        assert line == f"epoch  {record['epoch']}  loss {record['loss']:.4f}"
    assert captured.err == ""
    _, history = run(1, validation=Digits(9))
    assert f"validation loss {history[0]['val_loss']:.4f}  accuracy 0." in capsys.readouterr().out


def test_loss_with_equal_batches_is_the_mean_of_the_batch_costs():
    dataset = Digits(20)
    seed_everything(1)
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
    torch.manual_seed(2)
    order = list(DataLoader(torch.arange(20), 5, shuffle=True))
    cost = [F.cross_entropy(model(dataset.images[i]), dataset.labels[i]).item() for i in order]
    torch.manual_seed(2)
    history = fit(model, dataset, 1, 5, lr=0.0)
    assert history[0]["loss"] == pytest.approx(sum(cost) / len(cost), rel=1e-6)


def test_the_model_learns():
    images = torch.eye(4).reshape(4, 1, 2, 2).repeat(10, 1, 1, 1)
    dataset = TensorDataset(images, torch.arange(4).repeat(10))
    seed_everything()
    model = nn.Sequential(nn.Flatten(), nn.Linear(4, 4))
    history = fit(model, dataset, 20, 8, lr=0.05, validation=dataset)
    assert history[-1]["loss"] < history[0]["loss"] / 3
    assert history[-1]["val_accuracy"] == 1.0


def test_seed_everything_seeds_python_numpy_and_torch():
    draws = []
    for _ in range(2):
        assert seed_everything(np.int64(5)) is None
        draws.append((random.random(), np.random.rand(), torch.rand(1).item()))
    assert draws[0] == draws[1]
    seed_everything(6)
    assert not set(draws[0]) & {random.random(), np.random.rand(), torch.rand(1).item()}
    with pytest.raises(ValueError, match="seed is -1"):
        seed_everything(-1)


def test_pick_device_follows_cuda(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pick_device() == torch.device("cpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert pick_device() == torch.device("cuda")


# --- checkpoints -------------------------------------------------------------------------


@pytest.mark.parametrize("done", [1, 3, 4])
def test_resume_is_bit_exact_at_every_epoch_end(tmp_path, done, capsys):
    path = tmp_path / "new" / "run.pt"
    straight, expected = run(4)
    state = torch.get_rng_state()
    run(done, path)
    capsys.readouterr()
    seed_everything(1)
    resumed = network()
    history = fit(resumed, Digits(), 4, 5, checkpoint=path)
    assert capsys.readouterr().out.startswith(f"Going on from the checkpoint: {done} of 4 epochs")
    assert costs(history) == costs(expected)
    assert same_weights(resumed, straight)
    assert torch.equal(torch.get_rng_state(), state)
    assert [file.name for file in path.parent.iterdir()] == ["run.pt"]


def test_a_kill_in_the_middle_of_an_epoch_loses_that_epoch_only(tmp_path):
    path = tmp_path / "run.pt"
    straight, expected = run(3)
    with pytest.raises(RuntimeError, match="killed"):
        run(3, path, dataset=InterruptedAt(23 + 7, RuntimeError("killed")))
    resumed, history = run(3, path, seed=5)
    assert costs(history) == costs(expected)
    assert same_weights(resumed, straight)


CHILD = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
import test_training
class Killed(test_training.Digits):
    def __getitem__(self, index):
        if len(self.asked) == 2 * 23 + 11:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__getitem__(index)
test_training.run(4, sys.argv[2], dataset=Killed())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
def test_a_killed_process_is_resumed_bit_for_bit(tmp_path):
    path = tmp_path / "run.pt"
    child = subprocess.run(
        [sys.executable, "-c", CHILD, os.path.dirname(__file__), path],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "OMP_NUM_THREADS": "1"},  # as here: see one_thread
    )
    assert child.returncode == -signal.SIGKILL, child.stderr
    assert child.stdout == "" or child.stdout.startswith("epoch  1")
    straight, expected = run(4)
    resumed, history = run(4, path, seed=5)
    assert costs(history) == costs(expected)
    assert history[0]["seconds"] > 0
    assert same_weights(resumed, straight)


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_save_that_fails_half_way_leaves_the_old_checkpoint(tmp_path, monkeypatch, error):
    path = tmp_path / "run.pt"
    run(1, path)
    before = path.read_bytes()

    def half(state, file):
        file.write(before[: len(before) // 2])
        raise error

    monkeypatch.setattr(training.torch, "save", half)
    if isinstance(error, OSError):
        with pytest.raises(OSError, match="disk full"):
            run(2, path)
    else:
        assert len(run(2, path)[1]) == 2
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
    assert costs(run(2, path)[1]) == costs(run(2)[1])


def test_the_file_is_on_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (steps.append("fsync"), fsync(fd)))
    monkeypatch.setattr(
        os, "replace", lambda a, b: (steps.append(os.path.dirname(a)), replace(a, b))
    )
    run(1, tmp_path / "run.pt")
    assert steps == ["fsync", str(tmp_path)]


def test_a_checkpoint_holds_only_what_weights_only_loading_reads(tmp_path):
    run(1, tmp_path / "run.pt", validation=Digits(9))
    state = torch.load(tmp_path / "run.pt", weights_only=True)
    assert state["epoch"] == 1 and len(state["history"]) == 1


def another_network():
    return nn.Sequential(*network()[:2], nn.Sigmoid(), *network()[3:])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"batch_size": 6}, "batch_size"),
        ({"lr": 0.01}, "lr"),
        ({"dataset": Digits(24)}, "samples"),
        ({"model": nn.Sequential(nn.Flatten(), nn.Linear(16, 3))}, "model, weights"),
        ({"model": another_network()}, "same model"),  # the same shapes, another function
    ],
)
def test_the_checkpoint_of_another_run_is_refused_and_kept(tmp_path, change, named):
    path = tmp_path / "run.pt"
    run(1, path)
    before = path.read_bytes()
    call = {"model": network(), "dataset": Digits(), "epochs": 2, "batch_size": 5, **change}
    model = {name: value.clone() for name, value in call["model"].state_dict().items()}
    with pytest.raises(ValueError, match=f"(?s)another run.*{named}"):
        fit(**call, checkpoint=path)
    assert path.read_bytes() == before
    assert all(torch.equal(model[k], v) for k, v in call["model"].state_dict().items())


def cut(content):
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    "spoil", [cut, lambda content: b"", lambda content: b"notes of mine", lambda content: None]
)
def test_an_unreadable_checkpoint_is_refused_and_kept(tmp_path, spoil):
    path = tmp_path / "run.pt"
    run(1, path)
    content = spoil(path.read_bytes())
    if content is None:
        torch.save({"model": network().state_dict()}, path)  # readable, but not ours
        content = path.read_bytes()
    path.write_bytes(content)
    with pytest.raises(ValueError, match="cannot be read.*left as it is"):
        run(2, path)
    assert path.read_bytes() == content


def test_a_folder_as_checkpoint_is_refused_before_training(tmp_path):
    dataset = Digits()
    with pytest.raises(ValueError, match="cannot be read"):
        run(1, tmp_path, dataset=dataset)
    assert dataset.asked == []


def test_fewer_epochs_than_stored_are_refused(tmp_path):
    run(3, tmp_path / "run.pt")
    with pytest.raises(ValueError, match="already at epoch 3; you asked for 2"):
        run(2, tmp_path / "run.pt")


# --- stopping ----------------------------------------------------------------------------


def test_stop_keeps_the_finished_epochs_and_a_usable_model(tmp_path, capsys):
    path = tmp_path / "run.pt"
    model, history = run(5, path, dataset=InterruptedAt(2 * 23 + 8))
    assert [record["epoch"] for record in history] == [1, 2]
    assert capsys.readouterr().out.splitlines()[-1] == ("Stopped by hand. Finished epochs: 2 of 5.")
    assert evaluate(model, Digits())[2].shape == (23,)
    assert costs(run(3, path)[1]) == costs(run(3)[1])


def test_stop_in_the_first_epoch_returns_an_empty_history():
    assert run(2, dataset=InterruptedAt(3))[1] == []


def test_a_loss_that_is_not_finite_stops_with_advice(tmp_path):
    dataset = Digits()
    dataset.images[7] = float("nan")
    model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3))
    with pytest.raises(ValueError, match="(?s)loss became nan.*lower lr.*NaN"):
        fit(model, dataset, 2, 5)
    assert model[1].weight.isfinite().all()


# --- evaluate ----------------------------------------------------------------------------


def test_evaluate_weights_a_ragged_last_batch_by_its_samples():
    # Two right of two, then none of one: 2/3, not the mean of 1 and 0.
    logits = torch.tensor([[2.0, 0], [3, 0], [4, 0]])
    dataset = TensorDataset(logits, torch.tensor([0, 0, 1]))
    loss, accuracy, predictions = evaluate(nn.Identity(), dataset, batch_size=2)
    assert accuracy == 2 / 3 and type(accuracy) is float and type(loss) is float
    assert loss == pytest.approx(F.cross_entropy(logits, dataset.tensors[1]).item(), rel=1e-6)
    assert torch.equal(predictions, torch.tensor([0, 0, 0]))


@pytest.mark.parametrize("batch_size", [1, 7, 23, 1000])
def test_evaluate_does_not_depend_on_the_batch_size(batch_size):
    seed_everything()
    model, dataset = network(), Digits()
    model.eval()
    with torch.no_grad():
        logits = model(dataset.images)
    loss, accuracy, predictions = evaluate(model, dataset, batch_size)
    assert predictions.dtype == torch.int64 and predictions.shape == (23,)
    assert torch.equal(predictions, logits.argmax(1))
    assert accuracy == (predictions == dataset.labels).sum().item() / 23
    assert loss == pytest.approx(F.cross_entropy(logits, dataset.labels).item(), rel=1e-5)


def test_evaluate_gives_every_part_its_mode_back_and_moves_nothing():
    model = network().train()
    model[1].eval()  # a frozen batch norm inside a model in train mode
    before = {name: value.clone() for name, value in model.state_dict().items()}
    modes, state = [module.training for module in model.modules()], torch.get_rng_state()
    evaluate(model, Digits(), 7)
    assert [module.training for module in model.modules()] == modes
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(before[k], v) for k, v in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())
    with pytest.raises(RuntimeError):
        evaluate(model, TensorDataset(torch.rand(3, 2, 4, 4), torch.zeros(3).long()))
    assert [module.training for module in model.modules()] == modes


def test_evaluate_builds_no_graph():
    seen = []
    model = network()
    model.register_forward_hook(lambda module, inputs, output: seen.append(output.requires_grad))
    evaluate(model, Digits(), 20)
    assert seen == [False, False]


def test_any_dataset_will_do():
    class Numbers(Dataset):  # labels as plain ints, images made when asked for
        def __len__(self):
            return 6

        def __getitem__(self, index):
            return torch.full((1, 4, 4), float(index)), index % 3

    seed_everything()
    model = network()
    assert len(fit(model, Numbers(), 1, 4, validation=Subset(Numbers(), [0, 5]))) == 1
    assert evaluate(model, Numbers())[2].shape == (6,)


# --- bad input ---------------------------------------------------------------------------


def data(images=None, labels=None):
    images = torch.rand(4, 1, 4, 4) if images is None else images
    return TensorDataset(images, torch.zeros(4).long() if labels is None else labels)


BAD = {
    "empty": ({"dataset": Subset(Digits(), [])}, ValueError, "dataset is empty"),
    "empty validation": ({"validation": Subset(Digits(), [])}, ValueError, "validation is empty"),
    "no dataset": ({"dataset": iter([1])}, TypeError, "dataset is a list_iterator.*torch Dataset"),
    "epochs 0": ({"epochs": 0}, ValueError, "epochs is 0.*at least 1"),
    "epochs 1.5": ({"epochs": 1.5}, ValueError, "epochs is 1.5"),
    "epochs True": ({"epochs": True}, ValueError, "epochs is True"),
    "batch_size 0": ({"batch_size": 0}, ValueError, "batch_size is 0.*at least 1"),
    "negative lr": ({"lr": -1.0}, ValueError, "learning rate"),
    "float labels": ({"dataset": data(labels=torch.zeros(4))}, ValueError, r"labels.long\(\)"),
    "int32 labels": ({"dataset": data(labels=torch.zeros(4).int())}, ValueError, "int32.*int64"),
    "one-hot labels": (
        {"dataset": data(labels=torch.eye(4).long())},
        ValueError,
        r"shape \(4, 4\)",
    ),
    "label too high": (
        {"dataset": data(labels=torch.tensor([0, 1, 2, 3]))},
        ValueError,
        "go from 0 to 3.*3 logits.*0..2",
    ),
    "label -100": (
        {"dataset": data(labels=torch.tensor([0, 1, 2, -100]))},
        ValueError,
        "go from -100 to 2",
    ),
    "no pairs": ({"dataset": TensorDataset(torch.rand(4, 1, 4, 4))}, ValueError, "pair"),
    "dicts": ({"dataset": [{"image": torch.rand(1, 4, 4), "label": 0}] * 4}, ValueError, "pair"),
    "batch folded in": (
        {"model": nn.Sequential(nn.Flatten(0), nn.Unflatten(0, (-1, 8)), nn.Linear(8, 3))},
        ValueError,
        r"shape \(8, 3\) for 4 images.*flattens",
    ),
    "meta": ({"model": network().to("meta")}, ValueError, "meta.*real device"),
    "two devices": (
        {"model": nn.Sequential(nn.Flatten(), nn.Linear(16, 4), nn.Linear(4, 3, device="meta"))},
        ValueError,
        "cpu, meta",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_of_fit_gets_a_clear_error(name):
    change, error, message = BAD[name]
    call = {"model": network(), "dataset": data(), "epochs": 1, "batch_size": 4, **change}
    with pytest.raises(error, match=f"(?s){message}"):
        fit(**call)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dataset": Subset(Digits(), [])}, "dataset is empty"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"dataset": data(labels=torch.tensor([0, 1, 2, 3]))}, "go from 0 to 3"),
        ({"model": network().to("meta")}, "meta"),
    ],
)
def test_bad_input_of_evaluate_gets_a_clear_error(change, message):
    with pytest.raises(ValueError, match=message):
        evaluate(**{"model": network(), "dataset": data(), **change})


def test_a_model_spread_over_devices_is_refused():
    class Spread(nn.Module):
        def parameters(self):
            return [SimpleNamespace(device=torch.device("cuda", index)) for index in (0, 1)]

    with pytest.raises(ValueError, match="cuda:0, cuda:1; put all of it on one"):
        evaluate(Spread(), Digits())


def test_a_model_on_another_device_is_not_fetched(monkeypatch):
    monkeypatch.setattr(training, "_device_of", lambda model: torch.device("cuda:1"))
    for wanted in ("cpu", "cuda:0"):
        with pytest.raises(ValueError, match=rf'is on cuda:1.*model.to\("{wanted}"\)'):
            fit(network(), Digits(), 1, device=wanted)
    assert training._move(network(), None) == training._move(network(), "cuda")
    assert training._move(network(), None) == torch.device("cuda:1")
