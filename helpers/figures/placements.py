"""Every place of a kernel along one axis."""

import matplotlib.pyplot as plt
import numpy as np

from helpers import arithmetic
from helpers.cells import COLOURS, draw_cell
from helpers.figures import words
from helpers.figures.style import STYLE, WIDTH


@plt.rc_context(STYLE)
def show_placements(n, kernel, stride=1, padding=0, dilation=1):
    """Draw every place of a kernel along one axis, a row each; hatch the pixels never read."""
    count = arithmetic.output_size(n, kernel, stride, padding, dilation)
    total = n + 2 * padding
    cell = min(0.55, (WIDTH - 1.2) / total)
    step = min(0.8, 6 / count / cell)  # height of a row in cells
    reads = [range(i * stride, i * stride + dilation * kernel, dilation) for i in range(count)]
    unread = sorted(set(range(total)).difference(*reads))
    bottom, width = 1.4 + count * step, max(total + 1.2 / cell, 5 / cell)
    fig = plt.figure(figsize=(width * cell, bottom * cell + 1.08))
    ax = fig.add_axes((0, 0, 1, 1))
    names = {"ha": "right", "va": "center", "size": 12}
    ax.text(-0.15 / cell, 0.5, "pixel", **names)
    for x in range(total):
        role = "input" if padding <= x < total - padding else "padding"
        label = str(x - padding) if role == "input" else "0"
        label = label if cell > 0.21 else ""
        draw_cell(ax, (x, 0), label, role, hatch=x in unread, size=max(11, min(15, 30 * cell)))
    for y, cells in zip(1.4 + step * np.arange(count), reads, strict=True):
        ax.plot([cells[0] + 0.5, cells[-1] + 0.5], [y + step * 0.45] * 2, color=COLOURS["kernel"])
        for x in cells:
            draw_cell(ax, (x, y), "", "kernel", height=0.9 * step)
        if step * cell > 0.18:
            ax.text(-0.15 / cell, y + step * 0.45, f"output {reads.index(cells)}", **names)
    settings = f"n = {n}, kernel {kernel}, stride {stride}, padding {padding}, dilation {dilation}"
    placements = f"{count} place{'s' if count > 1 else ''}"
    foot = f"hatched: never read ({len(unread)})" if unread else "every pixel is read"
    middle = total / 2 - 0.4 / cell
    head = {"ha": "center", "va": "bottom", "linespacing": 1.4}
    ax.text(middle, -0.15 / cell, f"{settings}\n{placements}", **head)
    ax.text(middle, bottom + 0.08 / cell, foot, ha="center", va="top")
    ax.set(xlim=(middle - width / 2, middle + width / 2))
    ax.set(ylim=(bottom + 0.4 / cell, -0.68 / cell))
    ax.set_axis_off()
    told = f"{settings}: {placements}. {_words(reads, n, padding)}; {foot}"
    names = [str(x - padding) if padding <= x < total - padding else "padding" for x in unread]
    return words.describe(told + (f": {', '.join(names)}" if names else ""), fig)


def _words(reads, n, padding):
    """Which pixels each output number reads; of more than six the first, second and last."""
    told = []
    for place in range(len(reads)) if len(reads) <= 6 else (0, 1, len(reads) - 1):
        pixels = [x - padding for x in reads[place]]
        names = [str(x) if 0 <= x < n else "padding" for x in pixels]
        told.append(f"output {place} reads {', '.join(names)}")
    return "; ".join(told).capitalize()
