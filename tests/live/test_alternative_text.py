"""What a picture shows, in words: in JupyterLab and on an exported page."""

import pytest

CELLS = [
    "import matplotlib.pyplot as plt\n"
    "from helpers import figures\n"
    "from helpers.example import IMAGE, KERNEL",
    "figures.show_convolution(IMAGE, KERNEL, 1, 2)\nplt.show()",
    "figures.show_images([IMAGE])\nfigures.describe('\"Five\" by <five>')\nplt.show()",
]


@pytest.fixture(scope="module")
def page(lab):
    page = lab.open("pictures", cells=CELLS)
    page.set_viewport_size({"width": 700, "height": 1000})
    page.wait_for_selector(".jp-RenderedImage img")
    yield page
    page.close()


def test_a_picture_has_its_words_and_half_the_size_of_its_pixels(page):
    pictures = page.locator(".jp-RenderedImage img")
    first, second = (pictures.nth(i) for i in range(2))
    page.wait_for_function("document.querySelectorAll('.jp-RenderedImage img[alt]').length == 2")
    assert "gives output, 3 by 3 (12 12 17 / 10 17 19 / 9 6 14)" in first.get_attribute("alt")
    assert second.get_attribute("alt") == '"Five" by <five>'
    sizes = first.evaluate("i => [i.naturalWidth, i.naturalHeight, i.width, i.height]")
    assert sizes[2] <= sizes[0] / 2 and abs(sizes[0] * sizes[3] - sizes[1] * sizes[2]) < sizes[0]
    assert second.evaluate("i => i.naturalWidth / i.width") == pytest.approx(2, rel=0.01)
