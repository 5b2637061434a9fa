import { escape } from "../../report/escape.ts";
import { page } from "../../report/page.ts";
import type { ModelAnalysis } from "./analysis.ts";
import { charts } from "./charts.ts";
import { analysisText } from "./tables.ts";

/** A page about a model, or two beside each other. */
export function analysisPage(models: readonly ModelAnalysis[]): string {
  const names = models.map(({ network, condition }) => `${network}, condition ${condition}`);
  const unique = new Set(names).size === names.length;
  const labels = unique ? names : models.map(({ file }) => file);
  const title = `Gamma, beta and ReLUs of ${labels.join(" beside ")}`;
  const body = `<div class="charts">
${charts(models, labels).join("\n")}
</div>
<h2>In numbers</h2>
<pre>${escape(analysisText(models))}</pre>`;
  return page({
    title,
    headline: title,
    lead: "Which features BatchNorm has switched off, and what the network does without them.",
    body,
  });
}
