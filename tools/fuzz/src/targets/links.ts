import { createNetwork } from "@bn-only/resnet-zoo";
import { readModel, saveModel } from "@bn-only/trainer";
import { createHash } from "node:crypto";
import { LinkError } from "../../../../examples/playground/src/link/error.ts";
import { decodeModel, encodeModel } from "../../../../examples/playground/src/link/model-link.ts";
import { decodePayload, encodePayload } from "../../../../examples/playground/src/link/payload.ts";
import {
  decodeSettings,
  encodeSettings,
} from "../../../../examples/playground/src/link/settings-link.ts";
import { defaults } from "../../../../examples/playground/src/settings.ts";
import { joined, mutateInside } from "../mutate.ts";
import { deflate, inflate } from "../structures/deflate.ts";
import { encode, jsonMutation } from "../structures/json.ts";
import type { Mutation, Target } from "../target.ts";
import { once, startBackend } from "./tiny-network.ts";

const typed = (error: unknown): boolean => error instanceof LinkError;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

/** Layers of the largest network that a name may ask for, and what a link may unpack to. */
const limit = (size: number): number => (64 << 20) + 64 * size;

const model = once(async () => {
  await startBackend();
  const network = createNetwork("cifar-resnet-8", { seed: 1, classes: 3, inputShape: [8, 8, 3] });
  return readModel(await saveModel(network));
});

/** Another header, whose length is right. */
const changeHeader: Mutation = (bytes, random, other) => {
  const end = 2 + bytes[0]! + 256 * (bytes[1] ?? 0);
  const header = jsonMutation(bytes.subarray(2, end), random, other);
  const length = Uint8Array.of(header.length & 255, (header.length >> 8) & 255);
  return joined([length, header, bytes.subarray(end)]);
};

const payloadMutations: readonly Mutation[] = [changeHeader, changeHeader, mutateInside];

/** What a link of the playground unpacks to. */
export const linkPayload: Target = {
  seeds: async () => [encodePayload(await model(), 2)],
  run(bytes) {
    const { tensors } = decodePayload(bytes);
    for (const { values } of tensors.values()) {
      if (!values.every((value) => Number.isFinite(value))) throw new Error("no finite number");
    }
  },
  typed,
  limit,
  structured: payloadMutations,
};

const prefix = "m1=";
const checksumLength = 8;

function packedIn(bytes: Uint8Array): Uint8Array {
  const packed = Buffer.from(text(bytes).slice(prefix.length), "base64url");
  return new Uint8Array(packed.subarray(checksumLength));
}

function link(packed: Uint8Array): Uint8Array {
  const checksum = createHash("sha256").update(packed).digest().subarray(0, checksumLength);
  return encode(prefix + Buffer.concat([checksum, packed]).toString("base64url"));
}

/** Another payload, whose checksum is right. */
const changePayload: Mutation = (bytes, random, other) => {
  const payload = inflate(packedIn(bytes));
  if (payload.length === 0) return bytes;
  return link(deflate(random.pick(payloadMutations)(payload, random, other), random));
};

/** The part of an address behind `#` that holds a network. */
export const linkModel: Target = {
  seeds: async () => [encode(await encodeModel(await model(), 2))],
  run: (bytes) => decodeModel(text(bytes)),
  typed,
  limit,
  structured: [changePayload],
  repair: (bytes) => (text(bytes).startsWith(prefix) ? link(packedIn(bytes)) : bytes),
};

const changeSetting: Mutation = (bytes, random) => {
  const values = text(bytes).slice(3).split(",");
  const other = ["", "-1", "0", "1e9", "NaN", "0x10", " 3", "3.5", "toString", "__proto__", "adam"];
  values[random.below(values.length)] = random.pick(other);
  return encode(`s1=${values.join(",")}`);
};

/** The part of an address behind `#` that holds settings. */
export const linkSettings: Target = {
  seeds: () => [encode(encodeSettings(defaults))],
  run(bytes) {
    const settings = decodeSettings(text(bytes));
    const again = decodeSettings(encodeSettings(settings));
    if (JSON.stringify(again) !== JSON.stringify(settings)) throw new Error("other settings");
  },
  typed,
  limit: (size) => (1 << 20) + 64 * size,
  structured: [changeSetting],
};
