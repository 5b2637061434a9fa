"""Small PNGs and JPEGs and their pixels, for packages/datasets/test/formats/fixtures/images.json.

    pip install pillow==12.3.0
    python3 tools/goldens/image_goldens.py
"""

import base64
import io
import json
import pathlib

import PIL
from PIL import Image

FILE = pathlib.Path(__file__).parents[2] / "packages/datasets/test/formats/fixtures/images.json"
WIDTH, HEIGHT = 21, 10

photo = Image.new("RGB", (WIDTH, HEIGHT))
photo.putdata([(x * 12, y * 25, (x + y) * 8) for y in range(HEIGHT) for x in range(WIDTH)])
grey = photo.convert("L")
translucent = photo.convert("RGBA")
translucent.putalpha(grey)
deep = Image.new("I;16", (WIDTH, HEIGHT))
deep.putdata([(x * 3000 + y * 511) % 65536 for y in range(HEIGHT) for x in range(WIDTH)])
palette = photo.convert("P", palette=Image.Palette.ADAPTIVE, colors=13)


def case(name, image, truth, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    if kind == "JPEG":
        truth = Image.open(file)
    return {
        "name": name,
        "file": base64.b64encode(file.getvalue()).decode(),
        "rgb": base64.b64encode(truth.convert("RGB").tobytes()).decode(),
        "grey": base64.b64encode(truth.convert("L").tobytes()).decode(),
    }


upper = Image.new("L", (WIDTH, HEIGHT))
upper.putdata([value >> 8 for value in deep.getdata()])
cases = [
    case("png, rgb", photo, photo),
    case("png, grey", grey, grey),
    case("png, 1 bit", photo.convert("1"), photo.convert("1")),
    case("png, palette of 4 bits", palette, palette, bits=4),
    case("png, rgb and alpha", translucent, translucent),
    case("png, grey and alpha", translucent.convert("LA"), translucent.convert("LA")),
    case("png, 16 bits", deep, upper),
    case("jpeg, rgb", photo, photo, "JPEG", quality=95, subsampling="4:4:4"),
    case("jpeg, progressive", photo, photo, "JPEG", quality=95, subsampling="4:4:4", progressive=True),
    case("jpeg, grey", grey, grey, "JPEG", quality=95),
]
FILE.parent.mkdir(parents=True, exist_ok=True)
goldens = {"pillow": PIL.__version__, "shape": [HEIGHT, WIDTH], "cases": cases}
FILE.write_text(json.dumps(goldens) + "\n")
