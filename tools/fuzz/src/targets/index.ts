import type { Target } from "../target.ts";
import { gunzip, tarGzip } from "./archives.ts";
import { jpeg, png, pngRows } from "./images.ts";
import { installation, measured } from "./installed.ts";
import { model, stateFile } from "./models.ts";
import { npy, npz, pickle } from "./numpy.ts";
import { gammas, metrics, reportRecord, runJson } from "./runs.ts";
import { cifarBinary, idx, labelList } from "./tables.ts";

/** Every parser of bytes in the product. */
export const targets: readonly Target[] = [
  model,
  stateFile,
  png,
  pngRows,
  jpeg,
  gunzip,
  tarGzip,
  idx,
  cifarBinary,
  labelList,
  pickle,
  npy,
  npz,
  runJson,
  metrics,
  reportRecord,
  gammas,
  installation,
  measured,
];
