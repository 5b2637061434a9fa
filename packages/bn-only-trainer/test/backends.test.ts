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
  expect(reports.map(({ name }) => name)).toEqual(["wasm", "cpu"]);
  expect(reports.every(({ available, reason }) => available && reason === "")).toBe(true);
  expect(getBackend()).toBe("wasm");
});
