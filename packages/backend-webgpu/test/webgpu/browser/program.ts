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
  for (const { op, name, tolerance, run } of conformanceCases()) {
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
