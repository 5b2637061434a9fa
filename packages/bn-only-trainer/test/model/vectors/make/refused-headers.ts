import type { Row } from "./refused.ts";
import { entry, floats, raw } from "./vector.ts";

const data = floats(1, -2.5);
const A = entry([2], [0, 8]);
const field = (fields: string): string => `{"a":{${fields}}}`;

const bom = Uint8Array.of(0xef, 0xbb, 0xbf, ...new TextEncoder().encode(`{"a":${A}}`));
const notUtf8 = new TextEncoder()
  .encode('{"__metadata__":{"a":"?"}}')
  .map((byte) => (byte === 0x3f ? 0xff : byte));

/** Headers that break a rule whatever the tensors are. */
export const headerRows: readonly Row[] = [
  ["nothing", "complete", "no bytes", "it has only 0 bytes", new Uint8Array()],
  ["half-prefix", "complete", "five bytes", "it has only 5 bytes", new Uint8Array(5)],
  [
    "endless-header",
    "header-size",
    "a header of 2^64 - 1 bytes",
    "its header claims 18446744073709551615 bytes",
    new Uint8Array(16).fill(255),
  ],
  [
    "header-beyond-file",
    "header-size",
    "a header longer than the file",
    "its header claims 100 bytes",
    Uint8Array.of(100, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d),
  ],
  [
    "empty-header",
    "header-begins-with-brace",
    "a header of no bytes",
    'does not begin with "{"',
    raw(""),
  ],
  [
    "bom",
    "header-begins-with-brace",
    "a byte order mark before the header",
    'does not begin with "{"',
    raw(bom, data),
  ],
  [
    "leading-space",
    "header-begins-with-brace",
    "a space before the header",
    'does not begin with "{"',
    raw(` {"a":${A}}`, data),
    true,
  ],
  [
    "list",
    "header-begins-with-brace",
    "a header that is a list",
    'does not begin with "{"',
    raw("[]"),
  ],
  ["not-json", "json", "a header that is no JSON", "its header is not JSON", raw("{oops")],
  [
    "two-objects",
    "padding",
    "a second object behind the first",
    "padded with something else",
    raw("{}{}"),
  ],
  [
    "padded-with-zeros",
    "padding",
    "zeros behind the header",
    "padded with something else",
    raw("{}\0\0"),
  ],
  [
    "padded-with-line-feed",
    "padding",
    "a line feed behind the header",
    "padded with something else",
    raw("{}\n"),
    true,
  ],
  ["not-utf-8", "json", "a byte that is no UTF-8", "its header is not JSON", raw(notUtf8)],
  [
    "control-in-string",
    "json",
    "a control character that is not escaped",
    "its header is not JSON",
    raw('{"__metadata__":{"a":"\u0001"}}'),
  ],
  [
    "half-surrogate",
    "text",
    "half a surrogate pair, escaped",
    "in its metadata is not text",
    raw('{"__metadata__":{"a":"\\ud800"}}'),
  ],
  [
    "half-surrogate-name",
    "text",
    "half a surrogate pair as a name",
    "is not text",
    raw(`{"\\udc00":${A}}`, data),
  ],
  [
    "same-tensor-twice",
    "no-duplicates",
    "one name for two tensors",
    'has "a" twice',
    raw(`{"a":${A},"a":${A}}`, data),
    true,
  ],
  [
    "same-tensor-escaped",
    "no-duplicates",
    "one name for two tensors, once with escapes",
    'has "a" twice',
    raw(`{"\\u0061":${A},"a":${A}}`, data),
    true,
  ],
  [
    "same-metadata-twice",
    "no-duplicates",
    "two objects of metadata",
    'has "__metadata__" twice',
    raw('{"__metadata__":{},"__metadata__":{"a":"b"}}'),
  ],
  [
    "same-note-twice",
    "no-duplicates",
    "one field of the metadata twice",
    'has "a" twice',
    raw('{"__metadata__":{"a":"1","a":"2"}}'),
    true,
  ],
  [
    "same-field-twice",
    "no-duplicates",
    "one field of a tensor twice",
    'has "shape" twice',
    raw(field('"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]'), data),
  ],
  [
    "metadata-number",
    "metadata-is-text",
    "a number as metadata",
    'the value of "a" in its metadata is not text',
    raw('{"__metadata__":{"a":1}}'),
  ],
  [
    "metadata-object",
    "metadata-is-text",
    "an object as metadata",
    "in its metadata is not text",
    raw('{"__metadata__":{"a":{"toString":"x"}}}'),
  ],
  [
    "metadata-list",
    "metadata-is-text",
    "a list in place of metadata",
    "__metadata__ is not an object",
    raw('{"__metadata__":[]}'),
  ],
  [
    "metadata-null",
    "metadata-is-text",
    "null in place of metadata",
    "__metadata__ is not an object",
    raw('{"__metadata__":null}'),
    true,
  ],
  [
    "deep",
    "nesting",
    "10,000 lists in each other",
    "nested more than 64 levels",
    raw(`{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`),
  ],
  [
    "deep-objects",
    "nesting",
    "1,000 objects in each other",
    "nested more than 64 levels",
    raw(`${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`),
  ],
];
