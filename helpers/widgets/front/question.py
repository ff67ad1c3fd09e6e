"""A number that is asked for and typed in: switch, field, verdict; what is right, widgets know."""

from helpers.widgets.front.controls import switch


class Question:
    """What is asked, typed and said about the places of a widget, one after the other.

    judge    the widget's verdict on a typed text: (right, sentence); right is None for no number
    asking   whether places are asked for; `found` holds those that were answered
    said     kind (good, bad or none) and sentence on the last answer
    wrong    how many wrong numbers were typed at this place
    version  raised by one to empty the field in the browser
    """

    def __init__(self, judge):
        self.judge, self.asking, self.version = judge, False, 0
        self.renew()

    def renew(self):
        """Forget what was answered."""
        self.found = set()
        self.clear()

    def clear(self):
        """Another place is asked for: nothing is typed and nothing said."""
        self.typed, self.said, self.wrong = "", ("", ""), 0
        self.version += 1

    def known(self, place=0):
        """Whether the answer at a place may be shown."""
        return not self.asking or place in self.found

    def take(self, event, place=0):
        """Take in an event: "ask", "typed", "right" or "wrong"; None if it is another's."""
        kind, name, value = event["type"], event["name"], event.get("value", "")
        if name == "ask":
            self.asking = value == "true"
            self.renew()
            return "ask"
        if name != "answer":
            return None
        if kind == "input" or self.known(place):
            self.typed = value
            return "typed"
        return self.answer(value if kind == "enter" else self.typed, place)

    def answer(self, text, place=0):
        """Judge a text as the answer at a place; return "right" or "wrong"."""
        right, sentence = self.judge(text)
        if right:
            self.found.add(place)
            self.clear()
            self.said = ("good", sentence)
            return "right"
        self.wrong += right is not None
        self.said = ("bad", sentence)
        return "wrong"

    def ahead(self, place, count):
        """The next of `count` places that is not found, around from `place`; `place` if none is."""
        places = [*range(place, count), *range(place)]
        return next((other for other in places if other not in self.found), place)

    def html(self, label, what, place=0, off=False):
        """Switch, field and button; `off`: nothing can be asked now."""
        closed = " disabled" if off or self.known(place) else ""
        return (
            f"{switch('ask', label, self.asking, off)}"
            f'<label>{what} <input type="text" inputmode="decimal" maxlength="12" '
            f'data-input="answer" data-answer value="" data-version="{self.version}"{closed}>'
            f'</label><button data-click="answer"{closed}>answer</button>'
        )
