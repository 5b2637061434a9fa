import { getBackend } from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { type BackendName, backendNames, inspectBackends, useBackend } from "../src/index.ts";

test("useBackend: selects what it names and describes it in one line", async () => {
  for (const name of ["cpu", "wasm"] as const) {
    const choice = await useBackend(name);
    expect(choice.name).toBe(name);
    expect(getBackend()).toBe(name);
    expect(choice.description).toMatch(new RegExp(`^${name} \\(.+\\)$`));
  }
});

test("useBackend: what is not installed says how to install it", async () => {
  process.env["BN_ONLY_BACKENDS"] = "/nowhere";
  await expect(useBackend("tensorflow")).rejects.toThrow(
    'backend: none works here. tensorflow: not installed; run "bn-only backend install tensorflow".',
  );
});

test("useBackend auto: takes the fastest that passes its self-test", async () => {
  expect((await useBackend()).name).toBe("wasm");
});

test("useBackend: an unknown name gets the valid ones", async () => {
  await expect(useBackend("wsam" as BackendName)).rejects.toThrow(
    `backend: "wsam" does not exist. Choose one of ${backendNames.join(", ")}.`,
  );
});

test("inspectBackends: reports all, fastest first, and leaves the fastest selected", async () => {
  const reports = await inspectBackends();
  expect(reports.map(({ name }) => name)).toEqual(["cuda", "tensorflow", "wasm", "cpu"]);
  for (const { name, available, reason } of reports) {
    expect(available).toBe(name === "wasm" || name === "cpu");
    expect(reason === "").toBe(available);
  }
  expect(getBackend()).toBe("wasm");
});
