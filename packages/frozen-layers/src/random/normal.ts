/* oxlint-disable no-loss-of-precision, oxc/approx-constant -- literal bits are the point of this file */
/**
 * Normal numbers of words with nothing but `+ - * / sqrt`, which IEEE 754 rounds exactly. `Math.log` is
 * avoided on purpose: its last bits differ between engines, and a network that is rebuilt from its seed
 * must have the same bits everywhere. docs/init-v1.md has the formulas in the order in which they round.
 *
 * Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37
 * (1988) 477–484, routine PPND16 (relative error about 1e-16). Its third case, of probabilities below
 * 1e-11, no word reaches.
 */

// Literals stand in the functions: constants of a module are read from memory in every turn of a loop.

/** Words that are turned at once; what they need stays in the cache. */
export const CHUNK = 4096;

/** Places of a chunk that `centralNumbers` leaves to `outerNumbers`. */
const outside = new Int32Array(CHUNK);

/** `out[i] = deviation · Φ⁻¹((words[i] + ½) / 2³²)`, for the first `count` words, at most `CHUNK`. */
export function normalNumbers(
  words: Uint32Array,
  count: number,
  deviation: number,
  out: Float64Array,
): void {
  // A loop for each case: which one a word is cannot be foreseen, and a wrong guess of the processor is dear.
  outerNumbers(words, centralNumbers(words, count, deviation, out), deviation, out);
}

/** Those with `|q| ≤ 0.425`, and nonsense for the others, which `outside` lists. Returns how many these are. */
function centralNumbers(
  words: Uint32Array,
  count: number,
  deviation: number,
  out: Float64Array,
): number {
  const places = outside;
  let found = 0;
  for (let i = 0; i < count; i++) {
    const q = (words[i]! + 0.5) * (1 / 4294967296) - 0.5;
    const r = 0.180625 - q * q;
    out[i] = ((centreNumerator(r) * q) / centreDenominator(r)) * deviation;
    places[found] = i;
    found += q >= -0.425 && q <= 0.425 ? 0 : 1;
  }
  return found;
}

function outerNumbers(
  words: Uint32Array,
  found: number,
  deviation: number,
  out: Float64Array,
): void {
  const places = outside;
  for (let j = 0; j < found; j++) {
    const i = places[j]!;
    const word = words[i]! | 0;
    const upperHalf = word >> 31;
    // The smaller of p and 1 − p is (2 · word + 1) · 2⁻³³, of the word or of its complement.
    const r = Math.sqrt(-logOfOdd(((word ^ upperHalf) << 1) | 1)) - 1.6;
    const z = (outerNumerator(r) / outerDenominator(r)) * deviation;
    out[i] = upperHalf === 0 ? -z : z;
  }
}

/** Powers of two that bring a word into [1, 2), by its leading zeros. */
const toMantissa = new Float64Array(32);
for (let zeros = 31, power = 1; zeros >= 0; zeros--, power /= 2) toMantissa[zeros] = power;
/** `(−1 − i) log 2` */
const logOfPower = Float64Array.from({ length: 33 }, (_, i) => (-1 - i) * 0.6931471805599453);
const halfIf = Float64Array.of(1, 0.5);

/**
 * `log(n · 2⁻³³)` for an odd `n` below 2³¹: `log m + e log 2` with `m` in [√½, √2), and
 * `log m = 2 (f + f³/3 + … + f²³/23)` with `f = (m − 1) / (m + 1)`.
 */
function logOfOdd(n: number): number {
  const zeros = Math.clz32(n);
  const mantissa = n * toMantissa[zeros]!;
  const halve = mantissa > 1.4142135623730951 ? 1 : 0;
  const m = mantissa * halfIf[halve]!;
  const f = (m - 1) / (m + 1);
  const s = f * f;
  let sum = (((1 / 23) * s + 1 / 21) * s + 1 / 19) * s + 1 / 17;
  sum = (((sum * s + 1 / 15) * s + 1 / 13) * s + 1 / 11) * s + 1 / 9;
  sum = (((sum * s + 1 / 7) * s + 1 / 5) * s + 1 / 3) * s + 1;
  return 2 * f * sum + logOfPower[zeros + 1 - halve]!;
}

// Horner's rule, the highest power first.

function centreNumerator(r: number): number {
  let value = 2.5090809287301226727e3 * r + 3.3430575583588128105e4;
  value = (value * r + 6.7265770927008700853e4) * r + 4.5921953931549871457e4;
  value = (value * r + 1.3731693765509461125e4) * r + 1.9715909503065514427e3;
  return (value * r + 1.3314166789178437745e2) * r + 3.387132872796366608;
}

function centreDenominator(r: number): number {
  let value = 5.226495278852854561e3 * r + 2.8729085735721942674e4;
  value = (value * r + 3.930789580009271061e4) * r + 2.1213794301586595867e4;
  value = (value * r + 5.3941960214247511077e3) * r + 6.871870074920579083e2;
  return (value * r + 4.2313330701600911252e1) * r + 1;
}

function outerNumerator(r: number): number {
  let value = 7.7454501427834140764e-4 * r + 2.27238449892691845833e-2;
  value = (value * r + 2.4178072517745061177e-1) * r + 1.27045825245236838258;
  value = (value * r + 3.64784832476320460504) * r + 5.7694972214606914055;
  return (value * r + 4.6303378461565452959) * r + 1.42343711074968357734;
}

function outerDenominator(r: number): number {
  let value = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4;
  value = (value * r + 1.51986665636164571966e-2) * r + 1.4810397642748007459e-1;
  value = (value * r + 6.8976733498510000455e-1) * r + 1.6763848301838038494;
  return (value * r + 2.05319162663775882187) * r + 1;
}
