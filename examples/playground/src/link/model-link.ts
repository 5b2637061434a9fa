import { sha256 } from "@noble/hashes/sha2.js";
import type { Model } from "@bn-only/trainer";
import { deflate, inflate } from "./compress.ts";
import { LinkError } from "./error.ts";
import { decodePayload, encodePayload } from "./payload.ts";
import { fromText, toText } from "./text.ts";

// `#m1=` and base64url of: eight bytes of the SHA-256 of all that follows, then deflate-raw of the payload.

const CHECKSUM = 8;
/** Characters after `m1=`. Browsers take more, chat programs do not. */
export const LONGEST = 16_000;
/** Bytes of a payload. */
const LARGEST = 1 << 20;

/** A trained network as the part of a URL after `#`, its values in `bits` bits. */
export async function encodeModel(model: Model, bits: number): Promise<string> {
  const packed = await deflate(encodePayload(model, bits));
  const bytes = new Uint8Array(CHECKSUM + packed.length);
  bytes.set(sha256(packed).subarray(0, CHECKSUM));
  bytes.set(packed, CHECKSUM);
  return `m1=${toText(bytes)}`;
}

/**
 * The network of a link. Its values are those of the levels that it was rounded to, the same in every browser.
 *
 * @throws LinkError for a link that was cut off, altered, made by another version, or asks for too much.
 */
export async function decodeModel(fragment: string): Promise<Model> {
  const version = /^m(\d+)=/.exec(fragment)?.[1];
  if (version === undefined) throw new LinkError("the link has no network in it");
  if (version !== "1") {
    throw new LinkError(
      `the link has a network of version ${version.slice(0, 9)}, this page knows version 1: reload it, it may be old`,
    );
  }
  const text = fragment.slice("m1=".length);
  if (text.length > LONGEST) {
    throw new LinkError(`the link has ${text.length} characters, at most ${LONGEST} are read`);
  }
  const bytes = fromText(text);
  if (bytes.length <= CHECKSUM) throw new LinkError("the link is cut off");
  const packed = bytes.subarray(CHECKSUM);
  const checksum = sha256(packed).subarray(0, CHECKSUM);
  if (!checksum.every((byte, i) => byte === bytes[i])) {
    throw new LinkError("the link was cut off or altered on its way, its checksum differs");
  }
  return decodePayload(await inflate(packed, LARGEST));
}
