import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { configurationsOf } from "../../src/reproduce/figure-spec.ts";
import { runJobs, threadsEach } from "../../src/reproduce/jobs.ts";
import { isFinished } from "../../src/reproduce/run-store.ts";
import { specOf } from "../../src/reproduce/scales.ts";
import { lockRun } from "../../src/run/lock.ts";
import { temporaryFolder } from "../support/folder.ts";
import { fakeIo } from "../support/io.ts";

const tiny = specOf("depth", { scale: "tiny" });
const [configuration] = configurationsOf({
  ...tiny,
  protocol: { ...tiny.protocol, inputShape: [8, 8, 3], trainSize: 20, testSize: 10, epochs: 1 },
  runs: [{ networks: ["cifar-resnet-8"], conditions: ["bn"] }],
});

test.each([
  ["at once", { io: { ...fakeIo(), env: { NAME: "\0" } } }, /^its process does not start \(/],
  ["a moment later", { execPath: "/nowhere/node" }, /^its process does not start \(.*ENOENT/],
])(
  "a process that fails to start, %s, keeps no other from its turn",
  async (
    _,
    {
      io = fakeIo(),
      execPath = process.execPath,
    }: { io?: ReturnType<typeof fakeIo>; execPath?: string },
    message,
  ) => {
    const parent = await temporaryFolder();
    const own = process.execPath;
    const problems: (string | undefined)[] = [];
    process.execPath = execPath;
    try {
      const queue = ["first", "second"].map((name) => ({
        configuration: configuration!,
        folder: join(parent, name),
      }));
      await runJobs(queue, {
        jobs: 1,
        io,
        onEpoch: () => {},
        onWait: () => {},
        onEnd: (_job, problem) => void problems.push(problem),
      });
    } finally {
      process.execPath = own;
    }
    expect(problems).toEqual([expect.stringMatching(message), expect.stringMatching(message)]);
  },
);

test("a process that takes the folder while the run's own starts is waited for", async () => {
  const folder = join(await temporaryFolder(), "run");
  mkdirSync(folder);
  const problems: (string | undefined)[] = [];
  const done = runJobs([{ configuration: configuration!, folder }], {
    jobs: 1,
    io: fakeIo(),
    onEpoch: () => {},
    onWait: () => {},
    onEnd: (_job, problem) => void problems.push(problem),
  });
  const { release } = await lockRun(folder, () => {});
  await wait(3000);
  release();
  await done;
  expect(problems).toEqual([undefined]);
  expect(isFinished(folder, configuration!)).toBe(true);
}, 60_000);

test.each([
  [1, 2, 2],
  [2, 9, 4],
  [4, 2, 1],
  [1, 96, 64],
])("%i jobs on %i cores: %i threads each, as many as --threads takes", (jobs, cores, threads) => {
  expect(threadsEach(jobs, cores)).toBe(threads);
});
