/** Everything that decides a run. Two browsers with the same settings and backend compute the same. */
export interface Settings {
  readonly data: "shapes" | "cifar10" | "own";
  /** Pixels on each side of an image. */
  readonly side: number;
  readonly trainSize: number;
  readonly depth: number;
  readonly width: number;
  readonly condition: string;
  /** What trains in the second network beside it; `nothing`: there is none. */
  readonly versus: string;
  readonly optimizer: "adam" | "sgd";
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
}

export const defaults: Settings = {
  data: "shapes",
  side: 24,
  trainSize: 1200,
  depth: 14,
  width: 1,
  condition: "bn",
  versus: "nothing",
  optimizer: "adam",
  learningRate: 0.03,
  epochs: 12,
  batchSize: 32,
  seed: 0,
};

interface Choice {
  readonly label: string;
  /** One line for a person who has never heard of it. */
  readonly line: string;
}

interface OptionField extends Choice {
  readonly options: Readonly<Record<string, Choice>>;
  /** Whether the values are numbers. */
  readonly numeric?: boolean;
}

interface NumberField extends Choice {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

export type Field = OptionField | NumberField;

const conditions: Readonly<Record<string, Choice>> = {
  bn: {
    label: "BatchNorm only",
    line: "Scale and shift of every channel; every filter stays random.",
  },
  gamma: { label: "Scales only", line: "Gamma alone: which random features count, and how much." },
  beta: { label: "Shifts only", line: "Beta alone: where each random feature begins to fire." },
  head: { label: "Head only", line: "The last layer alone, on features nobody trained." },
  "bn+head": { label: "BatchNorm and head", line: "Scale, shift and the last layer." },
  "random-2": {
    label: "Two random weights per channel",
    line: "As many numbers as BatchNorm has, picked at random from the filters.",
  },
  all: { label: "Everything", line: "The usual training, to compare with." },
};

export const fields: Readonly<Record<keyof Settings, Field>> = {
  data: {
    label: "Images",
    line: "",
    options: {
      shapes: { label: "Shapes", line: "Six shapes, drawn from the seed as soon as you start." },
      cifar10: {
        label: "CIFAR-10",
        line: "60,000 photographs in ten classes, from this server or a file.",
      },
      own: {
        label: "Your own",
        line: "Two to ten classes from your files or camera; they stay in this tab.",
      },
    },
  },
  side: {
    label: "Image size",
    line: "Pixels on each side. Twice as many take four times as long.",
    numeric: true,
    options: { 16: plain("16"), 24: plain("24"), 32: plain("32"), 48: plain("48") },
  },
  trainSize: {
    label: "Training images",
    line: "How many to learn from in each epoch.",
    from: 32,
    to: 50_000,
    whole: true,
  },
  depth: {
    label: "Depth",
    line: "Layers. A deeper random network has more features to choose from.",
    numeric: true,
    options: { 8: plain("8"), 14: plain("14"), 20: plain("20"), 32: plain("32"), 56: plain("56") },
  },
  width: {
    label: "Width",
    line: "Multiplies the channels of every layer.",
    numeric: true,
    options: { 1: plain("× 1"), 2: plain("× 2"), 4: plain("× 4") },
  },
  condition: { label: "What trains", line: "", options: conditions },
  versus: {
    label: "Beside it",
    line: "",
    options: {
      nothing: {
        label: "Nothing",
        line: "One network. Choose another condition to see two, from the same seed.",
      },
      ...conditions,
    },
  },
  optimizer: {
    label: "Optimiser",
    line: "",
    options: {
      adam: {
        label: "Adam",
        line: "Gives every number a step size of its own; fast in short runs.",
      },
      sgd: { label: "SGD", line: "Momentum 0.9 and weight decay 0.0001, as in the paper." },
    },
  },
  learningRate: {
    label: "Learning rate",
    line: "Size of a step, falling to zero along a cosine. 0.03 suits Adam, 0.2 SGD.",
    from: 0.0001,
    to: 100,
    whole: false,
  },
  epochs: {
    label: "Epochs",
    line: "Times that every training image is seen.",
    from: 1,
    to: 200,
    whole: true,
  },
  batchSize: { label: "Batch", line: "Images in one step.", from: 4, to: 1024, whole: true },
  seed: {
    label: "Seed",
    line: "Draws the weights and the shapes. The same seed is the same network anywhere.",
    from: 0,
    to: 2 ** 32,
    whole: true,
  },
};

function plain(label: string): Choice {
  return { label, line: "" };
}

/** What is wrong with a value, as a sentence; undefined when nothing is. */
export function faultOf(name: keyof Settings, value: string | number): string | undefined {
  const field = fields[name];
  if ("options" in field) {
    if (Object.hasOwn(field.options, String(value))) return undefined;
    return `${field.label} must be one of ${Object.keys(field.options).join(", ")}, not “${String(value).slice(0, 40)}”.`;
  }
  const number =
    typeof value === "number" ? value : value.trim() === "" ? Number.NaN : Number(value);
  const fits =
    number >= field.from && number <= field.to && (!field.whole || Number.isInteger(number));
  if (fits) return undefined;
  const kind = field.whole ? "a whole number" : "a number";
  return `${field.label} must be ${kind} from ${field.from} to ${field.to}, not “${String(value).slice(0, 40)}”.`;
}

/** Conditions to compare with, by name. */
export function conditionLabel(condition: string): string {
  return conditions[condition]?.label ?? condition;
}

export function architectureOf({ depth, width }: Settings): string {
  return width === 1 ? `cifar-resnet-${depth}` : `cifar-resnet-${depth}-${width}`;
}
