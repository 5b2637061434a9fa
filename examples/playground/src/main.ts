import { decodeSettings } from "./link/settings-link.ts";
import { App } from "./page/app.ts";
import { Controls } from "./page/controls.ts";
import { byId, el, setText } from "./page/dom.ts";
import { receiveDrops } from "./page/drops.ts";
import { count } from "./page/format.ts";
import { clearNotice, notice } from "./page/notices.ts";
import { showOpened } from "./page/opened.ts";
import { OwnImagesPanel } from "./page/own-images.ts";
import { SettingsForm } from "./page/settings-form.ts";
import { Share } from "./page/share.ts";
import { TryPicture } from "./page/try.ts";
import { Views } from "./page/views.ts";
import type { Settings } from "./settings.ts";
import { recall } from "./store/keep.ts";
import { rememberedSettings, rememberSettings } from "./store/settings.ts";

const app = new App();
const { state } = app;
const form = new SettingsForm(byId<HTMLFormElement>("settings"), state.settings, changed);
const controls = new Controls(app, () => form.valid);
const views = new Views(app, controls);
const own = new OwnImagesPanel(app);
const trial = new TryPicture(app);
const share = new Share(app, (file) => void openFile(file));
receiveDrops(app, { own, trial, openFile: (file) => void openFile(file), choose });

byId("settings").addEventListener("change", () => controls.draw());

function changed(settings: Settings, name: keyof Settings): void {
  state.settings = settings;
  if (name === "data" && settings.data === "cifar10") choose({ side: 32 });
  else if (name === "data" && settings.data === "own" && settings.side === 24) choose({ side: 32 });
  else settle();
}

/** Changes some choices and shows them. */
function choose(some: Partial<Settings>): void {
  state.settings = { ...state.settings, ...some };
  form.show(state.settings);
  settle();
}

/** What depends on the choices follows them. */
function settle(): void {
  rememberSettings(state.settings);
  own.draw();
  describe();
  controls.draw();
}

function describe(): void {
  const classes = { shapes: 6, cifar10: 10, own: Math.max(2, own.classes) }[state.settings.data];
  app.send({ type: "describe", settings: state.settings, classes });
}

/** Puts the opened network away: who asks now asks the one that was trained here. */
function close(): void {
  if (byId("opened").hidden) return;
  byId("opened").hidden = true;
  trial.network = state.data && { classes: state.data.classes, side: state.data.side };
  app.send({ type: "close" });
}

async function openFile(file: File): Promise<void> {
  app.send({ type: "open-file", name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
}

app.on("described", ({ trainable, total }) => {
  const rest = trainable === total ? "Nothing stays random." : "The rest stays random.";
  setText(byId("headline"), `Train ${count(trainable)} of ${count(total)} numbers. ${rest}`);
});
app.on("backend", ({ line, other }) => showBackend(line, other));
app.on("kept", ({ step }) => {
  setText(byId("kept"), `Kept in this browser up to step ${count(step)}.`);
});
app.on("progress", ({ message }) => controls.say(message));
app.on("status", ({ status }) => {
  state.status = status;
  if (status !== "loading") controls.say("");
  if (status === "failed") clearNotice("restored");
  controls.draw();
  share.draw();
});
app.on("started", ({ settings, resumedAt, recovered }) => {
  byId("opened").hidden = true;
  trial.network = state.data && { classes: state.data.classes, side: settings.side };
  if (recovered) return;
  clearNotice("restored");
  clearNotice("fault");
  clearNotice("drop");
  if (resumedAt === undefined) return;
  choose(settings);
  const actions = [
    { label: "Forget it", act: () => (app.send({ type: "forget" }), location.reload()) },
  ];
  notice("restored", `Your last run is back, paused at step ${count(resumedAt)}.`, { actions });
});
app.on("recovered", ({ message }) => notice("recovered", message));
app.on("opened", ({ opened }) => {
  const { classes, side } = opened;
  trial.network = { classes, side };
  showOpened(opened, close);
});
app.on("fault", ({ fault, message, advice }) => {
  const words: Readonly<Record<string, string>> = {
    link: `This link cannot be opened: ${message}.`,
    memory: `Memory is full. ${message}`,
    backend: `This browser cannot train a network. ${message}`,
  };
  const narrower = {
    label: "Halve the batch",
    act: () => choose({ batchSize: Math.max(4, state.settings.batchSize >> 1) }),
  };
  const slower = {
    label: "A third of the rate",
    act: () => choose({ learningRate: Number((state.settings.learningRate / 3).toPrecision(2)) }),
  };
  const actions = fault === "memory" ? [narrower] : fault === "diverged" ? [slower] : [];
  notice("fault", words[fault] ?? message, { bad: true, advice, actions });
});

document.addEventListener("visibilitychange", () => {
  const visible = document.visibilityState === "visible";
  app.send({ type: "visible", visible });
  if (visible && state.status === "running") views.caughtUp();
  else views.left();
});
window.addEventListener("hashchange", () => void begin(false));

/** Which backend computes, and a button for the other one where there are two. */
function showBackend(line: string, other: string | undefined): void {
  byId("backend").replaceChildren(line);
  if (other === undefined) return;
  const button = el(
    "button",
    { type: "button", class: "link" },
    `Use ${other === "webgpu" ? "WebGPU" : "WebAssembly"}`,
  );
  button.addEventListener("click", () => app.send({ type: "use", backend: other }));
  byId("backend").append(" ", button);
}

/** What the address asks for: settings, a network, or else the run that this browser kept. */
async function begin(first: boolean): Promise<void> {
  // A part of the page, such as the controls that are skipped to, is nothing to open.
  const inPage = byId(location.hash.slice(1)) !== null;
  if (inPage && !first) return;
  const fragment = inPage ? "" : unescaped(location.hash.slice(1));
  if (!fragment.startsWith("m")) close();
  if (first) {
    const images = await recall<NonNullable<typeof app.own>>("images");
    if (images) own.restore(images);
  }
  if (fragment.startsWith("m")) app.send({ type: "open", link: fragment });
  else if (fragment !== "") {
    readSettings(fragment);
    app.send({ type: "prepare" });
  } else if (first) {
    choose(rememberedSettings());
    app.send({ type: "restore" });
  }
  describe();
  controls.draw();
  share.draw();
}

/** Some programs escape what they pass on; some cut it off in the middle of that. */
function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readSettings(fragment: string): void {
  try {
    choose(decodeSettings(fragment));
  } catch (error) {
    const { message } = error as Error;
    notice("fault", `This link cannot be opened: ${message.replace(/\.?$/, ".")}`, {
      bad: true,
      advice: "Ask for the link again, and copy all of it.",
    });
  }
}

// A phone shows the network first, and the choices to those who ask for them.
if (matchMedia("(max-width: 680px)").matches) byId("choices").removeAttribute("open");
views.drawAll();
// After the first paint: what follows loads tfjs.
requestAnimationFrame(() => setTimeout(() => void begin(true)));
