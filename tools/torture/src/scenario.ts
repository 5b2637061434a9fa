import type { Fault } from "./fault.ts";
import type { Operation } from "./layer/operation.ts";
import type { Task } from "./protocol.ts";
import type { Tree } from "./tree.ts";

/** A command that is disturbed, and what must come of it. */
export interface Scenario {
  readonly name: string;
  /** What lies in the folder before. */
  readonly template: Tree;
  readonly command: readonly string[];
  /** Ctrl-C at this step. */
  readonly interruptAt?: number;
  /** All that the undisturbed command does to the disk. */
  readonly operations: readonly Operation[];
  /** What it leaves. */
  readonly undisturbed: Tree;
  /** Command lines of which each must end what was disturbed; given what is there. */
  readonly goOn: (tree: Tree) => readonly GoOn[];
  /** What is wrong at any moment, whatever happened: a model that is lost or is none of the two. */
  readonly atAnyTime: (tree: Tree) => string | undefined;
  /** What is wrong at the end, compared with the undisturbed command. */
  readonly atTheEnd: (tree: Tree) => string | undefined;
  /** What a success says that did without something; `atTheEnd` does not hold then. */
  readonly without?: RegExp;
  /** What must not be lost once so many operations were done: steps that training goes on from. */
  readonly stepsKept: (done: number) => number;
  /** Whether the new model is there for sure once so many operations were done. */
  readonly modelKept: (done: number) => boolean;
}

export interface GoOn {
  readonly args: readonly string[];
  /** What an error may say with which the command leaves all as it is, as there is nothing left to do. */
  readonly nothingToDo?: RegExp;
  /** Commands that only look, and run before; they may fail in one line. */
  readonly readers: readonly (readonly string[])[];
  /** Whether a reader must succeed: there is a model at any time. */
  readonly readable: boolean;
}

export function taskOf(
  { command, interruptAt }: Pick<Scenario, "command" | "interruptAt">,
  folder: string,
  fault?: Fault,
): Task {
  return {
    folder,
    args: command,
    ...(interruptAt !== undefined && { interruptAt }),
    ...(fault && { fault }),
  };
}
