import { faultOf, fields, type Settings } from "../settings.ts";
import { LinkError } from "./error.ts";

const PREFIX = "s1=";
/** The order in the link. It never changes within `s1`; new settings make `s2`. */
const order = [
  "data",
  "side",
  "trainSize",
  "depth",
  "width",
  "condition",
  "versus",
  "optimizer",
  "learningRate",
  "epochs",
  "batchSize",
  "seed",
] as const satisfies readonly (keyof Settings)[];

/** Settings as the part of a URL after `#`: `s1=shapes,24,1200,14,1,bn,nothing,adam,0.03,12,32,0`. */
export function encodeSettings(settings: Settings): string {
  return PREFIX + order.map((name) => String(settings[name])).join(",");
}

/** @throws LinkError that says which value does not fit. */
export function decodeSettings(fragment: string): Settings {
  const version = /^s(\d+)=/.exec(fragment)?.[1];
  if (version !== "1") {
    throw new LinkError(
      version === undefined
        ? "the link has no settings in it"
        : `the link has settings of version ${version.slice(0, 9)}, this page knows version 1: reload it, it may be old`,
    );
  }
  const values = fragment.slice(PREFIX.length).split(",");
  if (values.length !== order.length) {
    throw new LinkError(
      `the link has ${values.length} settings, expected ${order.length}: it may be cut off`,
    );
  }
  const entries = order.map((name, i) => {
    const fault = faultOf(name, values[i]!);
    if (fault !== undefined) throw new LinkError(`the link does not fit: ${fault}`);
    return [name, isNumeric(name) ? Number(values[i]) : values[i]];
  });
  return Object.fromEntries(entries) as Settings;
}

export function isNumeric(name: keyof Settings): boolean {
  const field = fields[name];
  return "from" in field || field.numeric === true;
}
