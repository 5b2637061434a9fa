import { conformanceCases } from "@bn-only/frozen-layers/conformance";
import { beforeAll, expect, test } from "vitest";
import { useBackend } from "../../src/index.ts";

beforeAll(async () => void (await useBackend("tensorflow")));

/**
 * TensorFlow sums the statistics of FusedBatchNormV3 in float32, channel by channel: at a million
 * elements per channel 1.6e-4 of the variance are lost (2.21 with oneDNN; 4.5e-4 without), at the
 * 131,072 of a usual batch 8e-6.
 */
const STATISTICS = 1e-3;

test.each(conformanceCases().map((item) => [item.op, item.name, item] as const))(
  "%s: %s",
  async (_op, name, { run, tolerance }) => {
    const { error } = await run();
    expect(error).toBeLessThan(name.startsWith("statistics of") ? STATISTICS : tolerance);
  },
);
