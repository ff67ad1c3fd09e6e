"""fit is the textbook loop, only faster, and survives kills; evaluate leaves no trace."""

import itertools
import json
import multiprocessing
import os
import pickle
import random
import signal
import time
from types import SimpleNamespace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset

from helpers import mnist
from helpers.training import Step, devices, evaluate, fit, pick_device, seed_everything, steps
from helpers.training import run as loop
from helpers.training.fast import Batches, forward

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


def textbook(model, dataset, epochs, lr, batch_size=5):
    """The loop of the lab; the cost of each epoch."""
    loader = DataLoader(dataset, batch_size, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    expected = []
    for _ in range(epochs):
        total = 0.0
        for images, labels in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(images), labels)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(labels)
        expected.append(total / len(dataset))
    return expected


def test_fit_is_the_textbook_loop():
    seed_everything(777)
    model = network()
    expected = textbook(model, Digits(), 3, 0.01)
    after = torch.get_rng_state()
    ours, history = run(3, lr=0.01)
    assert costs(history) == pytest.approx(expected, rel=1e-5)
    right = dict(model.named_parameters())
    for name, weight in ours.named_parameters():
        if name != "0.bias":  # batch norm takes it out again: its gradient is nothing but rounding
            torch.testing.assert_close(weight, right[name], rtol=1e-3, atol=1e-4)
    assert torch.equal(torch.get_rng_state(), after)


def tensors(count=23):
    return Digits(count).images, Digits(count).labels


BACKWARDS = list(range(39, 16, -1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: TensorDataset(*tensors()),
        lambda: mnist.Digits(*tensors(), "made here"),
        lambda: Subset(TensorDataset(*tensors(40)), BACKWARDS),
        lambda: Subset(Subset(TensorDataset(*tensors(40)), range(39, 9, -1)), torch.arange(23)),
    ],
)
def test_whole_tensors_train_as_single_samples_do_to_the_bit(make):
    if isinstance(make(), Subset):
        loaded = Subset(Digits(40), BACKWARDS)
    else:
        loaded = Digits()
    (one, first), (other, second) = run(2, dataset=loaded), run(2, dataset=make())
    assert costs(first) == costs(second)
    assert same_weights(one, other)
    assert Batches(make(), 5, "cpu").tensors is not None
    assert evaluate(one, loaded)[:2] == evaluate(one, make())[:2]


def test_a_dataset_with_a_getitem_of_its_own_is_asked():
    class Louder(TensorDataset):
        def __getitem__(self, index):
            asked.append(index)
            return super().__getitem__(index)

    asked = []
    run(1, dataset=Louder(*tensors()))
    assert sorted(asked) == list(range(23))


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


EPOCHS = 12


class Slowly:
    """A file whose writing takes a while, so that some kills come while a checkpoint is saved."""

    def __init__(self, file):
        self.file = file

    def write(self, content):
        time.sleep(0.0002)
        return self.file.write(content)

    def flush(self):
        self.file.flush()


def train_until_killed(path, begun):
    """What the child does."""
    torch.set_num_threads(1)  # as in the tests' own process
    save = torch.save
    torch.save = lambda state, file: save(state, Slowly(file))
    begun.set()
    run(EPOCHS, path)


def same_state(one, other):
    """Whether two nested structures of tensors and numbers are equal to the bit."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            same_state(one[key], other[key]) for key in one.keys() - {"seconds"}
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_state, one, other))
    return one == other


def states_of_a_run_without_kills(path):
    """The content of the checkpoint after each epoch."""
    states = []
    seed_everything(777)
    for event in steps(network(), Digits(), EPOCHS, 5, checkpoint=path):
        if not isinstance(event, Step):
            states.append(torch.load(path))
    return states


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize("kills", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_kills_at_random_moments_cost_time_only(tmp_path, kills, capsys):
    start = time.monotonic()
    states = states_of_a_run_without_kills(tmp_path / "straight.pt")
    longest = time.monotonic() - start
    path, part = tmp_path / "run.pt", tmp_path / "run.pt.part"
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["test_training", "torch._dynamo"])
    chance = random.Random(kills)
    killed = right = saving = resumed = 0
    while killed < kills:
        begun = context.Event()
        child = context.Process(target=train_until_killed, args=(path, begun))
        child.start()
        assert begun.wait(60)
        time.sleep(chance.uniform(0, longest))
        child.kill()
        child.join()
        if child.exitcode == 0:  # it was faster than the kill: begin again
            path.unlink()
            continue
        assert child.exitcode == -signal.SIGKILL
        killed, saving, resumed = killed + 1, saving + part.exists(), resumed + path.exists()
        state = torch.load(path) if path.exists() else None
        right += state is None or same_state(state, states[state["epoch"] - 1])
    run(EPOCHS, path)
    assert same_state(torch.load(path), states[-1])
    with capsys.disabled():
        print(f"\n{right} of {kills} kills resumed; {saving} came while saving")
    assert right == kills


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
def test_a_save_that_fails_half_way_leaves_the_old_checkpoint(tmp_path, monkeypatch, error, capsys):
    path = tmp_path / "run.pt"
    run(1, path)
    before = path.read_bytes()

    def half(state, file):
        file.write(before[: len(before) // 2])
        raise error

    monkeypatch.setattr(torch, "save", half)
    if isinstance(error, OSError):
        with pytest.raises(OSError, match="disk full"):
            run(2, path)
        assert "epoch  2  loss" in capsys.readouterr().out  # it is finished, and said
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
        ({"dataset": TensorDataset(*tensors())}, "digits"),  # not known to be the same
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


def test_other_digits_of_the_same_number_are_another_run(tmp_path):
    images, labels = tensors()
    run(1, tmp_path / "run.pt", dataset=TensorDataset(images, labels))
    run(2, tmp_path / "run.pt", dataset=TensorDataset(images.clone(), labels))
    for other in (TensorDataset(images + 1e-6, labels), TensorDataset(images, labels.flip(0))):
        with pytest.raises(ValueError, match="not the same digits"):
            run(3, tmp_path / "run.pt", dataset=other)


def test_another_number_of_threads_is_said_and_the_remedy_with_it(tmp_path, monkeypatch):
    path = tmp_path / "run.pt"
    run(1, path)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 8)
    with pytest.raises(ValueError, match=r"the same threads.*torch.set_num_threads\(1\)"):
        run(2, path)


class Malicious:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_a_checkpoint_that_would_run_code_is_refused(tmp_path):
    trap, path = tmp_path / "trap", tmp_path / "run.pt"
    pickle.loads(pickle.dumps(Malicious(str(trap))))
    trap.rmdir()  # it does spring
    for write in (torch.save, lambda thing, path: path.write_bytes(pickle.dumps(thing, 2))):
        write({"epoch": Malicious(str(trap))}, path)
        with pytest.raises(ValueError, match="cannot be read.*UnpicklingError"):
            run(1, path)
        assert not trap.exists()


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


# --- events ------------------------------------------------------------------------------


def test_steps_yields_each_batch_and_each_record():
    seed_everything(777)
    events = list(steps(network(), Digits(), 2, 10))
    assert [type(event) for event in events] == [Step, Step, Step, dict] * 2
    assert [event[:3] for event in events if isinstance(event, Step)] == [
        (epoch, batch, 3) for epoch in (1, 2) for batch in (1, 2, 3)
    ]
    for one, two, three, record in (events[:4], events[4:]):
        mean = (10 * one.loss + 10 * two.loss + 3 * three.loss) / 23
        assert record["loss"] == pytest.approx(mean.item(), rel=1e-6)
        assert not one.loss.requires_grad


def test_whoever_goes_on_with_the_events_goes_on_with_the_training():
    straight, expected = run(3)
    seed_everything(777)
    model = network()
    events = steps(model, Digits(), 3, 5)
    taken = list(itertools.islice(events, 8))  # in the middle of epoch 2
    before = [weight.clone() for weight in model.parameters()]
    evaluate(model.eval(), Digits())
    assert all(map(torch.equal, before, model.parameters()))
    time.sleep(0.2)
    taken += events
    records = [event for event in taken if isinstance(event, dict)]
    assert costs(records) == costs(expected)
    assert same_weights(model, straight)
    assert records[1]["seconds"] < 0.2


def test_records_of_the_checkpoint_come_before_the_first_step(tmp_path):
    path = tmp_path / "run.pt"
    _, history = run(2, path)
    events = list(steps(network(), Digits(), 3, 5, checkpoint=path))
    assert events[:2] == history
    assert [type(event) for event in events[2:]] == [*[Step] * 5, dict]


def test_whoever_leaves_after_a_record_finds_it_in_the_checkpoint(tmp_path):
    for event in steps(network(), Digits(), 2, 5, checkpoint=tmp_path / "run.pt"):
        if not isinstance(event, Step):
            break
    assert torch.load(tmp_path / "run.pt")["history"] == [event]


# --- the device --------------------------------------------------------------------------


class CountReads(TorchDispatchMode):
    """Counts how often a number is read from a tensor: each time, Python waits for a GPU."""

    count = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        self.count += function is torch.ops.aten._local_scalar_dense.default
        return function(*args, **(kwargs or {}))


def test_where_python_runs_ahead_nothing_is_read_in_an_epoch(monkeypatch):
    def reads(samples):
        with CountReads() as mode:
            fit(network(), TensorDataset(*tensors(samples)), 2, 5)
            evaluate(network(), TensorDataset(*tensors(samples)), 5)
        return mode.count

    assert reads(100) - reads(50) == 2 * 10  # on a CPU each step's loss is looked at
    monkeypatch.setattr(loop, "runs_ahead", lambda device: True)
    assert reads(100) == reads(50) < 10


def test_a_loss_that_is_not_finite_ends_the_epoch_where_python_runs_ahead(monkeypatch):
    monkeypatch.setattr(loop, "runs_ahead", lambda device: True)
    images, labels = tensors()
    images[7] = float("nan")
    with pytest.raises(ValueError, match="(?s)loss became nan.*at the end of this epoch.*spoiled"):
        fit(network(), TensorDataset(images, labels), 2, 5)


def test_only_the_cpu_waits():
    assert devices.runs_ahead("cuda:0") and not devices.runs_ahead(torch.device("cpu"))


def test_a_full_gpu_memory_gets_advice():
    class Hungry(nn.Linear):
        def forward(self, x):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    model = nn.Sequential(nn.Flatten(), Hungry(16, 3))
    for call in (fit, evaluate):
        with pytest.raises(torch.OutOfMemoryError, match="smaller batch_size.*other notebooks"):
            call(model, Digits())


# --- fast, and the same ------------------------------------------------------------------


class Change(nn.Module):
    def __init__(self, change):
        super().__init__()
        self.change = change

    def forward(self, x):
        return self.change(x)


def keep_gradient(x):
    x.requires_grad and x.retain_grad()
    return x


BETWEEN = {  # what may stand between a ReLU and a max-pooling, and whether they may be swapped
    "nothing": ([nn.ReLU()], True),
    "torch.relu": ([Change(torch.relu)], True),
    "method": ([Change(lambda x: x.relu())], True),
    "keyword": ([Change(lambda x: torch.relu(input=x))], False),
    "in place": ([nn.ReLU(inplace=True)], False),
    "input changed": (
        [Change(lambda x: (torch.relu(x), x.detach().mul_(0.5))[0])],
        False,
    ),
    "other": ([nn.ReLU(), Change(lambda x: 2 * x)], False),
    "none": ([nn.Tanh()], False),
    "retained": ([nn.ReLU(), Change(keep_gradient)], False),
    "also used": ([Change(lambda x: torch.relu(x) + x)], False),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_pooling_before_the_relu_gives_the_same_bits(name):
    between, swapped = BETWEEN[name]
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), *between, nn.MaxPool2d(2))
    # Whole numbers: sums are exact, and many maxima are ties or zero.
    images = torch.randint(-2, 3, (4, 1, 8, 8)).float()
    with torch.no_grad():
        model[0].weight.copy_(torch.randint(-1, 2, (3, 1, 3, 3)))
        model[0].bias.zero_()
    results = []
    for compute in (lambda: model(images), lambda: forward(model, images)):
        model.zero_grad()
        output = compute()
        (output * torch.arange(output.numel()).reshape(output.shape)).sum().backward()
        results.append((output.detach(), model[0].weight.grad, output.grad_fn.name()))
    assert torch.equal(results[0][0], results[1][0])
    assert torch.equal(results[0][1], results[1][1])
    assert results[0][2] == "MaxPool2DWithIndicesBackward0"
    assert (results[1][2] == "ReluBackward0") == swapped


def test_maps_changed_after_their_relu_are_pooled_as_they_are():
    model = nn.Sequential(nn.ReLU(), Change(lambda x: x.neg_()), nn.MaxPool2d(2))
    images = torch.rand(1, 2, 4, 4)
    for context in (torch.no_grad, torch.inference_mode):
        with context():
            assert torch.equal(forward(model, images), model(images))


def test_indices_of_a_pooling_stay_those_after_the_relu():
    model = nn.Sequential(nn.ReLU(), nn.MaxPool2d(2, return_indices=True))
    images = -torch.rand(1, 2, 4, 4)
    assert torch.equal(forward(model, images)[1], model(images)[1])


HEADS = {
    "view": lambda x: x.view(x.size(0), -1),
    "view of a transposed map": lambda x: x.transpose(2, 3).contiguous().view(-1, 32),
    "view as": lambda x: x.view_as(torch.empty(len(x), 32)),
    "one channel after the other": lambda x: torch.stack([m.view(-1) for m in x]),
    "dropout": lambda x: F.dropout(x).flatten(1),
    "dropout in place": lambda x: (F.dropout(x, inplace=True), x)[1].flatten(1),
    "alpha dropout": lambda x: F.alpha_dropout(x, training=True).flatten(1),
    "noise": lambda x: (x + torch.rand_like(x) + torch.randn_like(x)).flatten(1),
    "bernoulli": lambda x: (x * torch.bernoulli(torch.full_like(x, 0.5))).flatten(1),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_model_of_any_style_trains_as_in_a_loop_of_its_own(name):
    def model():
        seed_everything(1)
        return nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), Change(HEADS[name]), nn.Linear(32, 3))

    expected = textbook(model(), Digits(), 2, 0.01)
    assert costs(fit(model(), Digits(), 2, 5, lr=0.01)) == pytest.approx(expected, rel=1e-5)


def test_a_view_that_cannot_be_is_refused_in_torchs_words():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), Change(lambda x: x.view(7, -1)), nn.Linear(32, 3))
    with pytest.raises(RuntimeError, match="shape '\\[7, -1\\]' is invalid"):
        fit(model, Digits(), 1)


@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:FutureWarning")
def test_scripted_models_are_run_as_they_are():
    class Lab(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer, self.fc = nn.Conv2d(1, 2, 3, padding=1), nn.Linear(32, 3)

        def forward(self, x):
            return self.fc(self.layer(x).view(x.size(0), -1))

    assert len(fit(torch.jit.script(Lab()), Digits(), 1)) == 1


def test_the_layout_of_weights_stays(tmp_path):
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.Conv2d(4, 5, 3), nn.Flatten(0), nn.Unflatten(0, (-1, 5))
    )
    fit(model, TensorDataset(torch.rand(9, 1, 5, 5), torch.zeros(9).long()), 2, 4)
    assert all(weight.is_contiguous() for weight in model.state_dict().values())


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
    monkeypatch.setattr(devices, "device_of", lambda model: torch.device("cuda:1"))
    for wanted in ("cpu", "cuda:0"):
        with pytest.raises(ValueError, match=rf'is on cuda:1.*model.to\("{wanted}"\)'):
            fit(network(), Digits(), 1, device=wanted)
    assert devices.place(network(), None) == devices.place(network(), "cuda")
    assert devices.place(network(), None) == torch.device("cuda:1")
