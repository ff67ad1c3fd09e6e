"""Pen strokes: ten digits to choose from, and strokes laid as ink on a sheet; no model here."""

import functools
import math

import numpy as np
import torch
from PIL import Image, ImageDraw

SHEET = 280  # units along each side of the sheet: ten for a pixel of MNIST
PEN = 24  # width of the pen in units


def _arc(centre, radii, start, end):
    """Points of an ellipse's arc, clockwise from `start` to `end` in degrees (0: right)."""
    steps = max(2, round(abs(end - start) / 12))
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    (x, y), (a, b) = centre, radii
    return [(round(x + a * math.cos(t)), round(y + b * math.sin(t))) for t in angles]


DIGITS = {
    0: [_arc((140, 140), (55, 82), -90, 270)],
    1: [[(112, 92), (146, 60), (146, 222)]],
    2: [[*_arc((138, 106), (50, 46), 195, 380), (92, 220), (196, 220)]],
    3: [[*_arc((132, 100), (46, 40), 205, 440), *_arc((132, 180), (54, 42), -80, 155)]],
    4: [[(120, 60), (84, 158), (196, 158)], [(166, 84), (160, 224)]],
    5: [[(186, 62), (108, 62), (100, 130), *_arc((134, 168), (54, 50), -100, 150)]],
    6: [[(170, 60), (118, 110), *_arc((140, 172), (50, 48), 190, 560)]],
    7: [[(88, 64), (192, 64), (126, 222)]],
    8: [[*_arc((140, 102), (40, 40), 90, 450), *_arc((140, 182), (48, 40), -90, 270)]],
    9: [[*_arc((138, 106), (46, 44), 0, -360), (184, 106), (166, 224)]],
}


def blank():
    """A sheet without ink."""
    return Image.new("L", (SHEET, SHEET))


def ink(sheet, points):
    """Draw one stroke, a list of (x, y) in units, onto a sheet (a Pillow image), in place."""
    pen = ImageDraw.Draw(sheet)
    points = [(float(x), float(y)) for x, y in points]
    pen.line(points, fill=255, width=PEN, joint="curve")
    for x, y in (points[0], points[-1]):
        pen.ellipse((x - PEN / 2, y - PEN / 2, x + PEN / 2, y + PEN / 2), fill=255)
    return sheet


@functools.cache
def digit(number):
    """A sheet with one of the ten digits; draw on copies of it."""
    sheet = blank()
    for points in DIGITS[number]:
        ink(sheet, points)
    return sheet


def push(sheet, right, down):
    """The sheet with its ink moved by so many units, as far as the edges allow."""
    box = sheet.getbbox()
    if box is None:
        return sheet
    left, top, far, bottom = box
    right = min(max(right, -left), SHEET - far)
    down = min(max(down, -top), SHEET - bottom)
    moved = blank()
    moved.paste(sheet, (right, down))
    return moved


def pixels(sheet):
    """A sheet as a tensor (280, 280) of 0..1."""
    return torch.from_numpy(np.asarray(sheet, dtype=np.float32) / 255)


def enlarge(image):
    """An image (H, W) of 0..1 as a sheet, each pixel a square."""
    pixels = (np.asarray(image, dtype=np.float32).clip(0, 1) * 255).round().astype(np.uint8)
    return Image.fromarray(pixels).resize((SHEET, SHEET), Image.Resampling.NEAREST)
