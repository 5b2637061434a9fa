import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkRuns } from "../../src/reproduce/check-runs.ts";
import { configurationsOf, figureNames } from "../../src/reproduce/figure-spec.ts";
import { hashOf } from "../../src/reproduce/configuration.ts";
import { scaleNames, specOf } from "../../src/reproduce/scales.ts";
import { formatSpec, readSpec } from "../../src/reproduce/spec-file.ts";
import { temporaryFolder } from "../support/folder.ts";
import { run } from "../support/io.ts";

const spec = specOf("depth", { scale: "tiny" });

async function written(text: string): Promise<string> {
  const file = join(await temporaryFolder(), "figure.yaml");
  await writeFile(file, text);
  return file;
}

/** What the command says of a file, which must be one line. */
async function refusal(text: string): Promise<string> {
  const { code, err } = await run(["reproduce", "--spec", await written(text)]);
  expect(err).toMatch(/^error: [^\n]+\n$/);
  expect(code).toBe(2);
  return err;
}

describe("a spec file", () => {
  test.each(scaleNames.flatMap((scale) => figureNames.map((figure) => [figure, scale] as const)))(
    "%s at the scale %s: what was written is read again, and gives the same runs",
    async (figure, scale) => {
      const whole = specOf(figure, { scale, images: "imagenet" });
      const again = await readSpec(await written(await formatSpec(whole)), figure);
      expect(configurationsOf(again).map(hashOf)).toEqual(configurationsOf(whole).map(hashOf));
      checkRuns(again);
    },
  );

  test("what bn-only train would add or leave out is no other configuration", async () => {
    const { momentum: _momentum, ...protocol } = spec.protocol;
    const byHand = { ...spec, protocol: { ...protocol, nesterov: false } };
    const again = await readSpec(await written(await formatSpec(byHand)), "depth");
    expect(configurationsOf(again).map(hashOf)).toEqual(configurationsOf(spec).map(hashOf));
  });

  test.each<[changes: object, message: string]>([
    [
      { figur: "depth" },
      'there is no figur; did you mean "figure"? Known are figure, seeds, protocol, runs, result.',
    ],
    [{ protocol: { epoch: 3 } }, 'there is no protocol.epoch; did you mean "epochs"?'],
    [
      { runs: [{ network: ["a"], conditions: ["bn"] }] },
      'there is no runs.network; did you mean "networks"?',
    ],
    [{ figure: "dept" }, 'figure is "dept", wanted is one of depth, width,'],
    [{ figure: null }, "figure is null"],
    [
      { protocol: { ...spec.protocol, epochs: 0 } },
      "protocol.epochs is 0, wanted is what bn-only train takes",
    ],
    [{ protocol: { ...spec.protocol, epochs: 1.5 } }, "protocol.epochs is 1.5"],
    [{ protocol: { ...spec.protocol, batchSize: -3 } }, "protocol.batchSize is -3"],
    [{ protocol: { ...spec.protocol, classes: 0 } }, "protocol.classes is 0"],
    [{ seeds: [] }, "seeds is "],
    [{ seeds: [0, 0] }, "seeds is "],
    [{ seeds: [-1] }, "seeds is "],
    [{ protocol: { ...spec.protocol, epochs: "many" } }, 'protocol.epochs is "many"'],
    [{ protocol: { ...spec.protocol, schedule: "linear" } }, 'protocol.schedule is "linear"'],
    [{ protocol: [] }, "protocol is "],
    [{ runs: [{ networks: ["cifar-resnet-8"], conditions: ["bm"] }] }, "runs is "],
    [{ runs: "all" }, "runs is "],
    [{ runs: [{ networks: [], conditions: ["bn"] }] }, "runs is "],
    [{ runs: [{ networks: ["cifar-resnet-8"], conditions: [] }] }, "runs is "],
    [{ result: 3 }, "result is 3"],
  ])("with %j: one line, exit code 2", async (changes, message) => {
    const text = await formatSpec({ ...spec, ...changes } as typeof spec);
    expect(await refusal(text)).toContain(message);
  });

  test.each([
    ["- a", "not an object with figure, seeds, protocol, runs, result."],
    ["", "is not YAML: expected a document, but the input is empty. Correct it."],
    ["a: [", "is not YAML: "],
    ["figure: *nothing", "is not YAML: "],
    ["figure: !!js/function 'function () {}'", "is not YAML: "],
    ["\0\u0001", "YAML"],
  ])("%j: one line, exit code 2", async (text, message) => {
    expect(await refusal(text)).toContain(message);
  });

  test("a figure beside it that is another one is refused, and a file that is not there", async () => {
    const file = await written(await formatSpec(spec));
    expect((await run(["reproduce", "width", "--spec", file])).err).toContain(
      "it is of the figure depth, not width",
    );
    expect((await run(["reproduce", "--spec", `${file}.no`])).err).toContain("there is no file");
  });

  test("networks and numbers that do not exist are refused before anything runs", async () => {
    const folder = await temporaryFolder();
    for (const [changed, message] of [
      [
        { ...spec, runs: [{ networks: ["cifar-resnet-9"], conditions: ["bn"] }] },
        'did you mean "cifar-resnet-8"?',
      ],
      [{ ...spec, protocol: { ...spec.protocol, backend: "wsm" } }, 'did you mean "wasm"?'],
      [{ ...spec, protocol: { ...spec.protocol, dataset: "cifar11" } }, 'did you mean "cifar10"?'],
      [{ ...spec, protocol: { ...spec.protocol, learningRate: -1 } }, "learningRate"],
      [
        { ...spec, runs: [{ networks: ["mlp-3-256"], conditions: ["bn"] }] },
        "depth shows residual networks by what their names say, and mlp-3-256 is none.",
      ],
      [
        { ...spec, runs: [{ networks: ["cifar-resnet-8"], conditions: ["bn", "gamma", "beta"] }] },
        'depth draws "gamma only" and "beta only" in the same way',
      ],
    ] as const) {
      const file = await written(await formatSpec(changed as typeof spec));
      const { code, err, out } = await run([
        "reproduce",
        "--spec",
        file,
        "--out",
        join(folder, "none"),
      ]);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/^error: [^\n]+\n$/);
      expect(err).toContain(message);
    }
  });
});
