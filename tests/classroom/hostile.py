"""Answers that do what no answer should: bodies of functions, from hostile.txt.

A block begins with `### NAME => STATUS SLIP`: what the table is to hold; no slip stands for any.
In a body VICTIM is a file outside, SLEEP the seconds by which a process left behind is recognised.
"""

import re
from pathlib import Path

TEXT = Path(__file__).with_name("hostile.txt").read_text(encoding="utf-8")
HOSTILE = {
    name: (body.strip("\n"), status, slip)
    for name, status, slip, body in re.findall(
        r"^### (.+?) => (\w+) ?(.*)\n((?:(?!###).*\n)+)", TEXT, re.MULTILINE
    )
}


def text(name, stub, victim, sleep):
    """(the stub's function with a hostile body, status, slip)."""
    body, status, slip = HOSTILE[name]
    head = stub.rpartition("\n    return TODO")[0]
    lines = body.replace("VICTIM", victim).replace("SLEEP", sleep).splitlines()
    return "\n".join([head, *(f"    {line}" for line in lines)]), status, slip
