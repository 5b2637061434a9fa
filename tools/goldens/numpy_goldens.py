"""Small pickles and arrays of numpy, for packages/datasets/test/formats/fixtures/numpy.json.

    pip install numpy==2.4.6
    python3 tools/goldens/numpy_goldens.py
"""

import base64
import io
import json
import os
import pathlib
import pickle

import numpy as np

FILE = pathlib.Path(__file__).parents[2] / "packages/datasets/test/formats/fixtures/numpy.json"

table = np.arange(12, dtype=np.uint8).reshape(2, 6)


class Evil:
    """Unpickling it runs a command, where the reader lets it."""

    def __reduce__(self):
        return (os.system, ("echo pwned",))


def saved(save, *arrays, **named):
    file = io.BytesIO()
    save(file, *arrays, **named)
    return file.getvalue()


cases = {
    **{
        f"protocol {protocol}": pickle.dumps({b"labels": [3, 9], b"data": table}, protocol=protocol)
        for protocol in (2, 3, 4, 5)
    },
    "evil": pickle.dumps({"labels": Evil()}, protocol=2),
    "floats": pickle.dumps({"data": np.zeros(2, np.float32)}, protocol=4),
    "npz deflated": saved(np.savez_compressed, x=table, y=np.array([[3], [9]])),
    "npz stored": saved(np.savez, x=table),
    "npy": saved(np.save, table),
    "npy fortran": saved(np.save, np.asfortranarray(table)),
    "npy int32": saved(np.save, np.array([1, -2, 3], dtype=np.int32)),
    "npy int64": saved(np.save, np.array([[1], [-2]])),
    "npy objects": saved(np.save, np.array([{}]), allow_pickle=True),
}
FILE.write_text(
    json.dumps({name: base64.b64encode(data).decode() for name, data in cases.items()}, indent=1)
)
