import { sha256, type Tree } from "./tree.ts";

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

export function modelHash(tree: Tree, path = "run/model.safetensors"): string | undefined {
  const bytes = tree.get(path);
  return bytes && sha256(bytes);
}

/**
 * What keeps `run` from being the run that `expected` has: the same model and record to the byte, the same metrics and
 * result but for times, and no file more or less.
 */
export function runDiffers(tree: Tree, expected: Tree): string | undefined {
  if (modelHash(tree) !== modelHash(expected)) {
    return `the model's SHA-256 is ${modelHash(tree)}, not ${modelHash(expected)}`;
  }
  const names = namesDiffer(tree, expected);
  if (names !== undefined) return names;
  for (const [what, of] of Object.entries(parts)) {
    const [found, should] = [of(tree), of(expected)];
    if (found !== should) return `${what} are ${found.slice(0, 300)}, not ${should.slice(0, 300)}`;
  }
  return undefined;
}

/** Which files are there that should not be, or the other way round. */
export function namesDiffer(tree: Tree, expected: Tree): string | undefined {
  const more = [...tree.keys()].filter((path) => !expected.has(path));
  const less = [...expected.keys()].filter((path) => !tree.has(path));
  if (more.length + less.length === 0) return undefined;
  return `left behind: ${more.join(" ") || "nothing"}; missing: ${less.join(" ") || "nothing"}`;
}

const parts: Readonly<Record<string, (tree: Tree) => string>> = {
  "the metrics": (tree) =>
    text(tree.get("run/metrics.jsonl"))
      .trim()
      .split("\n")
      .map((line) => withoutTimes(parsed(line)))
      .join("\n"),
  "the status and the result": (tree) => {
    const { status, result } = parsed(text(tree.get("run/run.json")));
    return `${String(status)} ${withoutTimes(result)}`;
  },
  "the bytes of report.json": (tree) => text(tree.get("run/report.json")),
};

/** What is no object stands for nothing: it is not what was expected. */
function parsed(json: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    return { damaged: json };
  }
}

function withoutTimes(event: unknown): string {
  const timed = /seconds|imagesPerSecond|time|rate/i;
  return JSON.stringify(event, (key, value: unknown) => (timed.test(key) ? undefined : value));
}
