import { describeNetwork } from "@bn-only/resnet-zoo";
import type { DataFrom, FromWorker, OwnImages, ToWorker } from "../protocol.ts";
import { architectureOf, type Settings } from "../settings.ts";
import { keep, recall } from "../store/keep.ts";
import { chooseBackend } from "./backend.ts";
import { classify } from "./classify.ts";
import { exportLane, linksOf } from "./export.ts";
import { faultOf, isUnusable } from "./faults.ts";
import { loadData, type LoadedData } from "./load-data.ts";
import { openFile, openLink, type OpenedNetwork } from "./open.ts";
import { forgetRun, keptRun, Session } from "./session.ts";

let session: Session | undefined;
/** A network that came from a link or a file. */
let opened: OpenedNetwork | undefined;
let watched = true;
let ready: Promise<string> | undefined;

function tell(message: FromWorker): void {
  self.postMessage(message);
}

/** Messages have their turn one after the other, except those that only turn a switch. */
let turn: Promise<unknown> = Promise.resolve();
function inTurn(work: () => Promise<void>): void {
  turn = turn.then(work).catch((error: unknown) => {
    const fault = faultOf(error);
    if (fault.fault === "unexpected") console.error(error);
    tell(fault);
    tell({ type: "status", status: session?.status ?? "idle" });
  });
}

function backendReady(): Promise<string> {
  ready ??= chooseBackend(tell);
  ready.catch(() => (ready = undefined));
  return ready;
}

self.addEventListener("message", ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === "pause") session?.pause();
  else if (message.type === "resume") session?.resume();
  else if (message.type === "step") session?.step();
  else if (message.type === "stop") session?.stop();
  else if (message.type === "visible") {
    watched = message.visible;
    if (watched) inTurn(async () => session?.lookAll());
  } else inTurn(() => handle(message));
});

async function handle(message: ToWorker): Promise<void> {
  if (message.type === "describe") describe(message.settings, message.classes);
  if (message.type === "start") await start(message.settings, message.data);
  if (message.type === "prepare") await backendReady();
  if (message.type === "restore") await restore();
  if (message.type === "use") await chooseBackend(tell, message.backend);
  if (message.type === "forget") await forgetRun();
  if (message.type === "look-at") await session?.lookAt(message.image, message.layer);
  if (message.type === "links") tell({ type: "links", ...(await linksOf(session!.lanes[0]!)) });
  if (message.type === "save") await save(message.lane);
  if (message.type === "open") await open(() => openLink(message.link));
  if (message.type === "open-file") await open(() => openFile(message.bytes));
  if (message.type === "close") close();
  if (message.type === "classify") {
    const network = opened?.network ?? session?.lanes[0]?.network;
    if (network) tell({ type: "classified", probabilities: await classify(network, message) });
  }
}

async function save(index: number): Promise<void> {
  const lane = session!.lanes[index]!;
  const { seed } = lane.options.settings;
  const bytes = await exportLane(lane, undefined);
  const name = `${lane.network.name}-${lane.info.condition}-seed-${seed}.safetensors`;
  tell({ type: "file", name, bytes });
}

async function open(read: () => Promise<OpenedNetwork>): Promise<void> {
  tell({ type: "status", status: "loading" });
  await backendReady();
  const next = await read();
  close();
  opened = next;
  tell({ type: "opened", opened: next.opened });
  tell({ type: "status", status: session?.status ?? "idle" });
}

/** Puts the opened network away. */
function close(): void {
  opened?.network.dispose();
  opened = undefined;
}

async function start(settings: Settings, from: DataFrom): Promise<void> {
  tell({ type: "status", status: "loading" });
  await backendReady();
  // While the earlier run is still there: where images are missing, nothing is lost.
  const data = await load(settings, from);
  await session?.end();
  session = undefined;
  close();
  await forgetRun();
  // Before the first checkpoint: a run that is kept finds its own images after a reload.
  if (from.own) await keep("images", from.own);
  session = await Session.begin(settings, data, { tell, watched: () => watched });
}

function load(settings: Settings, from: DataFrom): Promise<LoadedData> {
  return loadData(settings, from, (message) => tell({ type: "progress", message }));
}

/** The run that this browser kept, paused. */
async function restore(): Promise<void> {
  const kept = await keptRun();
  if (!kept) {
    tell({ type: "status", status: "idle" });
    backendReady().catch((error: unknown) => tell(faultOf(error)));
    return;
  }
  tell({ type: "status", status: "loading" });
  await backendReady();
  const own = kept.settings.data === "own" ? await recall<OwnImages>("images") : undefined;
  try {
    const data = await load(kept.settings, own ? { own } : {});
    session = await Session.begin(kept.settings, data, {
      kept: kept.lanes,
      tell,
      watched: () => watched,
    });
  } catch (error) {
    if (isUnusable(error, kept.settings)) await forgetRun();
    throw error;
  }
}

/** How many numbers would train. */
function describe(settings: Settings, classes: number): void {
  const { side, condition } = settings;
  const { parameters } = describeNetwork(architectureOf(settings), {
    classes,
    inputShape: [side, side, 3],
  });
  const { total, batchNorm, output } = parameters;
  const counts: Readonly<Record<string, number>> = {
    bn: batchNorm,
    gamma: batchNorm / 2,
    beta: batchNorm / 2,
    head: output,
    "bn+head": batchNorm + output,
    // Every convolution of these networks is followed by a BatchNorm.
    "random-2": batchNorm,
    all: total,
  };
  tell({ type: "described", trainable: counts[condition]!, total });
}
