import { join } from "node:path";
import { makeFolder, writeWhole } from "@bn-only/files";
import { renderFigure } from "./charts/render.ts";
import type { Figure } from "./figure.ts";
import type { FigureSpec } from "./figure-spec.ts";
import { entryOf, resultHash } from "./result.ts";
import type { StoredRun } from "./run-store.ts";
import { formatSpec } from "./spec-file.ts";

export interface WrittenFigure {
  readonly figure: string;
  readonly data: string;
  readonly runs: string;
  readonly spec: string;
  /** One hash of all that came out. */
  readonly result: string;
}

/** `<figure>.svg`, `<figure>.json`, `<figure>.runs.json` and `<figure>.spec.yaml` in a folder. */
export async function writeFigure(
  out: string,
  {
    spec,
    runs,
    figure,
  }: { readonly spec: FigureSpec; readonly runs: readonly StoredRun[]; readonly figure: Figure },
): Promise<WrittenFigure> {
  const result = resultHash(runs);
  const file = (ending: string): string => join(out, `${spec.figure}.${ending}`);
  const written = {
    figure: file("svg"),
    data: file("json"),
    runs: file("runs.json"),
    spec: file("spec.yaml"),
    result,
  };
  makeFolder(out);
  writeWhole(written.figure, await renderFigure(figure));
  writeWhole(
    written.data,
    json({ figure: spec.figure, result, protocol: spec.protocol, seeds: spec.seeds, ...figure }),
  );
  writeWhole(written.runs, json(runs.map(entryOf)));
  writeWhole(written.spec, await formatSpec({ ...spec, result }));
  return written;
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
