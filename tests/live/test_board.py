"""The front end that all widgets share, in a real JupyterLab: events, focus, shortcuts."""

import pytest

COUNTER = """
import time
from helpers.widgets.front.board import Board, State

class Counter(State):
    label, keys, count, seen, word = "Counter", ("ArrowRight",), 0, 0, ""

    def handle(self, event):
        self.seen += 1
        if event["type"] in ("click", "key"):
            self.count += 1
        elif event["type"] == "input" and event["name"] == "slide":
            self.count = int(event["value"])
            time.sleep(7 if self.count == 99 else 0.2)
        elif event["type"] == "enter":
            self.word = event["value"]
        elif event["type"] == "input":
            raise ValueError("a fault in a handler")

    def html(self):
        facts = {"count": self.count, "seen": self.seen, "word": self.word}
        return ("".join(f'<p id="{name}">{fact}</p>' for name, fact in facts.items())
                + '<button data-click="more">more</button><input type="text" data-input="word">'
                + f'<input type="range" data-input="slide" max="100" value="{self.count}">')

    def text(self):
        return f"count {self.count}"

    def figure(self):
        return None

Board(Counter())
"""


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open("counter", cells=[COUNTER])
    page.wait_for_selector(".board #count")
    yield page
    page.close()


def count(page, value, name="count"):
    page.wait_for_function(f"document.querySelector('.board #{name}').textContent === '{value}'")


def test_clicks_and_keys_reach_python_and_focus_stays(page, lab):
    button = page.locator(".board button")
    button.click()
    count(page, 1)
    page.keyboard.press("Enter")
    count(page, 2)
    page.locator(".board").focus()
    page.keyboard.press("ArrowRight")
    count(page, 3)
    assert page.evaluate("document.activeElement.className") == "board"
    assert not lab.errors


def test_no_key_reaches_the_shortcuts_of_the_notebook(page):
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    page.locator(".board").focus()
    for key in "abdxzmyDD":
        page.keyboard.press(key)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells
    assert page.evaluate("jupyterapp.shell.currentWidget.content.activeCell.model.type") == "code"


def test_a_word_is_typed_and_sent_with_enter(page):
    field = page.locator('.board input[type="text"]')
    field.click()
    page.keyboard.type("seven")
    page.keyboard.press("Enter")
    count(page, "seven", "word")


def test_a_dragged_slider_sends_its_latest_value_and_does_not_queue_up(page):
    before = int(page.locator(".board #seen").inner_text())
    page.evaluate(
        """() => { const slider = document.querySelector('.board input[type=range]');
        for (let i = 1; i <= 60; i++) {
          slider.value = i; slider.dispatchEvent(new Event('input', {bubbles: true})); } }"""
    )
    count(page, 60)
    assert int(page.locator(".board #seen").inner_text()) - before <= 3


def test_a_kernel_that_is_busy_or_gone_is_said_to_be(page):
    gone = page.locator(".board .gone")
    assert gone.is_hidden()
    kernel = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.locator(".board input[type=range]").fill("99")  # takes seven seconds
    page.locator(".gone", has_text="It is busy, or it was restarted").wait_for()
    gone.wait_for(state="hidden")  # it answers after all
    page.evaluate(f"{kernel}.restart()")
    page.locator(".gone", has_text="has ended. Run the cells above again").wait_for()
    page.locator(".board button").click()
    page.wait_for_timeout(500)
    assert gone.is_visible()
