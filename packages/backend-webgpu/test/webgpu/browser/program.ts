import { setBackend } from "@tensorflow/tfjs-core";
import { conformanceCases, labelOf, layerCases } from "@bn-only/frozen-layers/conformance";
import { backendName, implementedOps, registerWebgpuBackend } from "../../../src/index.ts";

/** What a page tells of a run. */
export interface Results {
  readonly adapter: string;
  readonly passed: number;
  /** Cases with their errors. */
  readonly failed: readonly string[];
}

/** Two cases of every op: in Node all of them run, by the same shaders in the same Dawn. */
export function fewCases(): ReturnType<typeof conformanceCases> {
  const seen = new Map<string, number>();
  return conformanceCases().filter(({ op: { name } }) => {
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count < 2;
  });
}

/** Conformance and layer gradients in the page that imports this. */
export async function runConformance(): Promise<Results> {
  const { adapter } = await registerWebgpuBackend();
  await setBackend(backendName);
  const failed: string[] = [];
  let passed = 0;
  const note = async (name: string, tolerance: number, run: () => Promise<{ error: number }>) => {
    try {
      const { error } = await run();
      if (error < tolerance) passed += 1;
      else failed.push(`${name}: an error of ${error}`);
    } catch (thrown) {
      failed.push(`${name}: ${String(thrown)}`);
    }
  };
  for (const { op, name, tolerance, run } of fewCases()) {
    await note(`${labelOf(op)}: ${name}`, tolerance, () => run(implementedOps));
  }
  for (const { name, tolerance, run } of layerCases()) {
    await note(`layers: ${name}`, tolerance, () => run(implementedOps));
  }
  return { adapter: adapter.name, passed, failed };
}

/** Why the backend does not start in this page; empty where it does. */
export async function whyNot(): Promise<string> {
  return registerWebgpuBackend().then(
    () => "",
    (error: Error) => error.message,
  );
}
