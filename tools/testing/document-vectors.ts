import { readFileSync } from "node:fs";

/** A line of the vectors of docs/init-v1.md: inputs by name, and what they give. */
export type DocumentVector = Readonly<Record<string, unknown>> & { readonly expected: unknown };

/** Those of docs/init-v1.md that are of this kind; throws when there are none. */
export function documentVectors<Inputs>(of: string): (Inputs & DocumentVector)[] {
  const text = readFileSync(new URL("../../docs/init-v1.md", import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```jsonl\n(.*?)^```/gms)];
  const vectors = blocks
    .flatMap(([, block]) => block!.trim().split("\n"))
    .map((line) => JSON.parse(line) as Inputs & DocumentVector)
    .filter((vector) => vector["of"] === of);
  if (vectors.length === 0) throw new Error(`docs/init-v1.md has no vectors of ${of}`);
  return vectors;
}
