import { env } from "@tensorflow/tfjs-core";
import { type BackendCandidate, importPeer } from "./candidate.ts";

/** tfjs-backend-cpu: plain JavaScript, for checking other backends; very slow. */
export const cpu: BackendCandidate = {
  name: "cpu",
  summary: () => "plain JavaScript, slow",
  async prepare() {
    // Keeps tfjs from printing an advertisement for tfjs-node at the first op.
    env().set("PROD", true);
    await importPeer(
      "@tensorflow/tfjs-backend-cpu@4.22.0",
      () => import("@tensorflow/tfjs-backend-cpu"),
    );
    return "cpu";
  },
};
