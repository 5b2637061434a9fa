import { existsSync, readFileSync } from "node:fs";
import { defineConfig } from "vitepress";
import { expandIncludes } from "../markdown/include.ts";

const sidebarOfApi = new URL("../api/typedoc-sidebar.json", import.meta.url);
const api = existsSync(sidebarOfApi) ? JSON.parse(readFileSync(sidebarOfApi, "utf8")) : [];

const guide = [
  { text: "Start", link: "/start" },
  { text: "The idea in pictures", link: "/idea" },
  { text: "Reproduce the paper", link: "/reproduce" },
  { text: "Results", link: "/results" },
  { text: "Questions and limits", link: "/faq" },
];
const run = [
  { text: "In the browser", link: "/browser" },
  { text: "WebGPU", link: "/webgpu" },
  { text: "TensorFlow and CUDA in Node", link: "/cuda" },
  { text: "Benchmarks", link: "/benchmarks" },
];
const own = [
  { text: "Own architecture", link: "/architecture" },
  { text: "Own data set", link: "/dataset" },
  { text: "Own kernel or backend", link: "/backend" },
  { text: "Model files and links", link: "/model-files" },
  { text: "What a seed decides", link: "/init-v1" },
];
const reference = [
  { text: "Packages", link: "/api/" },
  { text: "Commands", link: "/api/commands" },
  { text: "Contributing", link: "/contributing" },
  { text: "Decisions", link: "/decisions/" },
];

export default defineConfig({
  title: "bn-only",
  description: "Train only the BatchNorm of a frozen, random network, in the browser or in Node",
  lang: "en",
  srcExclude: ["README.md"],
  head: [["meta", { name: "color-scheme", content: "light dark" }]],
  transformHead: ({ siteData }) => [
    ["link", { rel: "icon", href: `${siteData.base}icon.svg`, type: "image/svg+xml" }],
  ],
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
  },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/start", activeMatch: "^/(start|idea|reproduce|results|faq)" },
      { text: "Your own", link: "/architecture", activeMatch: "^/(architecture|dataset|backend)" },
      { text: "Reference", link: "/api/", activeMatch: "^/api/" },
    ],
    sidebar: {
      "/": [
        { text: "Guide", items: guide },
        { text: "Where it runs", items: run },
        { text: "Your own", items: own },
        { text: "Reference", items: reference },
      ],
      "/api/": [
        { text: "Guide", items: guide.slice(0, 1) },
        { text: "Reference", items: reference },
        { text: "Packages", items: api },
      ],
    },
    outline: { level: [2, 3] },
    search: {
      provider: "local",
      options: {
        _render(text, env, md) {
          const { highlight } = md.options;
          md.options.highlight = null; // a search needs no colours
          try {
            return md.render(expandIncludes(text, env.path as string).text, env);
          } finally {
            md.options.highlight = highlight;
          }
        },
      },
    },
    notFound: {
      title: "There is no such page",
      quote: "What was trained here is somewhere else, or was never trained.",
      linkText: "To the start",
      linkLabel: "To the start",
    },
  },
  vite: {
    plugins: [
      {
        name: "includes",
        enforce: "pre",
        transform(text, id) {
          if (!id.endsWith(".md")) return undefined;
          const { text: expanded, files } = expandIncludes(text, id);
          files.forEach((file) => this.addWatchFile(file));
          return expanded;
        },
      },
    ],
  },
});
