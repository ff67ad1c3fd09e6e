"""What the tests of all widgets share: a page of widgets, and one widget to be worked with."""

import time


def open_widgets(lab, name, cells, boards):
    """A notebook of these cells, run; its boards have the ids board0, board1 ..."""
    page = lab.open(name, cells)
    page.wait_for_function(f"document.querySelectorAll('.board').length === {boards}")
    page.evaluate("document.querySelectorAll('.board').forEach((b, i) => { b.id = `board${i}` })")
    return page


class Widget:
    """One board of the page: what it says, how tall its cell is, what can be done with it."""

    def __init__(self, page, number):
        self.page, self.selector = page, f"#board{number}"
        self.board = page.locator(self.selector)
        self.cell = page.locator(".jp-Notebook .jp-Cell").nth(number)
        self.height = self.tall()

    def tall(self):
        return self.cell.bounding_box()["height"]

    def button(self, name):
        return self.board.get_by_role("button", name=name, exact=True)

    def field(self, name):
        return self.board.locator(f'[data-input="{name}"]')

    def press(self, *keys):
        self.board.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def says(self, words, where=".says"):
        """Wait until the widget says so; nothing has jumped meanwhile."""
        self.board.locator(where, has_text=words).first.wait_for()
        assert self.tall() == self.height

    def shows(self, number, expected):
        """Wait until the cells of one matrix of the picture hold these texts."""
        deadline = time.monotonic() + 20
        while (found := self.grid(number)) != expected and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        assert found == expected and self.tall() == self.height

    def grid(self, number):
        """Texts in the cells of one matrix of the picture."""
        group = self.board.locator(f"svg > g:nth-of-type({number + 1})")
        return group.locator(":scope > g text").all_text_contents()
