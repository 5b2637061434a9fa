import { fileURLToPath } from "node:url";
import { expandIncludes } from "../markdown/include.ts";
import { decisions } from "./records.ts";

const page = fileURLToPath(new URL("[name].md", import.meta.url));

export default {
  paths: () =>
    decisions().map(({ name }) => {
      const include = `<!--@include: ../../docs/decisions/${name}.md-->`;
      return { params: { name }, content: expandIncludes(include, page).text };
    }),
};
