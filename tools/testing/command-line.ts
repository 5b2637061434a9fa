import { parseArgs } from "node:util";

/** An option of a tool of this repository, as `node:util` parses it, and what the help says of it. */
export interface ToolOption {
  readonly type: "string" | "boolean";
  readonly default?: string | boolean | readonly string[];
  readonly multiple?: boolean;
  readonly help: string;
  /** What stands for the value in the help. Default: `value` */
  readonly placeholder?: string;
  /** The value is a whole number from this one on. */
  readonly from?: number;
}

type ToolOptions = Readonly<Record<string, ToolOption>>;

interface Tool<Options extends ToolOptions> {
  /** How it is called: `npm run fuzz --` */
  readonly command: string;
  /** A sentence or two. */
  readonly about: string;
  readonly options: Options;
}

type ValueOf<Option extends ToolOption> = Option extends { multiple: true }
  ? readonly string[]
  : Option["type"] extends "boolean"
    ? boolean
    : string;

type Values<Options extends ToolOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends {
    readonly default: string | boolean | readonly string[];
  }
    ? ValueOf<Options[Name]>
    : ValueOf<Options[Name]> | undefined;
};

/**
 * The options of a tool. `--help` prints what there is and ends the process with 0; what it does not
 * understand ends it with one line and 2. So does what is thrown later with 1, where it is an error of ours.
 */
export function readCommandLine<const Options extends ToolOptions>(
  tool: Tool<Options>,
  args: readonly string[] = process.argv.slice(2),
): Values<Options> {
  process.once("uncaughtException", tellUncaught);
  if (args.includes("--help") || args.includes("-h")) {
    console.log(helpOf(tool));
    process.exit(0);
  }
  try {
    const options = tool.options as Readonly<Record<string, never>>;
    const { values } = parseArgs({ args: [...args], options });
    assertNumbers(tool.options, values);
    return values as Values<Options>;
  } catch (error) {
    refuse(problemOf(error, tool.options));
  }
}

/** Ends a tool whose command line cannot be carried out. */
export function refuse(problem: string): never {
  console.error(`error: ${problem}`);
  process.exit(2);
}

/** Errors of ours have a marker, and say what to do; a stack would hide that. */
function tellUncaught(error: Error): void {
  console.error("marker" in Object(error?.constructor) ? `error: ${error.message}` : error);
  process.exit(1);
}

function problemOf(error: unknown, options: ToolOptions): string {
  const { code, message } = error as NodeJS.ErrnoException;
  // Node's sentence goes on about positional arguments, which no tool has.
  const what = message.split(/\. (?=To specify)/)[0]!.replace(/\.$/, "");
  if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return what;
  const names = Object.keys(options).map((name) => `--${name}`);
  return `${what}. There ${names.length === 0 ? "is only" : `are ${names.join(", ")} and`} --help.`;
}

function assertNumbers(options: ToolOptions, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { from }] of Object.entries(options)) {
    const text = values[name];
    if (from === undefined || typeof text !== "string") continue;
    if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) >= from) continue;
    throw new Error(`--${name} must be a whole number from ${from}, got "${text}"`);
  }
}

function helpOf({ command, about, options }: Tool<ToolOptions>): string {
  const all: ToolOptions = { ...options, help: { type: "boolean", help: "this" } };
  const rows = Object.entries(all).map(([name, option]) => {
    const value = option.type === "boolean" ? "" : ` <${option.placeholder ?? "value"}>`;
    const shown = option.default === undefined || option.default === false ? "" : option.default;
    const otherwise = shown === "" || Array.isArray(shown) ? "" : ` (default: ${String(shown)})`;
    return [`--${name}${value}`, `${option.help}${otherwise}`] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, help]) => `  ${name.padEnd(width)}  ${help}`);
  return [`Usage: ${command} [options]`, "", about, "", ...lines].join("\n");
}
