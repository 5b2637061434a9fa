import { encodeSettings } from "../link/settings-link.ts";
import type { LinkRow } from "../protocol.ts";
import type { App } from "./app.ts";
import { byId, el } from "./dom.ts";
import { count, percent } from "./format.ts";

/** Links and files. */
export class Share {
  readonly #app: App;
  readonly #out = el("div", { "aria-live": "polite" });
  readonly #network = this.#button("Link to the trained network", () => {
    this.#out.replaceChildren(
      el("p", { class: "hint" }, "Rounding, packing and testing it in four precisions."),
    );
    this.#app.send({ type: "links" });
  });
  readonly #save = this.#button("Download .safetensors", () =>
    this.#app.send({ type: "save", lane: 0 }),
  );

  constructor(app: App, openFile: (file: File) => void) {
    this.#app = app;
    const input = el("input", { type: "file", accept: ".safetensors", id: "open-file" });
    input.addEventListener("change", () => {
      const [file] = input.files ?? [];
      if (file) openFile(file);
      input.value = "";
    });
    byId("share").append(
      el(
        "p",
        { class: "hint" },
        "A network like this is its seed and a few thousand numbers. So it fits into a link: whoever opens it draws the same weights from the seed, and a fingerprint proves it.",
      ),
      el(
        "div",
        { class: "actions" },
        this.#button("Link to these choices", () => void this.#settings()),
        this.#network,
        this.#save,
        el("label", { class: "file-button", for: "open-file" }, input, "Open .safetensors"),
      ),
      this.#out,
    );
    app.on("links", ({ rows, refusal }) => this.#table(rows, refusal));
    app.on("file", ({ name, bytes }) => download(name, bytes));
  }

  draw(): void {
    const { lanes, status } = this.#app.state;
    const there = lanes.length > 0 && ["paused", "finished"].includes(status);
    this.#network.disabled = !there;
    this.#save.disabled = !there;
    const why = there ? "" : "Pause or finish a run first";
    this.#network.title = why;
    this.#save.title = why;
  }

  #button(label: string, act: () => void): HTMLButtonElement {
    const button = el("button", { type: "button" }, label);
    button.addEventListener("click", act);
    return button;
  }

  async #settings(): Promise<void> {
    const link = linkTo(encodeSettings(this.#app.state.settings));
    this.#out.replaceChildren(...(await linkBox(link, "settings-link", "Link to these choices")));
  }

  #table(rows: readonly LinkRow[], refusal: string | undefined): void {
    if (refusal !== undefined) {
      this.#out.replaceChildren(el("p", { role: "alert" }, refusal));
      return;
    }
    const box = el("div");
    const body = rows.map((row) => {
      const loss = row.accuracyBefore - row.accuracy;
      const change =
        Math.abs(loss) < 0.0005
          ? "nothing"
          : `${loss > 0 ? "−" : "+"}${(100 * Math.abs(loss)).toFixed(1)} points`;
      const take = this.#button("Copy", () => void this.#copy(row, box));
      take.setAttribute("aria-label", `Copy the link with ${row.bits} bits`);
      take.dataset["bits"] = String(row.bits);
      return el(
        "tr",
        {},
        el("th", { scope: "row" }, `${row.bits} bits`),
        el(
          "td",
          {},
          row.fragment ? count(linkTo(row.fragment).length) : `${count(row.characters)}, too many`,
        ),
        el("td", {}, row.fragment ? percent(row.accuracy) : "–"),
        el("td", {}, row.fragment ? change : "–"),
        el("td", { class: "hash" }, row.digest),
        el("td", {}, row.fragment ? take : ""),
      );
    });
    const heads = [
      "A number in",
      "Characters",
      "Test accuracy",
      "Lost by rounding",
      "Predictions",
      "",
    ];
    this.#out.replaceChildren(
      el(
        "table",
        {},
        el(
          "caption",
          {},
          `Before rounding: ${percent(rows[0]!.accuracyBefore)}. The same code under Predictions means the same answer to every test image.`,
        ),
        el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...body),
      ),
      box,
    );
  }

  async #copy({ fragment }: LinkRow, box: HTMLElement): Promise<void> {
    box.replaceChildren(
      ...(await linkBox(linkTo(fragment!), "network-link", "Link to the trained network")),
    );
  }
}

function linkTo(fragment: string): string {
  return `${location.href.split("#")[0]}#${fragment}`;
}

/** A field with the link, which is copied where the browser allows that. */
async function linkBox(link: string, id: string, label: string): Promise<HTMLElement[]> {
  const input = el("input", {
    id,
    class: "fragment",
    readonly: true,
    value: link,
    "aria-label": label,
  });
  input.addEventListener("focus", () => input.select());
  const copied = await navigator.clipboard?.writeText(link).then(
    () => true,
    () => false,
  );
  const words = copied ? "Copied." : "Copy it from this field.";
  return [
    el("p", {}, input),
    el("p", { class: "hint" }, `${count(link.length)} characters. ${words}`),
  ];
}

function download(name: string, bytes: Uint8Array): void {
  const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const anchor = el("a", { href: url, download: name });
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
