import type { Pool } from "./pool.ts";
import type { Outcome } from "./protocol.ts";
import type { GoOn, Scenario } from "./scenario.ts";
import { readTree, type Tree, writeTree } from "./tree.ts";

/** What is known of the moment at which a command ended early. */
export interface Kept {
  /** Steps that training must not fall behind. */
  readonly steps: number;
  /** Whether the new model must be there. */
  readonly model: boolean;
}

/**
 * Looks at what a fault left and goes on in each way that must work.
 *
 * @returns what is wrong, if anything
 */
export async function judge(
  tree: Tree,
  scenario: Scenario,
  kept: Kept,
  { pool, folder }: { readonly pool: Pool; readonly folder: string },
): Promise<string | undefined> {
  const wrong = scenario.atAnyTime(tree);
  if (wrong !== undefined) return wrong;
  if (kept.model) {
    const lost = modelLost(tree, scenario);
    if (lost !== undefined) return lost;
  }
  for (const way of scenario.goOn(tree)) {
    writeTree(folder, tree);
    const problem = await goOn(way, tree, { scenario, kept, pool, folder });
    if (problem !== undefined) return `${way.args[0]}: ${problem}`;
  }
  return undefined;
}

function modelLost(tree: Tree, { undisturbed }: Scenario): string | undefined {
  const path = "run/model.safetensors";
  const [there, wanted] = [tree.get(path), undisturbed.get(path)];
  if (there && wanted && Buffer.compare(there, wanted) === 0) return undefined;
  return "the new model was on disk and is not there";
}

interface Place {
  readonly scenario: Scenario;
  readonly kept: Kept;
  readonly pool: Pool;
  readonly folder: string;
}

async function goOn(way: GoOn, before: Tree, place: Place): Promise<string | undefined> {
  const { scenario, kept, pool, folder } = place;
  for (const args of way.readers) {
    const outcome = await pool.run({ folder, args });
    const problem = way.readable ? succeeded(outcome) : endedWell(outcome);
    if (problem !== undefined) return `before it, ${args.join(" ")}: ${problem}`;
  }
  const outcome = await pool.run({ folder, args: way.args });
  const { code, out, err } = outcome;
  const idle = code === 2 && way.nothingToDo?.test(err) === true;
  if (!idle) {
    const problem = succeeded(outcome);
    if (problem !== undefined) return problem;
    const resumed = /goes on after (\d+) steps/.exec(out);
    const steps = Number(resumed?.[1] ?? 0);
    if (steps < kept.steps && trains(out) && !kept.model && !hadFinished(before)) {
      return `${kept.steps} steps were on disk, and it began after ${steps}`;
    }
  }
  return scenario.atTheEnd(readTree(folder));
}

/** A reader may have put it in its place, and the same command is another one then. */
function hadFinished(tree: Tree): boolean {
  const run = new TextDecoder().decode(tree.get("run/.replacement/run.json"));
  return tree.has("run/.committed") || run.includes('"status": "finished"');
}

const trains = (out: string): boolean => out.includes("images/s");

function succeeded(outcome: Outcome): string | undefined {
  return outcome.code === 0 ? endedWell(outcome) : saying("did not succeed", outcome);
}

/** Success, or one line that says what to do; a warning before it at most. */
export function endedWell(outcome: Outcome): string | undefined {
  const { code, err } = outcome;
  if (code === undefined) return "the process died";
  const said =
    /^(?:warning: [^\n]+ could not be written, the run goes on [^\n]+\n)?(error: [^\n]+\n)?$/;
  const [whole, error] = said.exec(err) ?? [];
  const raw = /\b(TypeError|RangeError|undefined)\b/.test(err);
  if (whole === undefined || raw) return saying("spoke badly", outcome);
  if (code === 0)
    return error === undefined ? undefined : saying("succeeded with an error", outcome);
  return [1, 2, 3, 130].includes(code) && error ? undefined : saying("failed badly", outcome);
}

export function saying(what: string, { code, err }: Outcome): string {
  return `${what} (exit code ${code}: ${err.trim().slice(0, 400)})`;
}
