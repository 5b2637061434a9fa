import { useBackend } from "@bn-only/trainer";
import { backendOptions, checkBackendName } from "../../backend.ts";
import type { Io } from "../../io.ts";
import { print } from "../../print.ts";
import { writeJson } from "../../progress/json.ts";
import { createReporter, type Reporter } from "../../progress/reporter.ts";
import { modelFileOf } from "../evaluate/open-model.ts";
import { type OpenedNetwork, openNetwork } from "../evaluate/open-network.ts";
import { loadTestData, type TestRequest, testRequest } from "../evaluate/test-data.ts";
import { checkTarget } from "../shared/output-file.ts";
import { turn } from "../../turn.ts";
import { writeOutput } from "../shared/write-output.ts";
import { analyzeNetwork, type ModelAnalysis } from "./analysis.ts";
import type { AnalyzeCommandOptions } from "./options.ts";
import { analysisPage } from "./page.ts";
import { analysisText } from "./tables.ts";

/** `bn-only analyze`: what became of gamma, beta and ReLUs in a model, or in two. */
export async function runAnalysis(
  paths: readonly string[],
  options: AnalyzeCommandOptions,
  io: Io,
): Promise<void> {
  const models: { opened: OpenedNetwork; request: TestRequest | undefined }[] = [];
  for (const path of paths) {
    const opened = await openNetwork(modelFileOf(path), options.plugin);
    const request = options.evaluate ? testRequest(opened, options) : undefined;
    models.push({ opened, request });
  }
  const { out } = options;
  if (out !== undefined) {
    for (const { opened } of models) checkTarget(opened.file, out, options.overwrite);
  }
  const { plugins } = models[0]!.opened;
  const backendName = checkBackendName(options.backend, plugins);
  const reporter = createReporter(io, options);
  try {
    const backend = await useBackend(backendName, backendOptions(options, plugins));
    reporter.line(`backend: ${backend.description}`);
    const analyses: ModelAnalysis[] = [];
    for (const { opened, request } of models) {
      for (const warning of opened.warnings) reporter.line(`${opened.file}: ${warning}`);
      analyses.push(await analyze(opened, request, { options, io, reporter }));
    }
    reporter.close();
    if (out === undefined) await turn(io.signal);
    else await writeOutput(out, analysisPage(analyses), io.signal);
    const written = out === undefined ? {} : { out };
    if (options.json) return writeJson(io, { event: "result", models: analyses, ...written });
    print(io, `\n${analysisText(analyses)}${out === undefined ? "" : `\n\n${out}`}`);
  } finally {
    reporter.close();
  }
}

async function analyze(
  opened: OpenedNetwork,
  request: TestRequest | undefined,
  context: {
    readonly options: AnalyzeCommandOptions;
    readonly io: Io;
    readonly reporter: Reporter;
  },
): Promise<ModelAnalysis> {
  const { options, io } = context;
  const loaded = request && (await loadTestData(request, opened, context));
  const network = await opened.rebuild(loaded?.images.shape);
  const data = loaded && {
    dataset: request.dataset,
    images: loaded.images.labels.length,
    source: loaded.source,
  };
  try {
    return await analyzeNetwork(network, opened, data, options, io.signal);
  } finally {
    network.dispose();
  }
}
