import type { RunStatus } from "../protocol.ts";
import type { App } from "./app.ts";
import { byId, setText } from "./dom.ts";
import { count, percent } from "./format.ts";
import { testAccuracy } from "./state.ts";

const busy: readonly RunStatus[] = ["running", "paused", "loading"];

/** The bar of buttons, and the line that says how the run stands. */
export class Controls {
  readonly #app: App;
  readonly #valid: () => boolean;
  readonly #go = byId<HTMLButtonElement>("go");
  readonly #step = byId<HTMLButtonElement>("step");
  readonly #stop = byId<HTMLButtonElement>("stop");
  readonly #restart = byId<HTMLButtonElement>("restart");
  #words = "";

  constructor(app: App, valid: () => boolean) {
    this.#app = app;
    this.#valid = valid;
    onPress(this.#go, () => this.#goPressed());
    onPress(this.#step, () => app.send({ type: "step" }));
    onPress(this.#stop, () => app.send({ type: "stop" }));
    onPress(this.#restart, () => app.begin(app.state.running));
  }

  #goPressed(): void {
    const { status } = this.#app.state;
    if (status === "running") this.#app.send({ type: "pause" });
    else if (status === "paused") this.#app.send({ type: "resume" });
    else this.#app.begin();
  }

  /** What is being loaded, in place of the usual words. */
  say(words: string): void {
    this.#words = words;
    this.draw();
  }

  draw(): void {
    const { status, lanes, running } = this.#app.state;
    const labels: Partial<Record<RunStatus, string>> = {
      running: "Pause",
      paused: "Resume",
      loading: "Loading",
    };
    setText(this.#go, labels[status] ?? "Train");
    rest(this.#go, status === "loading" || (!busy.includes(status) && !this.#valid()));
    rest(this.#step, status !== "paused");
    rest(this.#stop, !["running", "paused"].includes(status));
    rest(this.#restart, status === "loading" || running === undefined);
    const done = lanes[0] ? lanes[0].step / lanes[0].info.steps : 0;
    byId<HTMLProgressElement>("progress").value = status === "finished" ? 1 : done;
    document.body.dataset["status"] = status;
    setText(byId("status"), this.#sentence());
  }

  #sentence(): string {
    const { status, lanes, running } = this.#app.state;
    const lane = lanes[0];
    if (status === "loading") return this.#words || "Loading.";
    if (status === "idle" || !lane || !running)
      return "Ready. Press Train, or choose something else first.";
    const epoch = Math.min(running.epochs, Math.floor(lane.epoch) + 1);
    const tested = lanes.map(testAccuracy).filter((share) => share !== undefined);
    const accuracy =
      tested.length > 0
        ? `, ${tested.map((share) => percent(share)).join(" and ")} of the test images right`
        : "";
    // Announced by screen readers, so it changes with the epoch and not with the step.
    if (status === "running") return `Training, epoch ${epoch} of ${running.epochs}${accuracy}.`;
    if (status === "paused")
      return `Paused after step ${count(lane.step)} of ${count(lane.info.steps)}${accuracy}.`;
    if (status === "failed") return `Ended by an error after step ${count(lane.step)}.`;
    return `Finished after ${count(lane.step)} steps${accuracy}.`;
  }
}

/** Not `disabled`, which would take the focus away from who works by keyboard. */
function rest(button: HTMLButtonElement, resting: boolean): void {
  button.setAttribute("aria-disabled", String(resting));
}

function onPress(button: HTMLButtonElement, act: () => void): void {
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") act();
  });
}
