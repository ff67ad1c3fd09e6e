"""The site in a real browser, from disk, with the network off: errors, reach, keys, paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tools.execute import find
from tools.site.building import build

pytestmark = pytest.mark.slow  # the whole site is built, every recording made

SCREENS = [(390, 844), (1280, 720), (1920, 1080)]
GRAVE = ("serious", "critical")


@pytest.fixture(autouse=True)
def nothing_complains():
    """No JupyterLab is needed here; each test looks at the browser's complaints by itself."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    assert build(find([]), folder) == {}
    return folder


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request, browser):
    """A page without a network, in a theme; `complaints` are errors and requests that failed."""
    context = browser.new_context(offline=True, color_scheme=request.param, reduced_motion="reduce")
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: m.type == "error" and page.complaints.append(m.text))
    page.on("requestfailed", lambda request: page.complaints.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda r: r.url.startswith("http") and page.complaints.append(f"asked for {r.url}"),
    )
    yield page
    context.close()


def resize(reader, screen):
    reader.set_viewport_size(dict(zip(("width", "height"), screen, strict=True)))


def faults(reader):
    """What is wrong with the page that is open, with all that is folded open."""
    reader.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    for place in reader.locator(".replay").all():  # widgets come to life when one is near
        place.scroll_into_view_if_needed()
        reader.wait_for_function("place => place.matches('.live')", arg=place.element_handle())
    yield from reader.complaints
    yield from reader.evaluate(
        "Promise.all([...document.images].map(i => i.decode().then(() => '', () => i.src)))"
        ".then(missing => missing.filter(Boolean))"
    )
    levels = reader.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => +h.tagName[1])"
    )
    if levels[0] != 1 or levels.count(1) != 1:
        yield f"headings of level 1: {levels.count(1)}"
    if any(after > before + 1 for before, after in zip(levels, levels[1:], strict=False)):
        yield f"headings leave out a level: {levels}"
    for screen in SCREENS:
        resize(reader, screen)
        if reader.evaluate("document.documentElement.scrollWidth") > screen[0]:
            yield f"wider than {screen[0]} pixels"
        fits = "board => board.scrollWidth <= board.clientWidth + 1"
        cut = reader.evaluate(f"![...document.querySelectorAll('.board')].every({fits})")
        if cut and screen[0] > 1000:  # on a phone the widest scroll
            yield f"a widget does not fit its column at {screen[0]} pixels"
    yield from violations(reader)


def violations(reader):
    """What axe finds serious on the page that is open."""
    # preload would read styles again, which file:// forbids
    found = Axe().run(reader, options={"resultTypes": ["violations"], "preload": False})
    for violation in found.response["violations"]:
        if violation["impact"] in GRAVE:
            yield f"{violation['id']}: {[node['target'] for node in violation['nodes'][:3]]}"


def test_every_page_is_whole_reachable_and_asks_nobody(reader, site):
    found = {}
    for path in sorted(site.rglob("*.html")):
        reader.goto(path.as_uri())
        if told := [*faults(reader)]:
            found[path.name] = told
    assert found == {}


def test_axe_finds_nothing_serious_on_a_phone(reader, site):
    resize(reader, SCREENS[0])
    for name in ("index.html", "search.html?q=padding", "notebooks/00_start_here.html"):
        reader.goto(f"{site.as_uri()}/{name}")
        assert [*violations(reader)] == [], name


def test_search_works_from_disk(reader, site):
    resize(reader, SCREENS[1])
    reader.goto((site / "index.html").as_uri())
    reader.fill(".sidebar-search", "dilation")
    reader.press(".sidebar-search", "Enter")
    reader.wait_for_selector("ul.search li a")
    found = reader.locator("ul.search li a").all_inner_texts()
    assert "02 Padding, stride and the output size" in found
    reader.locator("ul.search li a", has_text="02 Padding").first.click()
    reader.wait_for_selector("article .facts")
    assert not reader.complaints


def test_keys_alone_open_the_menu_on_a_phone_and_the_hints(reader, site):
    resize(reader, SCREENS[0])
    reader.goto((site / "notebooks" / "01_convolution_by_hand.html").as_uri())
    menu = reader.locator("label.nav-overlay-icon")
    reader.evaluate("document.body.focus()")
    for _ in range(8):
        reader.keyboard.press("Tab")
        if menu.evaluate("label => label === document.activeElement"):
            break
    reader.keyboard.press("Enter")
    reader.wait_for_function("document.querySelector('.sidebar-drawer').offsetLeft >= 0")
    assert menu.get_attribute("aria-expanded") == "true"
    reader.keyboard.press("Escape")
    assert menu.get_attribute("aria-expanded") == "false"
    hints = reader.locator(".exercise-help >> nth=1 >> .hint")
    assert not hints.nth(1).is_visible()
    hints.nth(0).locator("summary").first.focus()
    reader.keyboard.press("Enter")
    assert hints.nth(1).is_visible()
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    assert hints.nth(1).evaluate("hint => hint.open")


def test_on_paper_there_is_the_article_alone_dark_on_white(reader, site):
    reader.goto((site / "notebooks" / "01_convolution_by_hand.html").as_uri())
    reader.emulate_media(media="print")
    for part in (".sidebar-drawer", ".toc-drawer", ".mobile-header", ".related-pages"):
        assert not reader.locator(part).is_visible(), part
    colours = reader.evaluate(
        "[getComputedStyle(document.querySelector('article p:not(.facts)')).color,"
        " getComputedStyle(document.body).backgroundColor]"
    )
    brightness = [sum(map(float, c.strip("rgba()").split(",")[:3])) for c in colours]
    assert brightness[0] < 150 and brightness[1] in (0, 765)  # 0: transparent
    reader.emulate_media(media="screen")
