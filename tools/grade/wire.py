"""Plain data and outcomes as JSON and back: what a student's process may say, and nothing else."""

import base64
import builtins
import json

import numpy as np

from helpers.checking.converting import Array, Odd
from helpers.checking.running import Outcome, TimeUp
from helpers.checking.todo import Unanswered

LONGEST = 48_000_000  # bytes of one line: an array of 2,000,000 numbers fits


def pack(value):
    """Plain data (as `converting.freeze` gives it) as what JSON can hold."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value if len(value) < 10**5 else {"odd": f"a text of {len(value)} characters"}
    if isinstance(value, int):
        return {"int": hex(value)}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, tuple):
        return [pack(v) for v in value]
    if isinstance(value, dict):
        return {"dict": [[pack(k), pack(v)] for k, v in value.items()]}
    if isinstance(value, Array):
        numbers = base64.b64encode(np.ascontiguousarray(value.values, "<f8").tobytes()).decode()
        return {"array": numbers, "shape": list(value.values.shape), "kind": value.kind}
    return {"odd": value.what if isinstance(value, Odd) else "something"}


def unpack(value):
    """The plain data that pack() was given; ValueError, TypeError or KeyError for anything else."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return tuple(unpack(v) for v in value)
    if "int" in value:
        return int(value["int"], 16)
    if "float" in value:
        return float.fromhex(value["float"])
    if "dict" in value:
        return {unpack(k): unpack(v) for k, v in value["dict"]}
    if "array" in value:
        numbers = np.frombuffer(base64.b64decode(value["array"]), "<f8").astype(np.float64)
        return Array(numbers.reshape([int(n) for n in value["shape"]]), str(value["kind"])[:80])
    return Odd(str(value["odd"])[:200])


def pack_error(error, line=""):
    """An exception as its type, its words and the learner's own line."""
    if error is None:
        return None
    try:
        words = str(error)[:2000]
    except BaseException:
        words = ""
    names = [kind.__name__ for kind in type(error).__mro__]
    return {"type": str(names[0])[:80], "words": words, "line": line}


def unpack_error(packed):
    """An exception that judging takes for the one that was packed; its line as `line`."""
    if packed is None:
        return None
    name, words = str(packed["type"])[:80], str(packed["words"])[:2000]
    known = {"TimeUp": TimeUp, "Unanswered": Unanswered}.get(name, getattr(builtins, name, None))
    if not (isinstance(known, type) and issubclass(known, BaseException)):
        known = type(name, (Exception,), {})
    try:
        error = known(words)
    except TypeError:  # such as UnicodeDecodeError, which wants five arguments
        error = type(name, (Exception,), {})(words)
    if isinstance(error, KeyError):
        error = type("KeyError", (KeyError,), {"__str__": lambda self: words})()
    error.line = str(packed.get("line", ""))[:200]
    return error


def pack_outcome(outcome, line=""):
    """One Outcome as what JSON can hold."""
    return {
        "value": pack(outcome.value),
        "error": pack_error(outcome.error, line),
        "changed": bool(outcome.changed),
        "printed": str(outcome.printed)[:400],
        "written": int(outcome.written),
        "kind": str(outcome.kind)[:80],
        "seconds": float(outcome.seconds),
    }


def unpack_outcome(packed):
    """The Outcome that pack_outcome() was given."""
    return Outcome(
        value=unpack(packed["value"]),
        error=unpack_error(packed["error"]),
        changed=packed["changed"] is True,
        printed=str(packed["printed"])[:400],
        written=int(packed["written"]),
        kind=str(packed["kind"])[:80],
        seconds=float(packed["seconds"]),
    )


def line_of(message):
    """A message as one line of bytes; what is too long says so in place of its body."""
    line = json.dumps(message).encode() + b"\n"
    if len(line) <= LONGEST:
        return line
    short = {key: message[key] for key in ("nonce", "step", "event")} | {"too_long": True}
    return json.dumps(short).encode() + b"\n"
