/* oxlint-disable no-loss-of-precision, oxc/approx-constant -- literal bits are the point of this file */
/**
 * The inverse of the standard normal distribution function with nothing but `+ - * / sqrt`, which
 * IEEE 754 rounds exactly. `Math.log` is avoided on purpose: its last bits differ between engines,
 * and a network that is rebuilt from its seed must have the same bits everywhere.
 */

const SQRT_2 = 1.4142135623730951;
const LN_2 = 0.6931471805599453;

const float64 = new Float64Array(1);
const words = new Uint32Array(float64.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Natural logarithm of a positive, normal number: `x = m · 2^e` with `m` in [√½, √2), then
 * `log m = 2 (f + f³/3 + … + f²³/23)` with `f = (m − 1) / (m + 1)`.
 */
export function portableLog(x: number): number {
  float64[0] = x;
  const high = words[HIGH]!;
  let exponent = ((high >>> 20) & 0x7ff) - 1023;
  words[HIGH] = (high & 0x000fffff) | 0x3ff00000;
  let mantissa = float64[0]!;
  if (mantissa > SQRT_2) {
    mantissa /= 2;
    exponent += 1;
  }
  const f = (mantissa - 1) / (mantissa + 1);
  const square = f * f;
  let sum = 1 / 23;
  for (let k = 21; k >= 1; k -= 2) sum = sum * square + 1 / k;
  return 2 * f * sum + exponent * LN_2;
}

/** `c[0] r^n + c[1] r^(n-1) + … + c[n]` */
function polynomial(coefficients: readonly number[], r: number): number {
  let value = coefficients[0]!;
  for (let i = 1; i < coefficients.length; i++) value = value * r + coefficients[i]!;
  return value;
}

// Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
// Applied Statistics 37 (1988) 477–484, routine PPND16 (relative error about 1e-16).
const CENTRE_NUMERATOR = [
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
  4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
  1.3314166789178437745e2, 3.387132872796366608,
];
const CENTRE_DENOMINATOR = [
  5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
  5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1,
];
const MIDDLE_NUMERATOR = [
  7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1,
  1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959,
  1.42343711074968357734,
];
const MIDDLE_DENOMINATOR = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2,
  1.4810397642748007459e-1, 6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187,
  1,
];
const TAIL_NUMERATOR = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3,
  2.6532189526576123093e-2, 2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699,
  6.6579046435011037772,
];
const TAIL_DENOMINATOR = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5,
  7.868691311456132591e-4, 1.48753612908506148525e-2, 1.3692988092273580531e-1,
  5.9983220655588793769e-1, 1,
];

/** The `z` with `Φ(z) = probability`, for a probability strictly between 0 and 1. */
export function inverseNormal(probability: number): number {
  const q = probability - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    return (polynomial(CENTRE_NUMERATOR, r) * q) / polynomial(CENTRE_DENOMINATOR, r);
  }
  let r = Math.sqrt(-portableLog(q <= 0 ? probability : 1 - probability));
  let z: number;
  if (r <= 5) {
    r -= 1.6;
    z = polynomial(MIDDLE_NUMERATOR, r) / polynomial(MIDDLE_DENOMINATOR, r);
  } else {
    r -= 5;
    z = polynomial(TAIL_NUMERATOR, r) / polynomial(TAIL_DENOMINATOR, r);
  }
  return q < 0 ? -z : z;
}
