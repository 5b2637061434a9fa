import { quoted } from "@bn-only/errors";
import { ModelFileError } from "../errors.ts";

/** The format allows 100 MB; a network of 10,000 layers needs 5 MB. */
const MAXIMUM_HEADER_BYTES = 16 * 1024 * 1024;
/** A header needs three levels; fields that we do not know may have more. */
const MAXIMUM_DEPTH = 64;
/** Texts, numbers, objects and lists; a network of 10,000 layers has 700,000. */
const MAXIMUM_PARTS = 1_000_000;
const PREFIX_BYTES = 8;

/** The JSON of a `.safetensors` file, and where the data behind it begin. */
export interface Header {
  readonly entries: Readonly<Record<string, unknown>>;
  readonly dataBegin: number;
}

/** @throws ModelFileError where the header breaks a rule of the format; see the README of safetensors. */
export function readHeader(file: Uint8Array): Header {
  if (file.byteLength < PREFIX_BYTES) throw corrupt(`it has only ${file.byteLength} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(0, true);
  const dataBegin = PREFIX_BYTES + Number(length);
  if (length > MAXIMUM_HEADER_BYTES || dataBegin > file.byteLength) {
    throw corrupt(
      `its header claims ${length} bytes, the file has ${file.byteLength} and a header at most ${MAXIMUM_HEADER_BYTES}`,
    );
  }
  // A copy, since text is not decoded out of shared memory.
  const bytes = Uint8Array.prototype.slice.call(file, PREFIX_BYTES, dataBegin);
  if (bytes[0] !== "{".charCodeAt(0)) throw corrupt('its header does not begin with "{"');
  return { entries: asRecord(parse(bytes), "its header"), dataBegin };
}

function parse(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    scan(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    throw corrupt("its header is not JSON");
  }
}

/** What the format forbids and `JSON.parse` takes: names given twice, numbers that are not whole, endless nesting. */
function scan(text: string): void {
  const open: (Set<string> | undefined)[] = [];
  const number = /[-\d][\d.eE+-]*/y;
  let parts = 0;
  for (let at = 0; at < text.length;) {
    const character = text[at]!;
    const isNumber = character === "-" || (character >= "0" && character <= "9");
    const isPart = isNumber || character === '"' || character === "{" || character === "[";
    if (isPart && ++parts > MAXIMUM_PARTS) {
      throw corrupt(`its header has more than ${MAXIMUM_PARTS} parts`);
    }
    if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && text[skipSpace(text, end)] === ":") {
        const name = JSON.parse(text.slice(at, end)) as string;
        if (names.has(name)) throw corrupt(`its header has ${quoted(name)} twice`);
        names.add(name);
      }
      at = end;
      continue;
    }
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
      if (open.length > MAXIMUM_DEPTH) {
        throw corrupt(`its header is nested more than ${MAXIMUM_DEPTH} levels deep`);
      }
    } else if (character === "}" || character === "]") {
      open.pop();
      if (open.length === 0) assertPadding(text, at + 1);
    }
    if (!isNumber) {
      at += 1;
      continue;
    }
    number.lastIndex = at;
    const token = number.exec(text)![0];
    if (!/^(0|[1-9]\d*)$/.test(token)) {
      throw corrupt(`its header has the number ${quoted(token)}, expected whole ones from 0`);
    }
    at += token.length;
  }
}

/** Behind the quote that ends the string which begins at `begin`. */
function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function skipSpace(text: string, begin: number): number {
  let at = begin;
  while (" \t\r\n".includes(text[at] ?? "end")) at += 1;
  return at;
}

function assertPadding(text: string, begin: number): void {
  for (let at = begin; at < text.length; at++) {
    if (text[at] !== " ") throw corrupt("its header is padded with something else than spaces");
  }
}

export function asRecord(value: unknown, subject: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw corrupt(`${subject} is not an object`);
}

/** Half a surrogate pair, which JSON can escape and UTF-8 cannot hold. */
export function isWellFormed(text: string): boolean {
  return !/\p{Cs}/u.test(text);
}

export function corrupt(problem: string): ModelFileError {
  return new ModelFileError(
    `model file: not a complete .safetensors model; ${problem}. Copy or train it again.`,
  );
}
