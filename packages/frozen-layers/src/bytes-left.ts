import { memory } from "@tensorflow/tfjs-core";

/** Bytes that the current backend can still take; undefined where it does not know. */
export function bytesLeft(): number | undefined {
  const { limitBytes, numBytesInUse } = memory() as {
    limitBytes?: number;
    numBytesInUse?: number;
  };
  return limitBytes === undefined ? undefined : limitBytes - (numBytesInUse ?? 0);
}
