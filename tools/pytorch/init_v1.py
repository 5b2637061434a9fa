"""`init-v1`: every tensor of a frozen network from `(seed, path)` alone; see docs/init-v1.md.

Needs NumPy alone. Equal bit for bit to the generator in `packages/frozen-layers`: integer arithmetic
and IEEE `+ - * / sqrt` in the same order, in float64, rounded to float32 once. Tensors are row-major in the library's layouts: convolution kernels
`[height, width, inputs, outputs]`, dense kernels `[inputs, outputs]`.
"""

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Float64s = NDArray[np.float64]
Float32s = NDArray[np.float32]

_MASK = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)


def philox4x32(counter: tuple[NDArray, ...], key: tuple[int, int]) -> NDArray[np.uint64]:
    """Philox4x32-10 (Salmon et al. 2011) of many counters, `[blocks, 4]`."""
    x0, x1, x2, x3 = (np.asarray(word, dtype=np.uint64) for word in counter)
    k0, k1 = key
    for _ in range(10):
        product0 = x0 * np.uint64(0xD2511F53)
        product1 = x2 * np.uint64(0xCD9E8D57)
        x0, x1, x2, x3 = (
            (product1 >> _32) ^ x1 ^ np.uint64(k0),
            product1 & _MASK,
            (product0 >> _32) ^ x3 ^ np.uint64(k1),
            product0 & _MASK,
        )
        k0 = (k0 + 0x9E3779B9) & 0xFFFFFFFF
        k1 = (k1 + 0xBB67AE85) & 0xFFFFFFFF
    return np.stack(np.broadcast_arrays(x0, x1, x2, x3), axis=-1)


def words(seed: int, path: str, count: int, first_block: int = 0) -> Words:
    """`count` words of the stream `(seed, path)`, from word `4 * first_block` on."""
    if not 0 <= seed < 2**53:
        raise ValueError(f"seed: expected a whole number from 0 to 2^53 - 1, got {seed}.")
    digest = hashlib.sha256(path.encode()).digest()
    c2, c3 = (int.from_bytes(digest[i : i + 4], "little") for i in (0, 4))
    block = np.arange(first_block, first_block + -(-count // 4), dtype=np.uint64)
    counter = (block & _MASK, block >> _32, np.full_like(block, c2), np.full_like(block, c3))
    blocks = philox4x32(counter, (seed & 0xFFFFFFFF, seed >> 32))
    return blocks.astype(np.uint32).reshape(-1)[:count]


def unit_uniform(w: Words) -> Float64s:
    """`(w >> 8) * 2^-24`, on [0, 1)."""
    return (w >> np.uint32(8)).astype(np.float64) * 2.0**-24


def log(x: Float64s) -> Float64s:
    """Natural logarithm of normal positive numbers, within 2 ulp, the same on every machine.

    `x = m * 2^e` with `m` around 1, and `log m = 2 artanh((m - 1) / (m + 1))` by its series.
    """
    mantissa, exponent = np.frexp(x)  # mantissa in [1/2, 1)
    m, e = mantissa * 2, (exponent - 1).astype(np.float64)
    high = m > 1.4142135623730951
    m, e = np.where(high, m / 2, m), np.where(high, e + 1, e)
    f = (m - 1) / (m + 1)
    s = f * f
    p = np.full_like(s, 1 / 23)
    for k in range(21, 0, -2):
        p = p * s + 1 / k
    return 2 * f * p + e * 0.6931471805599453


# Numerator and denominator of the rational functions of AS241 PPND16, highest power first. Its third one is
# for probabilities below 1e-11; the smallest that a word gives is 2^-33.
_CENTRE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.3871328727963666080),
    (5226.4952788528545610, 28729.085735721942674, 39307.895800092710610, 21213.794301586595867,
     5394.1960214247511077, 687.18700749205790830, 42.313330701600911252, 1.0),
)  # fmt: skip
_OUTER = (
    (7.74545014278341407640e-4, 0.0227238449892691845833, 0.24178072517745061177,
     1.27045825245236838258, 3.64784832476320460504, 5.76949722146069140550,
     4.63033784615654529590, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966,
     0.14810397642748007459, 0.68976733498510000455, 1.67638483018380384940,
     2.05319162663775882187, 1.0),
)  # fmt: skip


def _horner(coefficients: tuple[float, ...], r: Float64s) -> Float64s:
    value = np.full_like(r, coefficients[0])
    for coefficient in coefficients[1:]:
        value = value * r + coefficient
    return value


def inverse_normal(p: Float64s) -> Float64s:
    """Quantile of the standard normal distribution, AS241 PPND16 (Wichura 1988), for 2^-33 <= p <= 1 - 2^-33."""
    q = p - 0.5
    r = 0.180625 - q * q
    centre = _horner(_CENTRE[0], r) * q / _horner(_CENTRE[1], r)
    r = np.sqrt(-log(np.where(q <= 0, p, 1 - p))) - 1.6
    outer = _horner(_OUTER[0], r) / _horner(_OUTER[1], r)
    return np.where(np.abs(q) <= 0.425, centre, np.where(q < 0, -outer, outer))


def standard_normal(w: Words) -> Float64s:
    """`InvPhi((w + 1/2) * 2^-32)`."""
    return inverse_normal((w.astype(np.float64) + 0.5) * 2.0**-32)


def kaiming_normal(w: Words, fan_in: int) -> Float32s:
    """`N(0, 2 / fan_in)`, He et al. 2015: the default of convolution and head kernels."""
    return (standard_normal(w) * np.sqrt(2 / fan_in)).astype(np.float32)


def kaiming_uniform(w: Words, fan_in: int) -> Float32s:
    """`U(-b, b)` with `b = sqrt(6 / fan_in)`."""
    return ((2 * unit_uniform(w) - 1) * np.sqrt(6 / fan_in)).astype(np.float32)


def binary(w: Words, fan_in: int) -> Float32s:
    """Signs of a Kaiming-normal tensor times its unbiased standard deviation."""
    scale = np.sqrt(2 / fan_in)
    weights = standard_normal(w) * scale
    # cumsum adds one number after the other; sum() does not.
    deviations = weights - np.cumsum(weights)[-1] / w.size
    variance = np.cumsum(deviations * deviations)[-1] / max(w.size - 1, 1)
    deviation = np.sqrt(variance) if w.size > 1 else scale
    return np.where(weights < 0, -deviation, deviation).astype(np.float32)


def orthogonal(w: Words, fan_in: int) -> Float32s:
    """Semi-orthogonal matrix of gain 1 (Saxe et al. 2013) by two passes of Gram-Schmidt."""
    normal = standard_normal(w).reshape(fan_in, -1)
    candidates = normal.T if normal.shape[1] <= fan_in else normal
    basis: list[Float64s] = []
    for candidate in candidates:
        for unit in basis * 2:
            candidate = candidate - np.cumsum(candidate * unit)[-1] * unit
        basis.append(candidate / np.sqrt(np.cumsum(candidate * candidate)[-1]))
    rows = np.stack(basis)
    return (rows.T if normal.shape[1] <= fan_in else rows).astype(np.float32).reshape(-1)


def bias_uniform(w: Words, fan_in: int) -> Float32s:
    """`U(-1/sqrt(fan_in), 1/sqrt(fan_in))`: PyTorch's default bias."""
    return ((2 * unit_uniform(w) - 1) / np.sqrt(fan_in)).astype(np.float32)


WEIGHT_INITIALIZERS: dict[str, Callable[[Words, int], Float32s]] = {
    "kaimingNormal": kaiming_normal,
    "kaimingUniform": kaiming_uniform,
    "orthogonal": orthogonal,
    "binary": binary,
}

GAMMA_INITIALIZERS: dict[str, Callable[[Words], Float32s]] = {
    "uniform": lambda w: unit_uniform(w).astype(np.float32),
    "fixed": lambda w: np.ones(w.size, np.float32),
    "oneOne": lambda w: np.ones(w.size, np.float32),
    "positiveNegative": lambda w: (2 * unit_uniform(w) - 1).astype(np.float32),
}


def initialize(
    seed: int,
    path: str,
    role: str,
    shape: tuple[int, ...],
    fan_in: int = 1,
    *,
    weight_init: str = "kaimingNormal",
    batch_norm_init: str = "uniform",
) -> Float32s:
    """The initial value of the parameter or buffer of a role (`bn.gamma`, `conv.kernel`, ...)."""
    if role in ("bn.beta", "bn.mean", "bn.variance"):
        one = role == "bn.variance" or (role == "bn.beta" and batch_norm_init == "oneOne")
        return np.full(shape, float(one), np.float32)
    w = words(seed, path, int(np.prod(shape)))
    if role == "bn.gamma":
        values = GAMMA_INITIALIZERS[batch_norm_init](w)
    elif role.endswith(".bias"):
        values = bias_uniform(w, fan_in)
    else:
        values = WEIGHT_INITIALIZERS[weight_init](w, fan_in)
    return values.reshape(shape)


def random_positions(
    seed: int, path: str, shape: tuple[int, ...], count: int
) -> NDArray[np.int32]:
    """Ascending row-major positions of the kernel's numbers that train under `random-<count>`.

    The first `count` steps of a Fisher-Yates shuffle of the inputs of each output channel.
    """
    channels = shape[-1]
    inputs = int(np.prod(shape)) // channels
    numbers = unit_uniform(words(seed, f"random-{count}/{path}", count * channels))
    positions = []
    for channel in range(channels):
        order = list(range(inputs))
        for i in range(count):
            j = i + int(numbers[channel * count + i] * (inputs - i))
            order[i], order[j] = order[j], order[i]
            positions.append(order[i] * channels + channel)
    return np.sort(np.array(positions, np.int32))
