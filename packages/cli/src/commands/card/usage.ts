import { quote } from "../../report/command-line.ts";
import { pluginsOf } from "../evaluate/notes.ts";
import type { CardFacts } from "./facts.ts";
import { code, plain } from "./markdown.ts";

/** Code that loads the file, for the command line and for programs. */
export function usage({ opened, fileName }: CardFacts): string {
  const { seed, notes, inputShape } = opened;
  const plugins = pluginsOf(notes);
  const options = plugins.map((module) => ` --plugin ${quote(module)}`).join("");
  const command = code("sh", `npx @bn-only/cli evaluate ${quote(fileName)}${options}`);
  const imports = plugins
    .map((module, i) => `import * as plugin${i} from ${JSON.stringify(module)};\n`)
    .join("");
  const known = plugins.map((_, i) => `...(plugin${i}.architectures ?? [])`).join(", ");
  const architectures = plugins.length === 0 ? "" : `, architectures: [${known}]`;
  const shape = JSON.stringify(inputShape);
  const path = JSON.stringify(fileName);
  const program =
    seed === undefined
      ? `import { readFile } from "node:fs/promises";
import { readDenseModel, rebuildDenseModel, useBackend } from "@bn-only/trainer";

await useBackend("auto");
const network = rebuildDenseModel(readDenseModel(await readFile(${path})));
// network.predict(images): [batch, height, width, channels] in, [batch, classes] out`
      : `import { readFile } from "node:fs/promises";
import { defineNetwork } from "@bn-only/resnet-zoo";
import { readModel, rebuildModel, useBackend } from "@bn-only/trainer";
${imports}
await useBackend("auto");
const model = readModel(await readFile(${path}));
const { architecture, classes } = model.metadata;
const layers = defineNetwork(architecture, { classes, inputShape: ${shape}${architectures} });
const network = await rebuildModel(model, layers);
// network.predict(images): [batch, height, width, channels] in, [batch, classes] out`;
  const names = classNames(notes["classNames"]);
  const classes =
    names === undefined
      ? ""
      : `\n\nClasses, from 0: ${names.map((name) => plain(name)).join(", ")}.`;
  return `${command}\n\n${code("js", program)}${classes}`;
}

const MOST_NAMES = 100;

function classNames(note: string | undefined): string[] | undefined {
  try {
    const names: unknown = JSON.parse(note ?? "");
    return Array.isArray(names) && names.length > 0 && names.length <= MOST_NAMES
      ? names.map(String)
      : undefined;
  } catch {
    // Someone else's note.
    return undefined;
  }
}
