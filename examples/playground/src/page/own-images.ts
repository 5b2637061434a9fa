import { decodePictures } from "../decode/decoder.ts";
import type { OwnImages } from "../protocol.ts";
import { forget, keep } from "../store/keep.ts";
import type { App } from "./app.ts";
import { byId, el } from "./dom.ts";
import { bytes, plural } from "./format.ts";
import { notice } from "./notices.ts";
import { ClassCard } from "./class-card.ts";

const MOST_CLASSES = 10;

/** The user's classes, from files, folders or the camera. */
export class OwnImagesPanel {
  readonly #app: App;
  readonly #list = el("ul", { class: "classes" });
  readonly #memory = el("p", { class: "hint", id: "own-memory", role: "status" });
  readonly #add: HTMLButtonElement;
  #cards: ClassCard[] = [];
  #keeping = 0;

  constructor(app: App) {
    this.#app = app;
    this.#add = el("button", { type: "button" }, "Add a class");
    this.#add.addEventListener("click", () => this.#addCard().focus());
    const clear = el("button", { type: "button" }, "Remove all");
    clear.addEventListener("click", () => this.#clear());
    const folder = el("input", {
      type: "file",
      multiple: true,
      webkitdirectory: true,
      id: "own-folder",
    });
    folder.addEventListener("change", () => {
      void this.receive(
        [...(folder.files ?? [])].map((file) => ({ file, folder: folderOf(file) })),
      );
    });
    byId("own-body").append(
      el(
        "p",
        { class: "drop" },
        "Drop folders here, one for each class, or thousands of pictures onto a class below. They are made small and stay in this tab.",
      ),
      this.#list,
      el(
        "div",
        { class: "actions" },
        this.#add,
        el(
          "label",
          { class: "file-button", for: "own-folder" },
          folder,
          "Choose a folder of folders",
        ),
        clear,
      ),
      this.#memory,
    );
    this.#addCard();
    this.#addCard();
  }

  get classes(): number {
    return this.#cards.filter(({ count }) => count > 0).length;
  }

  draw(): void {
    byId("own").hidden = this.#app.state.settings.data !== "own";
    this.#add.disabled = this.#cards.length >= MOST_CLASSES;
    const total = this.#cards.reduce((sum, { count }) => sum + count, 0);
    const { side } = this;
    this.#memory.textContent = `${plural(total, "image")} in ${this.classes} ${this.classes === 1 ? "class" : "classes"}, ${bytes(total * side * side * 3)} of memory at ${side} × ${side} pixels.`;
  }

  /** All images have one size: that of the first. */
  get side(): number {
    return this.#app.own?.side ?? this.#app.state.settings.side;
  }

  /** Files with the folder that they were in, if any; each folder is a class. */
  async receive(
    files: readonly { readonly file: File; readonly folder: string | undefined }[],
    onto?: ClassCard,
  ): Promise<void> {
    const groups = new Map<ClassCard, File[]>();
    const left = new Set<string>();
    for (const { file, folder } of files) {
      const card = onto ?? this.#cardFor(folder ?? "pictures");
      if (!card) {
        left.add(`“${folder ?? "pictures"}”`);
        continue;
      }
      const group = groups.get(card) ?? [];
      group.push(file);
      groups.set(card, group);
    }
    if (left.size > 0) {
      notice(
        "classes",
        `There may be ${MOST_CLASSES} classes at most; left out: ${[...left].join(", ")}.`,
        { bad: true },
      );
    }
    const { side } = this;
    let refused = 0;
    for (const [card, group] of groups) {
      const before = card.count;
      const decoded = await decodePictures(group, side, (done) =>
        card.say(`${done} of ${group.length} read`),
      );
      refused += decoded.refused.length;
      card.addPixels(without(decoded.pixels, new Set(decoded.refused), side), side);
      card.say(plural(card.count - before, "image") + " added");
      this.#changed();
    }
    if (refused > 0) {
      notice(
        "own",
        `${plural(refused, "file")} could not be read as pictures and ${refused === 1 ? "was" : "were"} left out.`,
        {
          bad: true,
          advice: "PNG, JPEG, WebP, GIF and BMP work everywhere.",
        },
      );
    }
  }

  /** What an earlier visit left. */
  restore({ side, classes, images, labels }: OwnImages): void {
    this.#cards = [];
    this.#list.replaceChildren();
    const size = side * side * 3;
    for (const [label, name] of classes.entries()) {
      const card = this.#addCard(name);
      const members = [...labels.keys()].filter((i) => labels[i] === label);
      const pixels = new Uint8Array(members.length * size);
      members.forEach((member, i) =>
        pixels.set(images.subarray(member * size, (member + 1) * size), i * size),
      );
      card.addPixels(pixels, side);
    }
    this.#app.own = { side, classes, images, labels };
    this.draw();
  }

  #cardFor(folder: string): ClassCard | undefined {
    const name = folder.trim();
    const same = this.#cards.find((card) => card.name === name);
    if (same) return same;
    const empty = this.#cards.find((card) => card.count === 0 && !card.named);
    if (empty) {
      empty.name = name;
      return empty;
    }
    if (this.#cards.length >= MOST_CLASSES) return undefined;
    const added = this.#addCard();
    added.name = name;
    return added;
  }

  #addCard(name?: string): ClassCard {
    const card = new ClassCard(name ?? `class ${this.#cards.length + 1}`, {
      files: (files) =>
        void this.receive(
          files.map((file) => ({ file, folder: undefined })),
          card,
        ),
      changed: () => this.#changed(),
      side: () => this.side,
      remove: () => {
        this.#cards = this.#cards.filter((other) => other !== card);
        card.element.remove();
        this.#changed();
      },
    });
    this.#cards.push(card);
    this.#list.append(card.element);
    this.draw();
    return card;
  }

  /** The card that an element belongs to. */
  cardOf(target: EventTarget | null): ClassCard | undefined {
    return this.#cards.find(({ element }) => target instanceof Node && element.contains(target));
  }

  #changed(): void {
    const filled = this.#cards.filter(({ count }) => count > 0);
    const { side } = this;
    const size = side * side * 3;
    const total = filled.reduce((sum, { count }) => sum + count, 0);
    const images = new Uint8Array(total * size);
    const labels = new Uint8Array(total);
    let at = 0;
    for (const [label, card] of filled.entries()) {
      for (const part of card.pixels) {
        images.set(part, at * size);
        labels.fill(label, at, at + part.length / size);
        at += part.length / size;
      }
    }
    this.#app.own =
      total > 0 ? { side, classes: filled.map(({ name }) => name), images, labels } : undefined;
    this.draw();
    clearTimeout(this.#keeping);
    this.#keeping = window.setTimeout(
      () => void (this.#app.own ? keep("images", this.#app.own) : forget("images")),
      800,
    );
  }

  #clear(): void {
    this.#cards = [];
    this.#list.replaceChildren();
    this.#addCard();
    this.#addCard();
    this.#changed();
  }
}

function folderOf(file: File): string | undefined {
  return file.webkitRelativePath.split("/").at(-2);
}

function without(pixels: Uint8Array, refused: ReadonlySet<number>, side: number): Uint8Array {
  if (refused.size === 0) return pixels;
  const size = side * side * 3;
  const kept = Array.from({ length: pixels.length / size }, (_, i) => i).filter(
    (i) => !refused.has(i),
  );
  const result = new Uint8Array(kept.length * size);
  kept.forEach((from, to) =>
    result.set(pixels.subarray(from * size, (from + 1) * size), to * size),
  );
  return result;
}
