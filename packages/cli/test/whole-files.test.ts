import { win32 } from "node:path";
import { isTemporaryName, makeFolder, newTemporaryName } from "@bn-only/files";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => void vi.restoreAllMocks());

test.each(["model.safetensors", "my model.onnx", "Größe.html", ".hidden"])(
  "what is left of %s is known as such",
  (name) => {
    expect(isTemporaryName(newTemporaryName(name))).toBe(true);
    expect(isTemporaryName(name)).toBe(false);
  },
);

test("a folder on a drive that is not there is an error, not an endless search", () => {
  const missing = (path: string): never => {
    throw Object.assign(new Error(`ENOENT: ${path}`), { code: "ENOENT" });
  };
  const fs = { existsSync: () => false, mkdirSync: missing };
  vi.spyOn(process, "getBuiltinModule").mockImplementation(
    (name: string) => (name === "node:fs" ? fs : win32) as never,
  );
  expect(() => makeFolder("Q:\\runs\\first")).toThrow("ENOENT: Q:\\");
});
