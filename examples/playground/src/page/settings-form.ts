import { type Field, faultOf, fields, type Settings } from "../settings.ts";
import { isNumeric } from "../link/settings-link.ts";
import { el, setText } from "./dom.ts";

/** Fields that share a row. */
const half = new Set<string>([
  "depth",
  "width",
  "side",
  "trainSize",
  "learningRate",
  "optimizer",
  "epochs",
  "batchSize",
]);

/** The form of all choices, each with a line about what it does. */
export class SettingsForm {
  readonly #form: HTMLFormElement;
  readonly #controls = new Map<keyof Settings, HTMLInputElement | HTMLSelectElement>();
  readonly #onChange: (settings: Settings, name: keyof Settings) => void;
  #settings: Settings;

  constructor(
    form: HTMLFormElement,
    settings: Settings,
    onChange: (settings: Settings, name: keyof Settings) => void,
  ) {
    this.#form = form;
    this.#settings = settings;
    this.#onChange = onChange;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.append(
      ...Object.entries(fields).map(([name, field]) => this.#field(name as keyof Settings, field)),
    );
    this.show(settings);
  }

  /** Whether every field has a value that fits. */
  get valid(): boolean {
    return this.#form.querySelector('[aria-invalid="true"]') === null;
  }

  show(settings: Settings): void {
    this.#settings = settings;
    for (const [name, control] of this.#controls) {
      if (control.value !== String(settings[name])) control.value = String(settings[name]);
      this.#explain(name);
    }
    this.#hide();
  }

  /** All images of the user's are used, so there is no number to choose. */
  #hide(): void {
    const field = this.#controls.get("trainSize")!.parentElement!;
    field.hidden = this.#settings.data === "own";
  }

  #field(name: keyof Settings, field: Field): HTMLElement {
    const id = `setting-${name}`;
    const control =
      "options" in field
        ? el(
            "select",
            { id },
            ...Object.entries(field.options).map(([value, { label }]) =>
              el("option", { value }, label),
            ),
          )
        : el("input", { id, type: "text", inputmode: field.whole ? "numeric" : "decimal" });
    control.setAttribute("aria-describedby", `${id}-line`);
    control.addEventListener("change", () => this.#changed(name));
    this.#controls.set(name, control);
    return el(
      "div",
      { class: half.has(name) ? "field half" : "field" },
      el("label", { for: id }, field.label),
      control,
      el("p", { id: `${id}-line` }),
    );
  }

  #changed(name: keyof Settings): void {
    const control = this.#controls.get(name)!;
    const fault = faultOf(name, control.value);
    control.setAttribute("aria-invalid", String(fault !== undefined));
    if (fault === undefined) {
      const value = isNumeric(name) ? Number(control.value) : control.value;
      this.#settings = { ...this.#settings, [name]: value };
    }
    this.#explain(name, fault);
    this.#hide();
    if (fault === undefined) this.#onChange(this.#settings, name);
  }

  #explain(name: keyof Settings, fault?: string): void {
    const control = this.#controls.get(name)!;
    if (fault === undefined) control.setAttribute("aria-invalid", "false");
    const line = document.getElementById(`${control.id}-line`) ?? control.nextElementSibling!;
    const field = fields[name];
    const chosen = "options" in field ? field.options[control.value]?.line : "";
    line.className = fault === undefined ? "" : "fault";
    setText(line, fault ?? (chosen || field.line));
  }
}
