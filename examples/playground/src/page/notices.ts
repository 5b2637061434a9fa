import { byId, el } from "./dom.ts";

export interface NoticeAction {
  readonly label: string;
  readonly act: () => void;
}

/** Says something until it is dismissed or replaced by another notice of the same name. */
export function notice(
  name: string,
  text: string,
  options: {
    readonly advice?: string;
    readonly bad?: boolean;
    readonly actions?: readonly NoticeAction[];
  } = {},
): void {
  const { advice = "", bad = false, actions = [] } = options;
  clearNotice(name);
  const buttons = [...actions, { label: "Dismiss", act: () => undefined }].map(({ label, act }) => {
    const button = el("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      clearNotice(name);
      act();
    });
    return button;
  });
  const body = el("p", {}, text, ...(advice ? [el("small", {}, advice)] : []));
  byId("notices").append(
    el(
      "div",
      { class: bad ? "notice bad" : "notice", "data-notice": name, role: bad ? "alert" : "group" },
      body,
      ...buttons,
    ),
  );
}

export function clearNotice(name: string): void {
  document.querySelector(`[data-notice="${name}"]`)?.remove();
}
