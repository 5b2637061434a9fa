/** The page's only style sheet. Colours are checked for contrast on both backgrounds. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fbfaf7; --ink: #1c1b19; --soft: #6b6860; --rule: #e2dfd6; --card: #ffffff;
  --test: #c2410c; --train: #1d6fa5; --before: #4b4843; --after: #c2410c; --right: #15803d; --wrong: #b91c1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #161513; --ink: #f0ede6; --soft: #a29d92; --rule: #35332e; --card: #1e1d1a;
    --test: #fb923c; --train: #60b5ea; --before: #d6d1c6; --after: #fb923c; --right: #4ade80; --wrong: #f87171;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 17px/1.55 ui-serif, Georgia, "Times New Roman", serif; }
main { max-width: 1180px; margin: 0 auto; padding: 56px 32px 80px; }
header { border-bottom: 2px solid var(--ink); padding-bottom: 28px; margin-bottom: 36px; }
h1 { font-size: clamp(30px, 4.6vw, 52px); line-height: 1.08; letter-spacing: -0.02em; margin: 0 0 14px; font-weight: 600; text-wrap: balance; }
h2 { font-size: 25px; margin: 56px 0 12px; font-weight: 600; letter-spacing: -0.01em; }
h3 { font-size: 18px; margin: 0 0 6px; font-weight: 600; }
p { margin: 0 0 14px; max-width: 76ch; }
.lead { max-width: none; text-wrap: pretty; font-size: 20px; color: var(--soft); }
.numbers { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1px; background: var(--rule); border: 1px solid var(--rule); margin: 0 0 22px; }
.numbers div { background: var(--card); padding: 20px 22px; }
.numbers dt { font: 600 12px/1.3 ui-sans-serif, system-ui, sans-serif; text-transform: uppercase; letter-spacing: .07em; color: var(--soft); }
.numbers dd { margin: 8px 0 4px; font-size: 34px; line-height: 1.1; font-variant-numeric: tabular-nums lining-nums; letter-spacing: -0.02em; }
.numbers dd.note { color: var(--soft); font-size: 14px; line-height: 1.35; letter-spacing: 0; margin: 0; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 28px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--rule); padding: 20px 22px 16px; }
figcaption { color: var(--soft); font-size: 15px; line-height: 1.45; margin-top: 6px; }
svg { width: 100%; height: auto; display: block; font: 14px ui-sans-serif, system-ui, sans-serif; }
.grid { stroke: var(--rule); } .axis { stroke: var(--soft); } .mark { stroke-dasharray: 2 3; } .tick, .name { fill: var(--soft); }
.curve { fill: none; stroke-width: 2.5; stroke-linejoin: round; }
path.train { stroke: var(--train); stroke-dasharray: 6 4; } path.test, path.after { stroke: var(--test); } path.before { stroke: var(--before); stroke-width: 2; }
circle.train { fill: var(--train); } circle.test { fill: var(--test); }
.bars.after { fill: var(--after); opacity: .6; }
.figures { display: grid; gap: 28px; margin-top: 22px; } .figures figure { background: white; overflow-x: auto; } .figures svg { width: auto; max-width: 100%; }
.wide { overflow-x: auto; } .wide table { font-size: 15px; } .wide td { white-space: nowrap; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 0 0 8px; font: 14px ui-sans-serif, system-ui, sans-serif; color: var(--soft); }
.swatch { display: inline-block; width: 18px; height: 3px; margin-right: 7px; vertical-align: middle; }
.swatch.train { background: linear-gradient(90deg, var(--train) 40%, transparent 40% 60%, var(--train) 60%); }
.swatch.test { background: var(--test); }
.swatch.before { background: var(--before); } .swatch.after { background: var(--after); }
.images { list-style: none; padding: 0; margin: 18px 0 0; display: grid; grid-template-columns: repeat(10, minmax(0, 1fr)); gap: 14px 12px; }
.images li { font: 13px/1.3 ui-sans-serif, system-ui, sans-serif; min-width: 0; }
.images img { width: 100%; aspect-ratio: 1; display: block; image-rendering: pixelated; border-bottom: 4px solid currentColor; }
.images span, .images small { display: block; overflow-wrap: anywhere; } .images small { color: var(--soft); }
.images .right, .images .right span { color: var(--right); } .images .wrong, .images .wrong span { color: var(--wrong); }
table { border-collapse: collapse; font-size: 16px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 28px 6px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
th { font-weight: 400; color: var(--soft); white-space: nowrap; } td { overflow-wrap: anywhere; }
pre { background: var(--card); border: 1px solid var(--rule); padding: 16px 18px; overflow-x: auto; font: 14px/1.5 ui-monospace, Menlo, Consolas, monospace; }
footer { margin-top: 56px; padding-top: 18px; border-top: 1px solid var(--rule); color: var(--soft); font-size: 15px; }
@media (max-width: 820px) {
  main { padding: 32px 18px 56px; }
  .numbers { grid-template-columns: repeat(2, 1fr); } .numbers div { padding: 16px; } .numbers dd { font-size: 26px; }
  .charts { grid-template-columns: minmax(0, 1fr); gap: 18px; } figure { padding: 16px; }
  .images { grid-template-columns: repeat(8, minmax(0, 1fr)); }
  svg { font-size: 17px; }
  th, td { padding-right: 14px; }
}
@media (max-width: 600px) { .images { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px 8px; } .images li { font-size: 11px; } }
@media print { body { background: white; } main { padding: 0; } figure, .numbers, .images li { break-inside: avoid; } }
`;
