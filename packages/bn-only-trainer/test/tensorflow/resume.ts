import type { Network } from "@bn-only/frozen-layers";
import { beforeAll, expect, test } from "vitest";
import { checkpoint, decodeState, train, useBackend } from "../../src/index.ts";
import { tinyData, tinyNetwork } from "../support/tiny.ts";

beforeAll(async () => void (await useBackend("tensorflow")));

/** What README promises where bits are not: of the norm of every parameter and running statistic. */
const TOLERANCE = 1e-3;

test.each(["bn", "all", "random-2"] as const)(
  "resume, condition %s: the undisturbed run's parameters within the stated tolerance",
  async (condition) => {
    const protocol = { data: tinyData(), epochs: 2, batchSize: 32, condition };
    let state: Uint8Array = new Uint8Array();
    const save = checkpoint({ every: "3steps", save: (bytes) => void (state = bytes) });
    const [undisturbed, resumed] = [tinyNetwork(), tinyNetwork()];
    await train({ ...protocol, network: undisturbed, callbacks: [save] });
    await train({ ...protocol, network: resumed, resume: decodeState(state) });
    const there = valuesOf(resumed);
    for (const [path, here] of valuesOf(undisturbed)) {
      const difference = here.map((value, i) => value - there.get(path)![i]!);
      expect(norm(difference), path).toBeLessThanOrEqual(TOLERANCE * norm(here));
    }
    [undisturbed, resumed].forEach((network) => network.dispose());
  },
);

function valuesOf({ parameters, buffers }: Network): Map<string, Float32Array> {
  return new Map(
    [...parameters, ...buffers].map(({ path, value }) => [path, value.dataSync<"float32">()]),
  );
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
