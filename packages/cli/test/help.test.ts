import { describe, expect, test } from "vitest";
import { run } from "./support/io.ts";

const data = "dataset data-dir test-size input-shape classes normalization";
const backend = "backend threads no-fma plugin";
const options: Readonly<Record<string, string>> = {
  train:
    `preset condition epochs batch-size learning-rate momentum nesterov optimizer schedule milestones warmup weight-decay ${data} ` +
    `augmentation train-size no-augment seed weight-init batch-norm-init checkpointed-stages ${backend} checkpoint-every out overwrite no-report json help`,
  resume: "checkpoint-every plugin threads no-fma json help",
  evaluate: `${data} ${backend} json help`,
  report: "out json help",
  reproduce: "scale seeds jobs out runs spec images backend json help",
  export: "out overwrite plugin json help",
  networks: "plugin json help",
  datasets: "plugin json help",
  bench: `network condition evaluation batch-size checkpointed-stages ${backend} steps profile json help`,
  doctor: "plugin json help",
};

describe("help", () => {
  test.each(Object.entries(options))("%s: names its options, on stdout", async (command, names) => {
    for (const args of [
      [command, "--help"],
      ["help", command],
    ]) {
      const { code, out, err } = await run(args);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out).toMatch(new RegExp(`^Usage: bn-only ${command}`));
      const listed = [...out.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name);
      expect(listed).toEqual(names.split(" "));
    }
  });

  test.each([[[]], [["--help"]], [["help"]]])("bn-only %j lists the commands", async (args) => {
    const { code, out } = await run(args);
    expect(code).toBe(0);
    for (const command of Object.keys(options))
      expect(out).toMatch(new RegExp(`^ {2}${command} `, "m"));
  });

  test("no line is wider than the terminal", async () => {
    const { out } = await run(["train", "--help"], { columns: 72 });
    const body = out.slice(0, out.indexOf("An option given"));
    expect(body.split("\n").filter((line) => line.length > 72)).toEqual([]);
  });

  test("--version", async () => {
    expect((await run(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("wrong usage: one line, exit code 2", () => {
  test.each([
    ["trian", 'there is no command "trian"; did you mean "train"?'],
    ["frob", 'there is no command "frob". Commands are train,'],
    ["train", "missing required argument 'network'. See --help."],
    ["train cifar-resnet-15", 'did you mean "cifar-resnet-14"?'],
    ["train cifar-resnet-8 extra", "too many arguments for 'train'"],
    [
      "train cifar-resnet-8 --epoch 3",
      'unknown option "--epoch"; did you mean "--epochs"? See --help.',
    ],
    ["train cifar-resnet-8 --lr 0.1", 'unknown option "--lr"; did you mean "--learning-rate"?'],
    ["train cifar-resnet-8 --frobnicate=1", 'unknown option "--frobnicate". See --help.'],
    ["backend instal", 'unknown command "instal"; did you mean "install"? Commands are install.'],
    ["train cifar-resnet-8 --epochs", "option '--epochs <n>' argument missing"],
    ["train cifar-resnet-8 --dataset cifar-10", 'did you mean "cifar10"?'],
    ["train cifar-resnet-8 --condition bm", 'did you mean "bn"?'],
    ["train cifar-resnet-8 --backend wsam", 'did you mean "wasm"?'],
    ["train cifar-resnet-8 --preset qiuck", 'did you mean "quick"?'],
    ["train cifar-resnet-8 --weight-init orthogonl", 'did you mean "orthogonal"?'],
    ["train cifar-resnet-8 --batch-size 0", '--batch-size must be a whole number from 1, got "0".'],
    ["train cifar-resnet-8 --learning-rate NaN", "--learning-rate must be a number above 0"],
    ["train cifar-resnet-8 --momentum 1", "momentum must be a number from 0 to below 1, got 1."],
    [
      "train cifar-resnet-8 --optimizer adam --momentum 0.5",
      "--momentum is of SGD, and --optimizer adam",
    ],
    ["train cifar-resnet-8 --optimizer adamw --nesterov", "--nesterov is of SGD"],
    [
      "train cifar-resnet-8 --schedule cosine --milestones 0.5",
      "--milestones is of --schedule milestones, and cosine does not take it.",
    ],
    [
      "train cifar-resnet-8 --no-augment --augmentation imagenet",
      "--augmentation imagenet is how training images vary, and --no-augment says that they do not.",
    ],
    [
      "train cifar-resnet-8 --warmup 1.5",
      "a whole number of steps from 0, or a fraction of all steps",
    ],
    ["train cifar-resnet-8 --weight-decay -1", "--weight-decay must be a number from 0"],
    ["train cifar-resnet-8 --train-size 0.5", "--train-size must be a whole number from 1"],
    ["help trian", "a command is missing, or there is none of that name. See --help."],
    ["backend", "a command is missing, or there is none of that name. See --help."],
    ["bench --network vgg-16", 'network: "vgg-16" does not exist'],
    ["bench --checkpointed-stages 9", "checkpointedStages must be a whole number from 0 to 3"],
    ["evaluate", "missing required argument 'file'"],
    ["evaluate none.safetensors", "there is no file none.safetensors. Name the model.safetensors"],
    ["networks vgg*", 'no network matches "vgg*". See all with bn-only networks.'],
    [
      "networks inception-3",
      'network: "inception-3" does not exist. Names have the form cifar-resnet-',
    ],
    ["train cifar-resnet-9", 'did you mean "cifar-resnet-8"?'],
    ["train cifar-resnet-8 --backend metal", '--backend "metal" does not exist. Choose one of'],
    ["train cifar-resnet-8 --dataset imagenet", '"imagenet" does not exist. '],
  ])("bn-only %s", async (line, message) => {
    const { code, out, err } = await run(line.split(" "));
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^error: [^\n]+\n$/);
    expect(err).toContain(message);
  });

  test("--json tells programs as well", async () => {
    const { out, err } = await run(["train", "cifar-resnet-8", "--epochs", "0", "--json"]);
    const message = '--epochs must be a whole number from 1, got "0".';
    expect(JSON.parse(out)).toEqual({ event: "error", message });
    expect(err).toBe(`error: ${message}\n`);
  });

  test("BN_ONLY_DEBUG=1 adds the stack", async () => {
    const { err } = await run(["trian"], { env: { BN_ONLY_DEBUG: "1" } });
    expect(err).toContain("    at ");
  });
});
