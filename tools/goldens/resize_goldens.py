"""Resized images from Pillow, for packages/datasets/test/transforms/fixtures/pillow-resize.json.

    pip install pillow==12.3.0
    python3 tools/goldens/resize_goldens.py
"""

import json
import pathlib

import PIL
from PIL import Image

FILE = pathlib.Path(__file__).parents[2] / "packages/datasets/test/transforms/fixtures/pillow-resize.json"

# height, width, channels of the image; window (top, left, height, width); height, width of the result
CASES = [
    ((6, 7, 3), (0, 0, 6, 7), (4, 3)),
    ((6, 7, 1), (0, 0, 6, 7), (9, 13)),
    ((40, 11, 3), (0, 0, 40, 11), (5, 5)),
    ((20, 30, 3), (3, 5, 13, 17), (8, 8)),
    ((9, 9, 1), (0, 0, 9, 9), (9, 4)),
    ((1, 1, 3), (0, 0, 1, 1), (3, 2)),
]


def pattern(height, width, channels):
    """The pixels that the test makes too: (7 x + 13 y + 29 c + 5 x y + x^2) mod 256."""
    values = [
        (7 * x + 13 * y + 29 * c + 5 * x * y + x * x) % 256
        for y in range(height)
        for x in range(width)
        for c in range(channels)
    ]
    return Image.frombytes("RGB" if channels == 3 else "L", (width, height), bytes(values))


def case(shape, window, size):
    top, left, height, width = window
    cropped = pattern(*shape).crop((left, top, left + width, top + height))
    resized = cropped.resize((size[1], size[0]), Image.Resampling.BILINEAR)
    return {"shape": shape, "window": window, "size": size, "pixels": list(resized.tobytes())}


FILE.parent.mkdir(parents=True, exist_ok=True)
goldens = {"pillow": PIL.__version__, "cases": [case(*arguments) for arguments in CASES]}
FILE.write_text(json.dumps(goldens) + "\n")
