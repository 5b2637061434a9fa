import { trainSmall } from "./train.js";

trainSmall().then(
  (result) => postMessage(result),
  (error) => postMessage({ error: String(error?.stack ?? error) }),
);
