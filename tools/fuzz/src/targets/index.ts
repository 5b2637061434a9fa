import type { Target } from "../target.ts";
import { planted } from "./planted.ts";

type Load = () => Promise<Target>;

const archives = () => import("./archives.ts");
const dense = () => import("./dense.ts");
const images = () => import("./images.ts");
const installed = () => import("./installed.ts");
const models = () => import("./models.ts");
const numpy = () => import("./numpy.ts");
const runs = () => import("./runs.ts");
const states = () => import("./states.ts");
const tables = () => import("./tables.ts");

/**
 * Every parser of bytes in the product. Each is loaded alone, since a look at the coverage goes through all
 * code that there is.
 */
const targets: Readonly<Record<string, Load>> = {
  model: async () => (await models()).model,
  "model-network": async () => (await models()).modelNetwork,
  "model-dense": async () => (await models()).denseModel,
  "model-notes": async () => (await models()).modelNotes,
  "dense-model": async () => (await dense()).denseModel,
  "layer-description": async () => (await dense()).layerDescription,
  state: async () => (await states()).stateFile,
  "state-resume": async () => (await states()).resume,
  png: async () => (await images()).png,
  "png-rows": async () => (await images()).pngRows,
  jpeg: async () => (await images()).jpeg,
  gunzip: async () => (await archives()).gunzip,
  "tar-gzip": async () => (await archives()).tarGzip,
  idx: async () => (await tables()).idx,
  "cifar-binary": async () => (await tables()).cifarBinary,
  "label-list": async () => (await tables()).labelList,
  pickle: async () => (await numpy()).pickle,
  "cifar-python": async () => (await numpy()).cifarPython,
  npy: async () => (await numpy()).npy,
  npz: async () => (await numpy()).npz,
  "cifar-npz": async () => (await numpy()).cifarNpz,
  "run-json": async () => (await runs()).runJson(),
  "run-resume": async () => (await runs()).resumed(),
  metrics: async () => (await runs()).metrics(),
  "report-record": async () => (await runs()).reportRecord(),
  gammas: async () => (await runs()).gammas(),
  "figure-spec": async () => (await runs()).figureSpec(),
  lock: async () => (await runs()).lock(),
  installation: async () => (await installed()).installation,
  measured: async () => (await installed()).measured,
  "wheel-metadata": async () => (await installed()).wheelMetadata,
};

export const targetNames: readonly string[] = Object.keys(targets);

/** Also one with a planted fault, of which `targetNames` tells nothing. */
export const isTarget = (name: string): boolean => name in targets || name in planted;

/** @param name of which `isTarget` holds */
export async function loadTarget(name: string): Promise<Target> {
  return planted[name] ?? targets[name]!();
}
