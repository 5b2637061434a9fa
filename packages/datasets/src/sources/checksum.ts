import { ChecksumError } from "../errors.ts";
import type { FileDigest } from "../errors.ts";

/** Length and SHA-256 of `bytes`. */
export async function digest(bytes: Uint8Array): Promise<FileDigest> {
  const hash = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0"));
  return { bytes: bytes.length, sha256: hex.join("") };
}

/**
 * @throws ChecksumError when `bytes` are not exactly the expected ones
 */
export async function verify(file: string, bytes: Uint8Array, expected: FileDigest): Promise<void> {
  const actual = await digest(bytes);
  if (actual.bytes !== expected.bytes || actual.sha256 !== expected.sha256) {
    throw new ChecksumError(file, { bytes: expected.bytes, sha256: expected.sha256 }, actual);
  }
}
