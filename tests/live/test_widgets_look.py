"""How every widget looks on a laptop and a projector, in both themes: size, letters, contrast."""

from pathlib import Path

import pytest

from tests.live.widget import CELLS, Widget

LOOK = (Path(__file__).parent / "looks.js").read_text().strip().rstrip(";")
SCREENS = {(1280, 720): (600, 14), (1920, 1080): (960, 22)}  # height at most, letters at least
WIDGETS = [name for name in CELLS if name != "run"]


def fill(page):
    """Every widget in the state that takes most room."""
    stepper, pooling, views = (Widget(page, name) for name in ("stepper", "pooling", "views"))
    stepper.field("padding").select_option("2")
    stepper.field("ask").check()
    stepper.says("Which number")
    stepper.press("1", "Enter")
    stepper.says("1: ")
    stepper.press("1", "2", "Enter")  # the next try replaces the last
    stepper.says("12: ")
    pooling.field("kernel").select_option("4")
    pooling.field("padding").select_option("2")
    pooling.field("all").check()
    pooling.says("Output row 0, column 0")
    views.press("End", "ArrowUp")
    views.says("Output row 1, column 2")
    sizes = Widget(page, "sizes")
    for name, key in [("n", "End"), ("padding", "End"), ("kernel", "Home"), ("stride", "Home")]:
        sizes.field(name).focus()
        page.keyboard.press(key)
    sizes.says("22 places")
    Widget(page, "pad").press("3")
    Widget(page, "pad").says("The network says")


def test_a_title_wider_than_its_matrix_is_not_cut(page):
    pooling = Widget(page, "pooling")
    for name, value in {"kernel": "3", "padding": "0", "stride": "3", "kind": "average"}.items():
        pooling.field(name).select_option(value)
    pooling.says("divided by 9 numbers.")
    assert page.evaluate(LOOK, pooling.selector)["outside"] == []
    pooling.field("kind").select_option("max")


@pytest.fixture(scope="module", params=["Light", "Dark"])
def shown(request, page):
    """The page in a theme, all widgets filled; looks by widget and screen."""
    fill(page)
    name = f"JupyterLab {request.param}"
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    dark = str(request.param == "Light").lower()
    page.wait_for_function(f"document.body.dataset.jpThemeLight === '{dark}'")
    looks = {}
    for screen in SCREENS:
        page.set_viewport_size(dict(zip(("width", "height"), screen, strict=True)))
        page.wait_for_timeout(300)
        for widget in WIDGETS:
            page.locator(f"#board-{widget}").scroll_into_view_if_needed()
            looks[widget, screen] = page.evaluate(LOOK, f"#board-{widget}")
    yield looks
    page.set_viewport_size({"width": 1300, "height": 1000})
    Widget(page, "stepper").field("ask").uncheck()


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: f"{screen[0]}x{screen[1]}")
@pytest.mark.parametrize("widget", WIDGETS)
def test_a_widget_fits_and_reads_well(shown, widget, screen):
    look, (height, letters) = shown[widget, screen], SCREENS[screen]
    print(f"{widget} {screen}: {look['height']:.0f} high, letters {look['smallest']:.1f}")
    assert look["height"] <= height
    assert look["smallest"] >= letters
    for fault in ("outside", "scrolls", "pale", "dim", "crossing"):
        assert look[fault] == [], fault
