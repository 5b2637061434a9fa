import type { Settings } from "./settings.ts";

// What the page and its training worker say to each other. Everything is plain data.

/** Images of the user's, decoded. */
export interface OwnImages {
  readonly side: number;
  readonly classes: readonly string[];
  /** `[count, side, side, 3]` */
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

export type ToWorker =
  | { readonly type: "describe"; readonly settings: Settings; readonly classes: number }
  | { readonly type: "start"; readonly settings: Settings; readonly data: DataFrom }
  | { readonly type: "prepare" | "restore" }
  | { readonly type: "pause" | "resume" | "step" | "stop" | "forget" }
  | { readonly type: "visible"; readonly visible: boolean }
  | { readonly type: "look-at"; readonly image: number; readonly layer: string }
  | { readonly type: "use"; readonly backend: string }
  | { readonly type: "links" }
  | { readonly type: "save"; readonly lane: number }
  | { readonly type: "open"; readonly link: string }
  | { readonly type: "open-file"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: "close" }
  | { readonly type: "classify"; readonly side: number; readonly pixels: Uint8Array };

/** Where the images of a run come from, besides the settings. */
export interface DataFrom {
  readonly own?: OwnImages;
  /** A CIFAR-10 archive that the user dropped. */
  readonly archive?: Uint8Array;
}

interface Description {
  readonly trainable: number;
  readonly total: number;
}

export interface DataInfo {
  readonly name: string;
  readonly classes: readonly string[];
  readonly trainSize: number;
  readonly testSize: number;
  readonly side: number;
  readonly bytes: number;
  /** The test images that are shown, `[count, side, side, 3]`. */
  readonly shown: Uint8Array;
  readonly shownLabels: Uint8Array;
}

export interface LaneInfo {
  readonly condition: string;
  readonly trainable: number;
  readonly total: number;
  readonly steps: number;
  readonly gammaBefore: Float32Array;
}

/** A point of the curves: training by step, test by epoch. */
export interface Points {
  /** In epochs. */
  readonly at: readonly number[];
  readonly loss: readonly number[];
  readonly accuracy: readonly number[];
}

export interface Curves {
  readonly train: Points;
  readonly test: Points;
  /** Steps that one point of `train` stands for; runs that were kept by an earlier version lack it. */
  readonly stride?: number;
}

/** The channels of one BatchNorm. */
export interface Strip {
  readonly layer: string;
  readonly gamma: Float32Array;
  /** Share of zeros in each channel's output over some test images, where that is known. */
  readonly zeros?: Float64Array;
}

/** What a network looks like at one moment. */
export interface Look {
  readonly step: number;
  readonly strips: readonly Strip[];
  /** Of the shown test images, `[count, classes]`. */
  readonly probabilities: Float32Array;
  /** The first layer's filters, `[3, 3, 3, filters]`. */
  readonly filters: Float32Array;
  /** Bytes in use and held by the backend. */
  readonly memory: { readonly used: number; readonly held?: number };
}

/** What is found out once an epoch. */
export interface Audit {
  /** `[true class, predicted class]` */
  readonly confusion: Uint32Array;
  readonly accuracy: number;
  /** SHA-256 over all frozen weights, now and before the first step. */
  readonly fingerprint: string;
  readonly fingerprintBefore: string;
  readonly frozen: number;
}

export interface Activations {
  readonly lane: number;
  readonly image: number;
  readonly layer: string;
  /** Layers that can be looked at, with the shape of one output. */
  readonly layers: readonly { readonly path: string; readonly shape: readonly number[] }[];
  /** `[height, width, channels]` or `[units]`. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface LinkRow {
  readonly bits: number;
  /** The part after `#`; undefined when it is too long for a link. */
  readonly fragment: string | undefined;
  readonly characters: number;
  readonly accuracy: number;
  readonly accuracyBefore: number;
  readonly digest: string;
}

/** A network that came from a link or a file. */
export interface Opened {
  readonly from: "link" | "file";
  readonly architecture: string;
  readonly seed: number;
  readonly classes: readonly string[];
  readonly side: number;
  readonly fingerprint: string;
  readonly stored: number;
  readonly total: number;
  readonly notes: Readonly<Record<string, string>>;
  /** On the test images that its settings draw, where they draw any. */
  readonly tested?: {
    readonly images: number;
    readonly accuracy: number;
    readonly digest: string;
    readonly shown: Uint8Array;
    readonly shownLabels: Uint8Array;
    readonly probabilities: Float32Array;
  };
}

export type RunStatus = "idle" | "loading" | "running" | "paused" | "finished" | "failed";

export type Fault = "memory" | "diverged" | "data" | "link" | "file" | "backend" | "unexpected";

export type FromWorker =
  | {
      readonly type: "backend";
      readonly line: string;
      /** Another one that can be tried. */
      readonly other?: string;
    }
  | ({ readonly type: "described" } & Description)
  | { readonly type: "data"; readonly data: DataInfo }
  | { readonly type: "progress"; readonly message: string }
  | {
      readonly type: "started";
      readonly settings: Settings;
      readonly lanes: readonly LaneInfo[];
      readonly resumedAt?: number;
      /** Whether it goes on after a device was lost, and was never away from the page. */
      readonly recovered: boolean;
    }
  | { readonly type: "status"; readonly status: RunStatus }
  | {
      readonly type: "step";
      readonly lane: number;
      readonly step: number;
      readonly epoch: number;
      readonly imagesPerSecond: number;
      readonly curves: Curves;
    }
  | { readonly type: "look"; readonly lane: number; readonly look: Look }
  | { readonly type: "audit"; readonly lane: number; readonly audit: Audit }
  | { readonly type: "activations"; readonly activations: Activations }
  | { readonly type: "kept"; readonly step: number }
  | { readonly type: "recovered"; readonly message: string }
  | { readonly type: "links"; readonly rows: readonly LinkRow[]; readonly refusal?: string }
  | { readonly type: "file"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly type: "opened"; readonly opened: Opened }
  | { readonly type: "classified"; readonly probabilities: Float32Array }
  | {
      readonly type: "fault";
      readonly fault: Fault;
      readonly message: string;
      readonly advice: string;
    };
