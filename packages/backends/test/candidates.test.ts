import { expect, test } from "vitest";
import {
  type BackendCandidate,
  BackendError,
  currentBackendName,
  inspectBackends,
  registerBackendCandidate,
  useBackend,
} from "../src/index.ts";
import { fakeCandidate } from "./support/candidates.ts";

test("a candidate of yours is chosen by its name, for one call", async () => {
  const candidates = [fakeCandidate("mine")];
  const { name, description } = await useBackend("mine", { candidates });
  expect(name).toBe("mine");
  expect(description).toBe("mine (a fake)");
  expect(currentBackendName()).toBe("mine");
  await expect(useBackend("mine")).rejects.toThrow('backend: "mine" does not exist. Choose one of');
});

test("a candidate that computes wrongly is not used", async () => {
  await useBackend("wasm");
  const candidates = [fakeCandidate("wrong", { wrong: true })];
  await expect(useBackend("wrong", { candidates })).rejects.toThrow(
    "backend: none works here. wrong: step 1 of a test training gave a loss of 0 instead of 1.0952342.",
  );
  expect(currentBackendName()).toBe("wasm");
});

test("inspectBackends: looks at yours too", async () => {
  const candidates = [fakeCandidate("inspected", { couldWin: false })];
  const [first] = await inspectBackends({ candidates });
  expect(first).toEqual({ name: "inspected", summary: "a fake", available: true, reason: "" });
  expect(currentBackendName()).toBe("wasm");
});

test("registerBackendCandidate: once for all later calls; the same again changes nothing", async () => {
  const candidate = fakeCandidate("registered", { couldWin: false });
  registerBackendCandidate(candidate);
  registerBackendCandidate(candidate);
  expect((await useBackend("registered")).name).toBe("registered");
  expect(() => registerBackendCandidate(fakeCandidate("registered"))).toThrow(
    'backend candidate: the name "registered" is taken.',
  );
  await expect(useBackend("cpu", { candidates: [fakeCandidate("cpu")] })).rejects.toThrow(
    'backend candidate: the name "cpu" is taken.',
  );
});

test.each([
  [undefined, "undefined"],
  ["wasm", '"wasm"'],
  [{}, "an empty object"],
  [{ name: "mine", prepare() {} }, "an object with name, prepare"],
  [fakeCandidate("auto"), "an object with name, couldWin"],
])("registerBackendCandidate: %j is no candidate", (candidate, got) => {
  const register = () => registerBackendCandidate(candidate as BackendCandidate);
  expect(register).toThrow(BackendError);
  expect(register).toThrow(
    "backend candidate: expected {name, couldWin, prepare(), summary()} with a name other than " +
      `"auto", got ${got}`,
  );
});
