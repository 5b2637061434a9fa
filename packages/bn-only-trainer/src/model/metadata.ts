import { quoted, show } from "@bn-only/errors";
import {
  batchNormInitializers,
  type Initialization,
  type Shape,
  weightInitializers,
} from "@bn-only/frozen-layers";
import { ModelFileError } from "../errors.ts";
import { CHECKSUM } from "./checksum.ts";
import { isTooLarge, MAXIMUM_CLASSES, MAXIMUM_IMAGE, MAXIMUM_NAME } from "./limits.ts";

/** What a model file says about itself. The weights that are not in it follow from these fields. */
export interface ModelMetadata {
  /** Name in a zoo, `cifar-resnet-14`. */
  readonly architecture: string;
  readonly seed: number;
  readonly initialization: Initialization;
  readonly classes: number;
  /** Of one image; undefined in files of earlier versions. */
  readonly inputShape?: Shape | undefined;
  /** SHA-256 over the tensors that are not in the file; see `fingerprint`. */
  readonly fingerprint: string;
  /** Whatever else the writer wanted to keep: data, condition, accuracy. */
  readonly notes: Readonly<Record<string, string>>;
}

const FORMAT = "bn-only";
/** Of the files of `saveDenseModel`. */
export const DENSE_FORMAT = "bn-only-dense";
/** That is written; version 1 had no checksum. */
const VERSION = "2";
const INIT = "init-v1";
const reserved = new Set(
  "format version init architecture seed weightInit batchNormInit classes inputShape fingerprint"
    .split(" ")
    .concat(CHECKSUM),
);

/**
 * The fields of a file.
 *
 * @throws ModelFileError for values that `parseMetadata` would refuse, and for notes that are not text or have
 * the name of a field.
 */
export function formatMetadata({
  notes,
  initialization,
  ...fields
}: ModelMetadata): Map<string, string> {
  assertNotes(notes, reserved, "saveModel");
  const metadata = new Map([
    ["format", FORMAT],
    ["version", VERSION],
    ["init", INIT],
    ["architecture", fields.architecture],
    ["seed", String(fields.seed)],
    ["weightInit", initialization.weights],
    ["batchNormInit", initialization.batchNorm],
    ["classes", String(fields.classes)],
    ...(fields.inputShape ? [["inputShape", fields.inputShape.join("x")] as const] : []),
    ["fingerprint", fields.fingerprint],
    ...Object.entries(notes),
  ]);
  parseMetadata(metadata);
  return metadata;
}

/** @throws ModelFileError for metadata that are not of a model, or ask for more than a model may. */
export function parseMetadata(metadata: ReadonlyMap<string, string>): ModelMetadata {
  const field = fieldOf(metadata);
  const init = field("init");
  if (init !== INIT) {
    throw new ModelFileError(
      `model file: its weights are drawn by ${quoted(init)}, expected ${INIT}. Update bn-only.`,
    );
  }
  const notes = [...metadata].filter(([key]) => !reserved.has(key));
  const inputShape = metadata.get("inputShape");
  return {
    architecture: nameOf(field("architecture")),
    seed: wholeNumber("seed", field("seed"), 0, Number.MAX_SAFE_INTEGER),
    initialization: {
      weights: nameIn(weightInitializers, field("weightInit")),
      batchNorm: nameIn(batchNormInitializers, field("batchNormInit")),
    },
    classes: wholeNumber("classes", field("classes"), 1, MAXIMUM_CLASSES),
    ...(inputShape !== undefined && { inputShape: shapeOf(inputShape) }),
    fingerprint: digest(field("fingerprint")),
    notes: Object.fromEntries(notes),
  };
}

/**
 * The version of a model file.
 *
 * @throws ModelFileError for another kind of file, and for a version that this package does not know.
 */
export function versionOf(metadata: ReadonlyMap<string, string>): "1" | "2" {
  const field = fieldOf(metadata);
  const [format, version] = [field("format"), field("version")];
  if (format === FORMAT && (version === "1" || version === "2")) return version;
  if (format === DENSE_FORMAT) {
    throw new ModelFileError(
      "model file: it holds a network with all of its numbers, not a seed. Read it with readDenseModel.",
    );
  }
  throw new ModelFileError(
    `model file: expected ${FORMAT} version 1 or ${VERSION}, got ${quoted(format)} version ${quoted(version)}. ` +
      `Update bn-only.`,
  );
}

export function fieldOf(metadata: ReadonlyMap<string, string>): (key: string) => string {
  return (key) => {
    const value = metadata.get(key);
    if (value !== undefined) return value;
    throw new ModelFileError(
      `model file: it has no "${key}" in its metadata, so it is not a bn-only model.`,
    );
  };
}

function nameOf(name: string): string {
  if (name !== "" && name.length <= MAXIMUM_NAME && !/\p{Cc}/u.test(name)) return name;
  throw new ModelFileError(
    `model file: ${quoted(name)} cannot name an architecture; a name has 1 to ${MAXIMUM_NAME} characters.`,
  );
}

function wholeNumber(key: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^(0|[1-9]\d{0,15})$/.test(text) && value >= least && value <= most) return value;
  throw new ModelFileError(
    `model file: its ${key} must be a whole number from ${least} to ${most}, got ${quoted(text)}. Copy or train it again.`,
  );
}

function shapeOf(text: string): Shape {
  const shape = text.split("x").map(Number);
  const fits = /^[1-9]\d{0,6}(x[1-9]\d{0,6}){0,3}$/.test(text);
  if (fits && !isTooLarge(shape)) return shape;
  throw new ModelFileError(
    `model file: its inputShape must be such as 28x28x1, with at most ${MAXIMUM_IMAGE} numbers, got ${quoted(text)}. Copy or train it again.`,
  );
}

function digest(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new ModelFileError(
    `model file: its fingerprint ${quoted(text)} is no SHA-256 in hex. Copy or train it again.`,
  );
}

function nameIn<Name extends string>(known: Readonly<Record<Name, unknown>>, name: string): Name {
  if (Object.hasOwn(known, name)) return name as Name;
  throw new ModelFileError(
    `model file: the initialisation ${quoted(name)} is none of ${Object.keys(known).join(", ")}. Update bn-only.`,
  );
}

/** @throws ModelFileError for notes that are not text or have the name of a field of the file. */
export function assertNotes(
  notes: Readonly<Record<string, string>>,
  fields: ReadonlySet<string>,
  caller: string,
): void {
  if (typeof notes !== "object" || notes === null || Array.isArray(notes)) {
    throw new ModelFileError(
      `${caller}: notes must be an object of texts, such as { dataset: "cifar10" }.`,
    );
  }
  for (const [key, value] of Object.entries(notes)) {
    if (fields.has(key)) {
      throw new ModelFileError(
        `${caller}: a note cannot be named "${key}". The file needs that name; choose another.`,
      );
    }
    if (typeof value === "string") continue;
    throw new ModelFileError(
      `${caller}: the note ${quoted(key)} must be text, got ${show(value)}. ` +
        `Write numbers as String(value), and anything else as JSON.`,
    );
  }
}
