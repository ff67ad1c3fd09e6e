"""Records a widget: every state that buttons, keys and choices reach, and what each event does.

A state of a widget is a *core* (a tuple that tells finitely many cores apart) and *registers* that
a recording need not enumerate: which places were seen or found, the version of the answer field,
what was said on the last answer, which question comes next. For each core the recorder takes the
real State there, sends it each event that its HTML offers, and notes the next core and what became
of the registers. The HTML is noted with holes where registers show. How a widget is taken to a
core is in `scripts`, the file format in `pack`.
"""

import itertools
import re

from helpers.widgets.front.board import page

VERSION, TYPED, COUNT, SAID = "\x01", "\x03", "\x04", "\x05"  # holes in recorded HTML
MANY, HIGH = 123454321, 987656789  # numbers that stand for the count and the version
KEPT = "\x06"  # what was said before an event, if it is still said
RIGHT, WRONG, NONE = "right", "wrong", "none"
CHUNK = re.compile(r'<(?:g|label|button|p|div|input|svg|img|select|span)\b|<path class="now"')
SECTION = re.compile(r'<svg|<div class="(?:row|sum|aside|columns|sliders)"|<p class="says|</svg>')


class Counted(set):
    """A set whose size is a hole."""

    def __len__(self):
        return MANY


def offered(state, html):
    """The events that a page offers by buttons, choices and keys, as board.js sends them."""
    events = []
    for tag in re.findall(r"<[^>]*data-(?:click|input)=[^>]*>", html):
        given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if re.search(r"\sdisabled", tag) or "data-answer" in tag or given.get("type") == "text":
            continue
        if name := given.get("data-click"):
            if name != "answer":
                events.append(("click", name, given.get("data-value", "")))
        elif given.get("type") == "checkbox":
            events += [("input", given["data-input"], value) for value in ("true", "false")]
        elif given.get("type") == "range":
            values = range(int(given["min"]), int(given["max"]) + 1)
            events += [("input", given["data-input"], str(value)) for value in values]
        else:
            options = re.search(f"{re.escape(tag)}(.*?)</select>", html)[1]
            values = re.findall(r'<option value="([^"]*)"', options)
            events += [("input", given["data-input"], value) for value in values]
    if "data-tick" in html:
        events.append(("tick", "", ""))
    return events + [("key", key, key) for key in state.keys]


class Recorder:
    """All that a script's widget does: `contexts`, `outcomes`, `pages`, ready to be packed.

    A context is (core, known): whether the place that is looked at was found in ask mode.
    """

    def __init__(self, script):
        self.script, self.state = script, script.state()
        self.pages, self.outcomes, self.left_out, self.queue = {}, {}, {}, []
        self.done = {}  # what was tried: an event, and all that matters for it
        for call in script.calls:
            self._reach(script.get(script.make(call)), False)
        while self.queue:
            self._explore(*self.queue.pop())

    def without_typing(self):
        """(contexts, events left out) that buttons, keys, choices and answers lead to."""
        starts = [(self.script.get(self.script.make(c)), False) for c in self.script.calls]
        reached, queue, left_out = set(starts), [*starts], 0
        while queue:
            core, known = queue.pop()
            left_out += self.left_out[core, known]
            for event, (after, _) in self.outcomes[core, known].items():
                for context in ((after, False), (after, True)):
                    typed = event.startswith("input\nweight ")
                    if not typed and context in self.pages and context not in reached:
                        reached.add(context)
                        queue.append(context)
        return len(reached), left_out

    def _reach(self, core, known):
        if (core, known) not in self.pages:
            self.pages[core, known] = None
            self.queue.append((core, known))

    def _explore(self, core, known):
        html = self._render(core, known)
        self.outcomes[core, known] = found = {}
        typed = list(self.script.typed(core))
        events = [*offered(self.state, html), *typed]
        recorded = [event for event in events if not self.script.leaves_out(core, event)]
        self.left_out[core, known] = len(events) - len(recorded)
        for event in recorded:
            for turn in self.script.turns(event):
                what = event, turn, known, self.script.matters(core, event)
                if what not in self.done:
                    self.done[what] = self._run(core, known, event, turn)
                found["\n".join((*event, *turn))] = self.done[what]
        if self.script.asks(core) and not known:
            self._put(core, known)
            for ahead in self.script.ahead(self.state):
                key = ("answer", RIGHT, *([] if ahead is None else [str(ahead)]))
                found["\n".join(key)] = self._answer(core, RIGHT, ahead)
            for verdict in (WRONG, NONE):
                found[f"answer\n{verdict}"] = self._answer(core, verdict)

    def _put(self, core, known):
        """Take the state to a core, its registers at values by which they are known again."""
        state, question = self.state, getattr(self.state, "question", None)
        self.script.put(state, core)
        if hasattr(state, "seen"):
            state.seen = {-1}
        if question:
            question.found = {-1, *([self.script.place(core)] if known else [])}
            question.version, question.typed = 0, ""
            question.said = (question.said[0], KEPT if question.said[0] else "")

    def _run(self, core, known, event, turn=()):
        self._put(core, known)
        if turn:
            self.state.turn = int(turn[0])
        self.state.handle(dict(zip(("type", "name", "value"), event, strict=True)))
        after, changes = self._outcome(core, known)
        return after, (*changes, self.state.turn if turn else None)

    def _answer(self, core, verdict, ahead=None):
        """An answer on which the verdict is known; `ahead`: the place that is next not found."""
        self._put(core, False)
        question, right = self.state.question, {RIGHT: True, WRONG: False, NONE: None}[verdict]
        others = set() if ahead is None else set(range(self.state.output.numel()))
        others -= {ahead, self.script.place(core)}
        question.found |= others
        judge, question.judge = question.judge, lambda text: (right, SAID)
        try:
            self.state.handle({"type": "enter", "name": "answer", "value": "0"})
        finally:
            question.judge = judge
        after, changes = self._outcome(core, False, others)
        return after, (*changes, None)

    def _outcome(self, core, known, given=()):
        """Next core, and what became of seen, found, version and said."""
        state, question = self.state, getattr(self.state, "question", None)
        after = self.script.get(state)
        seen = _change(state.seen) if hasattr(state, "seen") else None
        found, version, said = None, 0, None
        if question:
            here = [self.script.place(core)] if known else []
            found = _change(question.found, {*given, *here})
            version = question.version
            said = None if KEPT in question.said[1] else question.said[1]
        for other in self._known_after(core, after, known, found):
            self._reach(after, other)
        return after, (seen, found, version, said)

    def _known_after(self, core, after, known, found):
        """Whether the next place may be one that was found: both, unless the event says so."""
        if not self.script.guarded(after):
            return (False,)
        here = self.script.place(after)
        if found and here in found[1:]:
            return (True,)
        if found and found[0]:
            return (False,)
        if here == self.script.place(core):
            return (known,)
        return (False, True)

    def _render(self, core, known):
        """Note the page of a context, in sections of chunks; a chunk is a text, or (place, hidden,
        shown) where an output number shows itself once it was seen. Return it as it starts."""
        self._put(core, known)
        state, question = self.state, getattr(self.state, "question", None)
        if question:
            question.version = HIGH
            question.said = (question.said[0], SAID if question.said[0] else "")
        if not hasattr(state, "seen"):
            hidden = shown = page(state)
        else:
            state.seen = Counted()
            hidden = page(state)
            state.seen = Counted(range(0 if state.output is None else state.output.numel()))
            shown = page(state)
        pairs = zip(_sections(hidden), _sections(shown), strict=True)
        self.pages[core, known] = [
            tuple(self._chunk(*pair) for pair in zip(a, b, strict=True)) for a, b in pairs
        ]
        return hidden

    def _chunk(self, hidden, shown):
        if hidden == shown:
            return hidden
        row, column = map(int, re.search(r'data-value="(\d+),(\d+)"', hidden).groups())
        return row * self.state.output.shape[1] + column, hidden, shown


def _change(places, known=()):
    """None if a set of places is as before; else (whether it was emptied, *places that came)."""
    emptied = -1 not in places
    added = sorted(set(places) - {-1} - (set() if emptied else set(known)))
    return (int(emptied), *added) if emptied or added else None


def _sections(html):
    html = html.replace(str(MANY), COUNT).replace(str(HIGH), VERSION)
    return [_cut(part, CHUNK) for part in _cut(html, SECTION)]


def _cut(html, before):
    """A text cut before each match."""
    places = [match.start() for match in before.finditer(html)]
    ends = [*places, len(html)] if places[:1] == [0] else [0, *places, len(html)]
    return [html[a:b] for a, b in itertools.pairwise(ends) if a < b]
