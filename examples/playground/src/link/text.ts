import { LinkError } from "./error.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** base64url without padding: every character may stand in a URL. */
export function toText(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const characters = Math.min(4, 1 + bytes.length - i);
    for (let c = 0; c < characters; c++) text += alphabet[(word >> (18 - 6 * c)) & 63];
  }
  return text;
}

/** @throws LinkError for a character that is none of the 64, and for a length that no bytes have. */
export function fromText(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new LinkError("the link is cut off");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [word, bits, at] = [0, 0, 0];
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value === -1) {
      throw new LinkError(`the link has a character that none has: ${JSON.stringify(character)}`);
    }
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (word >> bits) & 255;
  }
  return bytes;
}
