// V8 can make one vector of 256 bits of two that lie side by side. Whether it does cannot be asked, only
// measured: the kernels made for it are slower where it does not.

/** The size of a matrix product: rows of 64 numbers, the middle of a ResNet. */
const [ROWS, INNER, COLUMNS] = [32, 64, 64];
const CALLS = 20;
const MILLISECONDS = { least: 10, most: 100 };
/** Less is noise. */
const GAIN = 0.9;

type Multiply = (v: number, u: number, columns: number, m: number, rows: number) => void;

/** Whether the product of matrices is faster with the kernels in pairs than with the plain ones. */
export async function gainsFromPairs(
  pairs: WebAssembly.Module,
  plain: WebAssembly.Module,
  shared: boolean,
): Promise<boolean> {
  const memory = new WebAssembly.Memory({ initial: 2, maximum: 2, shared });
  const multiplyOf = async (module: WebAssembly.Module): Promise<Multiply> => {
    const imports = { env: { memory, abort: () => {} } };
    const { exports } = await WebAssembly.instantiate(module, imports);
    return exports["multiply64"] as Multiply;
  };
  const [first, second] = [await multiplyOf(pairs), await multiplyOf(plain)];
  const best = { pairs: Infinity, plain: Infinity };
  const begin = performance.now();
  let spent = 0;
  // The engine compiles what it finds to be used often while this runs.
  while (spent < MILLISECONDS.most) {
    best.pairs = Math.min(best.pairs, timeOf(first));
    best.plain = Math.min(best.plain, timeOf(second));
    spent = performance.now() - begin;
    if (spent > MILLISECONDS.least && best.pairs < GAIN * best.plain) return true;
  }
  return false;
}

function timeOf(multiply: Multiply): number {
  const v = 65536;
  const u = v + 4 * ROWS * INNER;
  const m = u + 4 * INNER * COLUMNS;
  const begin = performance.now();
  for (let i = 0; i < CALLS; i++) multiply(v, u, COLUMNS, m, ROWS);
  return performance.now() - begin;
}
