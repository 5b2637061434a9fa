import { trainSmall } from "./train.js";

console.log(JSON.stringify(await trainSmall()));
