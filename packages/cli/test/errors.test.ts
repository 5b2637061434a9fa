import { expect, test } from "vitest";
import { describeError } from "../src/errors.ts";

test.each([
  ["ENOSPC", "the disk is full at /out/x. Free some space"],
  ["EROFS", "no permission at /out/x. Change it, or choose another folder with --out."],
  ["EACCES", "no permission at /out/x"],
  ["ENOTDIR", "a file is in the way at /out/x"],
  ["ENOENT", "there is nothing at /out/x. Check the path."],
])("describeError: %s says where and what to do", (code, expected) => {
  const error = Object.assign(new Error(`${code}: raw`), { code, path: "/out/x" });
  expect(describeError(error)).toContain(expected);
});

test.each(["open", "scandir"])("describeError: after %s, no --out is named", (syscall) => {
  const error = Object.assign(new Error("EACCES"), { code: "EACCES", path: "/in/x", syscall });
  expect(describeError(error)).toBe("no permission at /in/x. Change it, or choose another place.");
});

test("describeError: one line, whatever was thrown", () => {
  expect(describeError(new Error("a\n  b\nc"))).toBe("a b c");
  expect(describeError("text")).toBe("text");
  expect(describeError(undefined)).toBe("undefined");
});
