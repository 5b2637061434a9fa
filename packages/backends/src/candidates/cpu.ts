import { env } from "@tensorflow/tfjs-core";
import { type BackendCandidate, notInstalled } from "../candidate.ts";

/** tfjs-backend-cpu: plain JavaScript, for checking other backends; very slow. */
export const cpu: BackendCandidate = {
  name: "cpu",
  couldWin: false,
  summary: () => "plain JavaScript, slow",
  async prepare() {
    // Keeps tfjs from printing an advertisement for tfjs-node at the first op.
    env().set("PROD", true);
    await import("@tensorflow/tfjs-backend-cpu").catch(
      notInstalled("@tensorflow/tfjs-backend-cpu@4.22.0"),
    );
    return "cpu";
  },
};
