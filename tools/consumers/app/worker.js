import { serveTraining } from "@bn-only/trainer";
import { prepare } from "./train.js";

serveTraining(async (settings) => {
  const { options, description } = await prepare(settings);
  postMessage({ description });
  return options;
});
