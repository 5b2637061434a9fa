import { drawActivations } from "../view/activations.ts";
import { drawConfusion } from "../view/confusion.ts";
import { drawCurves } from "../view/curves.ts";
import { drawFilters } from "../view/filters.ts";
import { drawGamma } from "../view/gamma.ts";
import { layOutImages, showPick, showPredictions } from "../view/images.ts";
import { drawNumbers } from "../view/numbers.ts";
import { drawStrips } from "../view/strips.ts";
import type { App } from "./app.ts";
import type { Controls } from "./controls.ts";
import { byId } from "./dom.ts";
import { count } from "./format.ts";
import { notice } from "./notices.ts";
import { Painter } from "./painter.ts";
import { noCurves } from "./state.ts";

/** Milliseconds between two looks at a layer while the network trains. */
const INSIDE_EVERY = 1500;

/** Everything that is drawn of a run, each view in a frame of its own. */
export class Views {
  readonly #app: App;
  readonly #controls: Controls;
  readonly #painter = new Painter();
  #insideAt = 0;
  #leftAt = 0;

  constructor(app: App, controls: Controls) {
    this.#app = app;
    this.#controls = controls;
    const { state } = app;
    app.on("data", ({ data }) => {
      state.data = data;
      state.image = 0;
      this.#painter.paint("images", () =>
        layOutImages(byId("images"), data.shown, data.shownLabels, data.side, data.classes, (i) =>
          this.#pick(i),
        ),
      );
    });
    app.on("started", ({ settings, lanes, resumedAt = 0 }) => {
      state.running = settings;
      document.body.classList.toggle("compared", lanes.length === 2);
      state.lanes = lanes.map((info) => ({
        info,
        step: resumedAt,
        epoch: 0,
        imagesPerSecond: 0,
        curves: noCurves,
      }));
      this.drawAll();
    });
    app.on("step", ({ lane, step, epoch, imagesPerSecond, curves }) => {
      if (!state.lanes[lane]) return;
      Object.assign(state.lanes[lane], { step, epoch, imagesPerSecond, curves });
      this.#drawCurves();
      this.#painter.paint("numbers", () => drawNumbers(state.lanes, state.data));
      this.#painter.paint("controls", () => this.#controls.draw());
    });
    app.on("look", ({ lane, look }) => {
      if (!state.lanes[lane]) return;
      state.lanes[lane].look = look;
      this.#drawLooks();
      const paused = state.status !== "running";
      if (paused || performance.now() - this.#insideAt > INSIDE_EVERY) this.#lookInside();
    });
    app.on("audit", ({ lane, audit }) => {
      if (!state.lanes[lane]) return;
      state.lanes[lane].audit = audit;
      this.#painter.paint("confusion", () => drawConfusion(state.lanes, state.data?.classes ?? []));
    });
    app.on("activations", ({ activations }) => {
      const lane = state.lanes[activations.lane];
      if (!lane) return;
      lane.activations = activations;
      state.layer = activations.layer;
      this.#painter.paint("activations", () =>
        drawActivations(state.lanes, (path) => this.#choose(path)),
      );
    });
  }

  drawAll(): void {
    const { state } = this.#app;
    this.#drawCurves();
    this.#painter.paint("gamma", () => drawGamma(state.lanes));
    this.#painter.paint("strips", () => drawStrips(state.lanes));
    this.#painter.paint("numbers", () => drawNumbers(state.lanes, state.data));
  }

  /** The page went into the background. */
  left(): void {
    this.#leftAt = this.#app.state.lanes[0]?.step ?? 0;
  }

  /** Somebody looks again. */
  caughtUp(): void {
    const since = this.#leftAt;
    if (since === 0) return;
    setTimeout(() => {
      const steps = (this.#app.state.lanes[0]?.step ?? 0) - since;
      if (steps > 20)
        notice(
          "away",
          `Training went on while this page was in the background: ${count(steps)} steps.`,
        );
    }, 1000);
  }

  #drawCurves(): void {
    const { lanes, running, settings, data } = this.#app.state;
    const epochs = (running ?? settings).epochs;
    const classes = data?.classes.length ?? 6;
    this.#painter.paint("accuracy", () => drawCurves("accuracy", lanes, epochs, classes));
    this.#painter.paint("loss", () => drawCurves("loss", lanes, epochs, classes));
  }

  #drawLooks(): void {
    const { state } = this.#app;
    const { data } = state;
    if (!data) return;
    this.#painter.paint("gamma", () => drawGamma(state.lanes));
    this.#painter.paint("strips", () => drawStrips(state.lanes));
    this.#painter.paint("filters", () => drawFilters(state.lanes));
    this.#painter.paint("predictions", () => {
      const shares = state.lanes.flatMap(({ look }) => (look ? [look.probabilities] : []));
      showPredictions(byId("images"), data.shownLabels, data.classes, shares);
    });
    this.#painter.paint("numbers", () => drawNumbers(state.lanes, data));
  }

  #pick(image: number): void {
    this.#app.state.image = image;
    showPick(image);
    this.#lookInside();
  }

  #choose(layer: string): void {
    this.#app.state.layer = layer;
    this.#lookInside();
  }

  #lookInside(): void {
    const { image, layer } = this.#app.state;
    this.#insideAt = performance.now();
    this.#app.send({ type: "look-at", image, layer });
  }
}
