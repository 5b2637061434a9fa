const { batchSource } = require("@bn-only/datasets");
const { createNetwork } = require("@bn-only/resnet-zoo");
const { train } = require("@bn-only/trainer");

if (![batchSource, createNetwork, train].every((value) => typeof value === "function"))
  process.exit(1);
const { trainSmall } = require("./train.js");
trainSmall().then((result) => console.log(JSON.stringify(result)));
