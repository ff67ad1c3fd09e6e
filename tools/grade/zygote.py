"""The process from which a student's processes are forked: torch is loaded once, and no student's
code runs here. It takes requests on sockets (one a judge) and answers each with the keeper's id.

    python -m tools.grade.zygote PARENT FD [FD ...]

A request comes with two descriptors: one for what the student's process tells, one that the keeper
holds open until nothing of it is left.
"""

import contextlib
import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
import traceback

from tools.grade import cage

HEAD = struct.Struct("!Q")


def send(channel, request, pipe, life):
    """Ask for a process (a judge's side): the keeper's process id."""
    body = pickle.dumps(request)
    socket.send_fds(channel, [HEAD.pack(len(body))], [pipe, life])
    channel.sendall(body)
    return HEAD.unpack(_read(channel, HEAD.size))[0]


def _read(channel, size):
    data = b""
    while len(data) < size:
        part = channel.recv(min(size - len(data), 1 << 20))
        if not part:
            raise EOFError("The process that starts students' processes is gone.")
        data += part
    return data


def serve(channels):
    """Fork a keeper for each request, until no judge is left."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while channels:
        for channel in select.select(channels, [], [])[0]:
            head, descriptors, *_ = socket.recv_fds(channel, HEAD.size, 2)
            if not head:
                channels.remove(channel)
                continue
            head += _read(channel, HEAD.size - len(head)) if len(head) < HEAD.size else b""
            request = pickle.loads(_read(channel, HEAD.unpack(head)[0]))
            own = os.getpid()
            keeper = os.fork()
            if keeper == 0:
                try:
                    for other in channels:
                        other.close()
                    cage.become_keeper(own)
                    keep(request, *descriptors)
                finally:
                    os._exit(1)
            for descriptor in descriptors:
                os.close(descriptor)
            channel.sendall(HEAD.pack(keeper))


def keep(request, pipe, life):
    """Start a student's process, wait for its end, and let nothing of it stay; never returns."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    held = cage.set_apart()
    ready, go = os.pipe()
    first = os.fork()
    if first == 0:
        try:
            os.close(life)
            os.close(go)
            os.read(ready, 1)
            os.close(ready)
            start(request, pipe, held)
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(1)
    signal.signal(signal.SIGTERM, lambda *_: os.kill(first, signal.SIGKILL))
    os.close(pipe)
    os.close(go)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)  # it stays there to be killed again
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    status = os.waitpid(first, 0)[1]
    cage.sweep(first)
    os.write(life, b"%d" % status)
    os._exit(0)


def start(request, pipe, held):
    """Shut the cage and run the steps; never returns."""
    from tools.grade import runner

    os.setsid()
    for number in (signal.SIGTERM, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    folder = request["folder"]
    held.disk = held.network and cage.shut_disk(folder, request["hidden"])
    os.chdir(folder)
    for name in ("HOME", "TMPDIR", "MNIST_CACHE", "MPLCONFIGDIR", "IPYTHONDIR"):
        os.environ[name] = folder
    cage.give_up_rights(request["user"], request["needed"])
    cage.set_limits(request["seconds"])
    if request.get("only") == "held":
        os.write(pipe, pickle.dumps(held))
        os._exit(0)
    runner.run(request, pipe)


def warm_up():
    """Import and use once what answers use, so that no process has to."""
    os.environ["MPLBACKEND"] = "agg"
    import torch
    from torch import nn

    from tools.grade import runner  # noqa: F401
    from tools.grade.collecting import originals

    for _, cells in originals().values():
        with contextlib.suppress(Exception):  # the process that needs it says why
            exec(cells[0].source, {})
    torch.set_num_threads(1)
    layer = nn.Conv2d(1, 1, 3)
    optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
    layer(torch.ones(1, 1, 4, 4)).sum().backward()
    optimizer.step()
    torch.optim.Adam(layer.parameters()).step()
    gc.collect()
    gc.freeze()  # or a collection in each process would copy all memory


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent, *ends = map(int, sys.argv[1:])
    cage.end_with_parent(parent, signal.SIGTERM)
    channels = [socket.socket(fileno=end) for end in ends]
    warm_up()
    serve(channels)


if __name__ == "__main__":
    main()
