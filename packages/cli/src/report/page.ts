import { escape } from "./escape.ts";
import { style } from "./style.ts";

export interface Page {
  /** Of the browser's tab. */
  readonly title: string;
  readonly headline: string;
  /** One paragraph under it. */
  readonly lead: string;
  /** HTML. */
  readonly body: string;
  /** Which bn-only made it, if it is known. */
  readonly version?: string;
}

/** A self-contained page: it loads nothing from anywhere. */
export function page({ title, headline, lead, body, version }: Page): string {
  const maker = version === undefined ? "bn-only" : `bn-only ${escape(version)}`;
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
<h1>${escape(headline)}</h1>
<p class="lead">${escape(lead)}</p>
</header>
${body}
<footer>Made by ${maker} after <em>Training BatchNorm and Only BatchNorm</em>, Frankle, Schwab and Morcos, arXiv 2003.00152.</footer>
</main>
</body>
</html>
`;
}
