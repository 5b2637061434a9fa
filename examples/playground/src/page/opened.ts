import type { Opened } from "../protocol.ts";
import { layOutImages, showPredictions } from "../view/images.ts";
import { byId, el } from "./dom.ts";
import { count, networkName, percent } from "./format.ts";
import { conditionLabel } from "../settings.ts";

/** A network that came from a link or a file: what it is, and what it says. */
export function showOpened(opened: Opened, onClose: () => void): void {
  const { architecture, seed, classes, fingerprint, stored, total, tested, notes, from } = opened;
  const section = byId("opened");
  const close = el("button", { type: "button" }, "Close");
  close.addEventListener("click", onClose);
  const facts = [
    `Seed ${seed} drew its ${count(total)} weights again just now; their fingerprint ${fingerprint.slice(0, 8)}… is the one in the ${from}.`,
    `The ${from} holds only ${count(stored)} numbers: what was learned (${conditionLabel(notes["condition"] ?? "bn")}), and the statistics of its BatchNorms.`,
    `It tells ${classes.slice(0, -1).join(", ")} and ${classes.at(-1)} apart.`,
  ];
  const images = el("ul", { class: "images", id: "opened-images" });
  const score = tested
    ? [
        el(
          "p",
          {},
          el("strong", { id: "opened-accuracy" }, percent(tested.accuracy)),
          ` of ${count(tested.images)} test images right. Predictions `,
          el("code", { class: "hash", id: "opened-digest" }, tested.digest),
          ": the same code as at the sender’s means the same answer to every image.",
        ),
        images,
      ]
    : [
        el(
          "p",
          { class: "hint" },
          "It was not tested here: its images did not travel, or would take long. Drop pictures of your own below to ask it.",
        ),
      ];
  section.className = "opened";
  section.replaceChildren(
    el("h2", {}, `A ${networkName(architecture)} from a ${from}`),
    el("p", {}, facts.join(" ")),
    ...score,
    el("div", { class: "actions", style: "margin: 16px 0 0" }, close),
  );
  section.hidden = false;
  if (!tested) return;
  layOutImages(images, tested.shown, tested.shownLabels, opened.side, classes);
  showPredictions(images, tested.shownLabels, classes, [tested.probabilities]);
}
