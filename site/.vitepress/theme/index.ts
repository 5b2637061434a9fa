import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import Curves from "./Curves.vue";
import Networks from "./Networks.vue";
import PaperFigure from "./PaperFigure.vue";
import Picture from "./Picture.vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    Object.entries({ Curves, Networks, PaperFigure, Picture }).forEach(([name, component]) =>
      app.component(name, component),
    );
  },
} satisfies Theme;
