import { escape } from "../../report/escape.ts";
import { style } from "../../report/style.ts";
import type { ModelAnalysis } from "./analysis.ts";
import { charts } from "./charts.ts";
import { analysisText } from "./tables.ts";

/** One self-contained page about a model, or two beside each other: it loads nothing from anywhere. */
export function analysisPage(models: readonly ModelAnalysis[]): string {
  const names = models.map(({ network, condition }) => `${network}, condition ${condition}`);
  const unique = new Set(names).size === names.length;
  const labels = unique ? names : models.map(({ file }) => file);
  const title = `Gamma, beta and ReLUs of ${labels.join(" beside ")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${escape(title)}</h1>
<p class="lead">Which features BatchNorm has switched off, and what the network does without them.</p>
</header>
<div class="charts">
${charts(models, labels).join("\n")}
</div>
<h2>In numbers</h2>
<pre>${escape(analysisText(models))}</pre>
<footer>Made by bn-only after <em>Training BatchNorm and Only BatchNorm</em>, Frankle, Schwab and Morcos, arXiv 2003.00152.</footer>
</main>
</body>
</html>
`;
}
