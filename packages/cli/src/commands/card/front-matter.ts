import type { CardFacts } from "./facts.ts";

/** Ids of data sets on the Hugging Face Hub. */
const hubIds: ReadonlyMap<string, string> = new Map([
  ["cifar10", "uoft-cs/cifar10"],
  ["cifar100", "uoft-cs/cifar100"],
  ["mnist", "ylecun/mnist"],
  ["fashion-mnist", "zalando-datasets/fashion_mnist"],
]);

/**
 * The metadata of a model card, https://huggingface.co/docs/hub/model-cards: YAML between two lines of dashes. Texts stand in
 * quotes, as JSON, which YAML takes, so nothing in a file can become another field.
 */
export function frontMatter(
  { opened }: CardFacts,
  title: string,
  license: string | undefined,
): string {
  const { architecture, notes } = opened;
  const { dataset, testAccuracy, testLoss } = notes;
  const hub = dataset === undefined ? undefined : hubIds.get(dataset);
  const accuracy = finite(testAccuracy);
  const loss = finite(testLoss);
  const lines = [
    "---",
    "library_name: bn-only",
    ...(license === undefined ? [] : [`license: ${quote(license)}`]),
    "pipeline_tag: image-classification",
    "tags:",
    ...["batchnorm", "random-features", "image-classification", architecture].map(item),
    ...(hub === undefined ? [] : ["datasets:", item(hub)]),
    ...(accuracy === undefined ? [] : ["metrics:", item("accuracy")]),
    ...(accuracy === undefined || dataset === undefined
      ? []
      : [
          "model-index:",
          `- name: ${quote(title)}`,
          "  results:",
          "  - task:",
          "      type: image-classification",
          "    dataset:",
          `      name: ${quote(dataset)}`,
          `      type: ${quote(hub ?? dataset)}`,
          "      split: test",
          "    metrics:",
          "    - type: accuracy",
          `      value: ${accuracy}`,
          ...(loss === undefined ? [] : ["    - type: loss", `      value: ${loss}`]),
        ]),
    "---",
  ];
  return lines.join("\n");
}

function finite(text: string | undefined): number | undefined {
  const value = text === undefined || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

const item = (text: string): string => `- ${quote(text)}`;

/** Line breaks that YAML knows and JSON does not escape are none in a quoted text. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
