"""`init-v1` in Python's standard library, from docs/init-v1.md alone; slow, and meant to be read beside it."""

import hashlib
import math
from collections.abc import Iterator

WORD = 2**32


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p, q = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = q // WORD ^ c1 ^ k0, q % WORD, p // WORD ^ c3 ^ k1, p % WORD
        k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def stream(seed: int, path: str, first_block: int = 0) -> Iterator[int]:
    digest = hashlib.sha256(path.encode()).digest()
    h0, h1 = (int.from_bytes(digest[i : i + 4], "little") for i in (0, 4))
    block = first_block
    while True:
        counter = (block % WORD, block // WORD, h0, h1)
        yield from philox(counter, (seed % WORD, seed // WORD))
        block += 1


def words(seed: int, path: str, count: int) -> list[int]:
    source = stream(seed, path)
    return [next(source) for _ in range(count)]


def uniform(word: int) -> float:
    return (word // 2**8) * 2.0**-24


A = [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
     4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
     1.3314166789178437745e2, 3.387132872796366608]  # fmt: skip
B = [5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4,
     2.1213794301586595867e4, 5.3941960214247511077e3, 6.871870074920579083e2,
     4.2313330701600911252e1, 1.0]  # fmt: skip
C = [7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1,
     1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055,
     4.6303378461565452959, 1.42343711074968357734]  # fmt: skip
D = [1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2,
     1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494,
     2.05319162663775882187, 1.0]  # fmt: skip


def horner(c: list[float], r: float) -> float:
    v = c[0]
    for coefficient in c[1:]:
        v = v * r + coefficient
    return v


def log(x: float) -> float:
    m, exponent = math.frexp(x)  # m in [1/2, 1)
    m, e = 2 * m, float(exponent - 1)
    if m > 1.4142135623730951:
        m, e = m / 2, e + 1
    f = (m - 1) / (m + 1)
    s = f * f
    v = 1 / 23
    for k in range(21, 0, -2):
        v = v * s + 1 / k
    return (2 * f) * v + e * 0.6931471805599453


def normal(word: int) -> float:
    p = (word + 0.5) / WORD
    q = p - 0.5
    if -0.425 <= q <= 0.425:
        r = 0.180625 - q * q
        return (horner(A, r) * q) / horner(B, r)
    r = math.sqrt(-log(p if q <= 0 else 1 - p)) - 1.6
    z = horner(C, r) / horner(D, r)
    return -z if q < 0 else z


def dot(a: list[float], b: list[float]) -> float:
    total = 0.0
    for x, y in zip(a, b, strict=True):
        total = total + x * y
    return total


def binary(w: list[int], fan: int) -> list[float]:
    scale = math.sqrt(2 / fan)
    weights = [normal(word) * scale for word in w]
    total = 0.0
    for weight in weights:
        total = total + weight
    mean = total / len(weights)
    squares = 0.0
    for weight in weights:
        squares = squares + (weight - mean) * (weight - mean)
    sigma = math.sqrt(squares / (len(weights) - 1)) if len(weights) > 1 else scale
    return [-sigma if weight < 0 else sigma for weight in weights]


def orthogonal(w: list[int], fan: int) -> list[float]:
    columns = len(w) // fan
    numbers = [normal(word) for word in w]
    rows = [numbers[i * columns : (i + 1) * columns] for i in range(fan)]
    by_column = columns <= fan
    vectors = [list(column) for column in zip(*rows, strict=True)] if by_column else rows
    for i, v in enumerate(vectors):
        for earlier in vectors[:i] * 2:
            d = dot(v, earlier)
            v[:] = [x - d * y for x, y in zip(v, earlier, strict=True)]
        length = math.sqrt(dot(v, v))
        v[:] = [x / length for x in v]
    result = [list(row) for row in zip(*vectors, strict=True)] if by_column else vectors
    return [value for row in result for value in row]


def tensor(seed: int, path: str, size: int, init: str, fan: int) -> list[float]:
    """Before it is rounded to float32."""
    w = words(seed, path, size)
    match init:
        case "kaimingNormal":
            scale = math.sqrt(2 / fan)
            return [normal(word) * scale for word in w]
        case "kaimingUniform":
            bound = math.sqrt(6 / fan)
            return [(2 * uniform(word) - 1) * bound for word in w]
        case "bias":
            return [(2 * uniform(word) - 1) / math.sqrt(fan) for word in w]
        case "uniform":
            return [uniform(word) for word in w]
        case "positiveNegative":
            return [2 * uniform(word) - 1 for word in w]
        case "binary":
            return binary(w, fan)
        case "orthogonal":
            return orthogonal(w, fan)
        case "zeros" | "ones":
            return [float(init == "ones")] * size
    raise ValueError(f"init: expected one of docs/init-v1.md, got {init!r}.")


def fingerprint(parameters: list[tuple[str, list[int], bytes]]) -> str:
    """Of `(path, shape, little-endian float32)`."""
    whole = b""
    for path, shape, data in sorted(parameters, key=lambda item: item[0].encode("utf-16-be")):
        lengths = ",".join(str(length) for length in shape)
        whole += f"{path} [{lengths}]\n".encode() + hashlib.sha256(data).digest()
    return hashlib.sha256(whole).hexdigest()


def random_positions(seed: int, path: str, size: int, outputs: int, k: int) -> list[int]:
    source = stream(seed, f"random-{k}/{path}")
    inputs = size // outputs
    positions = []
    for channel in range(outputs):
        order = list(range(inputs))
        for t in range(k):
            j = t + math.floor(uniform(next(source)) * (inputs - t))
            order[t], order[j] = order[j], order[t]
            positions.append(order[t] * outputs + channel)
    return sorted(positions)


ORDER, AUGMENTATION = 0, 1


def data_word(seed: int, purpose: int, epoch: int, block: int, lane: int, index: int) -> int:
    return philox((block, epoch, purpose, lane), (seed % WORD, seed // WORD))[index]


def below(word: int, n: int) -> int:
    return math.floor(word * n / WORD)


def epoch_order(seed: int, epoch: int, n: int) -> list[int]:
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = below(data_word(seed, ORDER, epoch, i // 4, 0, i % 4), i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def augmentation_words(seed: int, epoch: int, index: int, count: int) -> list[int]:
    return [data_word(seed, AUGMENTATION, epoch, index, w // 4, w % 4) for w in range(count)]


def resized_crop(
    w: list[int],
    height: int,
    width: int,
    scale: tuple[float, float],
    ratio: tuple[float, float],
) -> tuple[int, int, int, int]:
    """Top, left, height and width, from the forty words of an image."""
    for a, b, t, left in zip(w[0::4], w[1::4], w[2::4], w[3::4], strict=True):
        share = scale[0] + (scale[1] - scale[0]) * (a / WORD)
        v, f = ratio[0], ratio[1] / ratio[0]
        for bit in range(31, 11, -1):
            f = math.sqrt(f)
            if b >> bit & 1:
                v = v * f
        area = (height * width) * share
        window_width = nearest(math.sqrt(area * v))
        window_height = nearest(math.sqrt(area / v))
        if 1 <= window_width <= width and 1 <= window_height <= height:
            top = below(t, height - window_height + 1)
            return top, below(left, width - window_width + 1), window_height, window_width
    window_height, window_width = height, width
    if width / height < ratio[0]:
        window_height = max(1, min(height, nearest(width / ratio[0])))
    elif width / height > ratio[1]:
        window_width = max(1, min(width, nearest(height * ratio[1])))
    return (height - window_height) // 2, (width - window_width) // 2, window_height, window_width


def nearest(x: float) -> int:
    whole = math.floor(x)
    return whole + 1 if x - whole >= 0.5 else whole
