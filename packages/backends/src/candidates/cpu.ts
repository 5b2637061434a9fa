import { env } from "@tensorflow/tfjs-core";
import { importCpu } from "#peers";
import type { BackendCandidate } from "../candidate.ts";

/** tfjs-backend-cpu: plain JavaScript, for checking other backends; very slow. */
export const cpu: BackendCandidate = {
  name: "cpu",
  couldWin: false,
  summary: () => "plain JavaScript, slow",
  async prepare() {
    // Keeps tfjs from printing an advertisement for tfjs-node at the first op.
    env().set("PROD", true);
    await importCpu();
    return "cpu";
  },
};
