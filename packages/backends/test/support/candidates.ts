import {
  copyRegisteredKernels,
  env,
  findBackendFactory,
  registerBackend,
} from "@tensorflow/tfjs-core";
import { MathBackendCPU } from "@tensorflow/tfjs-backend-cpu";
import type { BackendCandidate } from "../../src/index.ts";

export interface FakeCandidate extends BackendCandidate {
  /** How often it was prepared. */
  prepared: number;
  /** Why it cannot be prepared; it can while this is empty. */
  broken: string;
  /** What it would run. */
  version: string;
}

/** Reads nothing but zeros. */
class Wrong extends MathBackendCPU {
  override async read(dataId: object) {
    const values = (await super.read(dataId)) as Float32Array;
    return new Float32Array(values.length);
  }
}

/** tfjs-backend-cpu under another name. */
export function fakeCandidate(
  name: string,
  { couldWin = true, wrong = false }: { couldWin?: boolean; wrong?: boolean } = {},
): FakeCandidate {
  const tfjsName = `fake-${name}`;
  return {
    name,
    couldWin,
    prepared: 0,
    broken: "",
    version: "1",
    async prepare() {
      this.prepared += 1;
      // Without it tfjs-backend-cpu advertises tfjs-node.
      env().set("PROD", true);
      if (this.broken) throw new Error(this.broken);
      if (!findBackendFactory(tfjsName)) {
        copyRegisteredKernels("cpu", tfjsName);
        registerBackend(tfjsName, () => (wrong ? new Wrong() : new MathBackendCPU()));
      }
      return tfjsName;
    },
    summary: () => "a fake",
    async identity() {
      return this.version;
    },
  };
}
