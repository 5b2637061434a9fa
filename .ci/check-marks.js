// check-marks.js <folder>/<figure>: whether every number in <figure>.json is a mark in <figure>.svg.

import { readFileSync } from "node:fs";

const path = process.argv[2];
const figure = JSON.parse(readFileSync(`${path}.json`, "utf8"));
const svg = readFileSync(`${path}.svg`, "utf8");

function marks(name) {
  const groups = svg.matchAll(
    new RegExp(`<g class="mark-\\w+ role-mark ${name}"[^>]*(?<!/)>(.*?)</g>`, "gs"),
  );
  return [...groups].reduce(
    (sum, [, inside]) => sum + inside.split(/<(?:path|line|text) /).length - 1,
    0,
  );
}

const problems = /NaN|undefined|Infinity/.test(svg) ? ["it holds what is no number"] : [];
function expectMarks(name, wanted) {
  if (marks(name) !== wanted) problems.push(`${marks(name)} of ${wanted} marks of ${name}`);
}

const sum = (lists) => lists.reduce((total, { length }) => total + length, 0);
for (const [i, panel] of figure.panels.entries()) {
  if (panel.kind === "lines") {
    expectMarks(`panel${i}-points-marks`, sum(panel.series.map(({ points }) => points)));
    expectMarks(`panel${i}-curve`, panel.series.length);
    expectMarks(`panel${i}-paper-points`, panel.published.length);
  } else if (panel.kind === "rows") {
    expectMarks(`panel${i}-bars`, panel.rows.length);
    expectMarks(`panel${i}-paper-points`, sum(panel.rows.map(({ published }) => published)));
  } else {
    expectMarks(`panel${i}-bars`, panel.series[0].bins.length);
    expectMarks(`panel${i}-outline`, panel.series.length - 1);
  }
}
if (figure.panels.length === 0) problems.push("it has no panel");
for (const problem of problems) console.error(`${path}.svg: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
