// Writes api/: a page for each entry of each published package, from the docstrings of its sources.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, Converter, ReflectionKind } from "typedoc";
import { mendAnchors } from "./anchors.js";

const packages = new URL("../../packages/", import.meta.url);
const entries = new Map();
const names = new Set();
for (const folder of readdirSync(packages)) {
  const { name, exports } = JSON.parse(
    readFileSync(new URL(`${folder}/package.json`, packages), "utf8"),
  );
  for (const [path, conditions] of Object.entries(exports)) {
    const source = conditions["@bn-only/source"];
    if (source === undefined) continue;
    const file = fileURLToPath(new URL(`${folder}/${source}`, packages));
    entries.set(file, name + path.slice(1));
    names.add(name);
  }
}

const app = await Application.bootstrapWithPlugins({
  entryPoints: [...entries.keys()],
  tsconfig: fileURLToPath(new URL("../tsconfig.api.json", import.meta.url)),
  plugin: ["typedoc-plugin-markdown", "typedoc-vitepress-theme"],
  logLevel: "Warn",
  packagesRequiringDocumentation: [...names],
});

app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
  if (!reflection.kindOf(ReflectionKind.Module)) return;
  const symbol = context.getSymbolFromReflection(reflection);
  const file = symbol?.declarations?.[0]?.fileName;
  reflection.name = entries.get(file) ?? reflection.name;
});

const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
await app.generateOutputs(project);
mendAnchors(fileURLToPath(new URL("../api", import.meta.url)));
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
