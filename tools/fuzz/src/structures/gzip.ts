import { gunzipSync, gzipSync } from "node:zlib";
import { mutateInside } from "../mutate.ts";
import type { Mutation } from "../target.ts";

/** Changes the content of a gzip file, whose checksum is right again. */
export function insideGzip(inside: readonly Mutation[]): Mutation {
  return (bytes, random, other) => {
    const content = contentOf(bytes);
    if (content.length === 0) return bytes;
    const changed = random.pick(inside)(content, random, contentOf(other));
    return new Uint8Array(gzipSync(changed, { level: 1 }));
  };
}

function contentOf(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: 1 << 20 });
  } catch {
    return new Uint8Array(0);
  }
}

const bomb: Mutation = (bytes, random) => {
  const zeros = new Uint8Array(gzipSync(new Uint8Array(random.pick([1 << 20, 1 << 22, 1 << 24]))));
  return random.below(2) === 0 ? zeros : new Uint8Array([...bytes, ...zeros]);
};

/** As many bombs as other changes would slow everything down. */
const rarely =
  (mutation: Mutation): Mutation =>
  (bytes, random, other) =>
    random.below(200) === 0 ? mutation(bytes, random, other) : mutateInside(bytes, random, other);

export const gzipMutations: readonly Mutation[] = [insideGzip([mutateInside]), rarely(bomb)];

/** Another value in a field of a header of a tar, with the checksum that belongs to it. */
const changeTarHeader: Mutation = (bytes, random) => {
  const blocks = bytes.length >> 9;
  if (blocks === 0) return bytes;
  const result = bytes.slice();
  const start = 512 * random.below(blocks);
  const header = Buffer.from(result.buffer, start, 512);
  const fields: readonly (() => void)[] = [
    () => header.write(random.pick(["d/a", "./d/a", "d/a\0x", "../../etc/passwd", "__proto__"]), 0),
    () => header.write(random.pick(["00000000000", "77777777777", "00000001000", "-1", "9"]), 124),
    () => header.fill(255, 124, 136),
    () => header.write(random.pick([..."0123567xgLKSVM\0"]), 156),
    () => header.write(random.pick(["ustar\u000000", "ustar  \0", "\0"]), 257),
    () => header.fill(random.below(256), random.below(512)),
  ];
  random.pick(fields)();
  header.fill(32, 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return result;
};

export const tarMutations: readonly Mutation[] = [
  insideGzip([changeTarHeader, changeTarHeader, mutateInside]),
];
