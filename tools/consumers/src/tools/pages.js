import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inBrowsers } from "../browsers.js";
import { execute, serve } from "../commands.js";
import { makeProject, versionOf } from "../project.js";
import { serveFolder } from "../static.js";

/** Rows of one way to make a page: what was said is the tool's name and version. */
async function rowsOf(tool, how, served) {
  try {
    const rows = await inBrowsers(served.port);
    return rows.map((row) => ({ tool, how, ...row }));
  } finally {
    served.stop();
  }
}

function bin(project, name) {
  return join(project, "node_modules/.bin", name);
}

export function vite(major) {
  return async (setting) => {
    const project = await makeProject(setting, `vite-${major}`, [`vite@${major}`]);
    const tool = `Vite ${await versionOf(project, "vite")}`;
    const server = await serve(bin(project, "vite"), ["--port", "0", "--host", "localhost"], {
      cwd: project,
      env: { NO_COLOR: "1" },
      ready: /localhost:(\d+)/,
    });
    const port = Number(server.match[1]);
    const development = await rowsOf(tool, "dev", { port, stop: server.stop });
    // Workers in parts need this setting before Vite 8; see the trainer's README.
    if (major < 8) {
      await writeFile(
        join(project, "vite.config.js"),
        'export default { worker: { format: "es" } };\n',
      );
    }
    await execute(bin(project, "vite"), ["build"], { cwd: project });
    const production = await rowsOf(tool, "build", await serveFolder(join(project, "dist")));
    return [...development, ...production];
  };
}

export async function webpack(setting) {
  const project = await makeProject(setting, "webpack", ["webpack@5", "webpack-cli"]);
  const tool = `webpack ${await versionOf(project, "webpack")}`;
  const args = ["--mode", "production", "--entry", "./page.js", "-o", "dist"];
  await execute(bin(project, "webpack"), args, { cwd: project });
  await writePage(join(project, "dist"), "main.js");
  return rowsOf(tool, "build", await serveFolder(join(project, "dist")));
}

export async function esbuild(setting) {
  const project = await makeProject(setting, "esbuild", ["esbuild"]);
  const tool = `esbuild ${await versionOf(project, "esbuild")}`;
  const args = ["page.js", "worker.js", "--bundle", "--format=esm", "--splitting", "--outdir=dist"];
  await execute(bin(project, "esbuild"), args, { cwd: project });
  await writePage(join(project, "dist"), "page.js");
  return rowsOf(tool, "build", await serveFolder(join(project, "dist")));
}

export async function rollup(setting) {
  const plugins = ["@rollup/plugin-node-resolve", "@rollup/plugin-commonjs"];
  const project = await makeProject(setting, "rollup", ["rollup@4", ...plugins]);
  const tool = `Rollup ${await versionOf(project, "rollup")}`;
  const resolve = "node-resolve={browser:true}";
  const args = ["page.js", "worker.js", "-d", "dist", "-p", resolve, "-p", "commonjs"];
  await execute(bin(project, "rollup"), args, { cwd: project });
  await writePage(join(project, "dist"), "page.js");
  return rowsOf(tool, "build", await serveFolder(join(project, "dist")));
}

export async function next(setting) {
  const project = await makeProject(setting, "next", ["next@16", "react", "react-dom"], {
    type: undefined,
  });
  const tool = `Next ${await versionOf(project, "next")}`;
  await mkdir(join(project, "app"));
  for (const file of ["train.js", "page.js", "worker.js"]) {
    await cp(join(project, file), join(project, "app", file === "page.js" ? "run.js" : file));
  }
  await writeFile(
    join(project, "app/layout.js"),
    "export default function Layout({ children }) {\n  return <html><body>{children}</body></html>;\n}\n",
  );
  await writeFile(
    join(project, "app/page.js"),
    '"use client";\nimport { useEffect } from "react";\n\nexport default function Page() {\n' +
      '  useEffect(() => void import("./run.js"), []);\n  return <p>training</p>;\n}\n',
  );
  const env = { NEXT_TELEMETRY_DISABLED: "1" };
  await execute(bin(project, "next"), ["build"], { cwd: project, env });
  const server = await serve(bin(project, "next"), ["start", "-p", "0"], {
    cwd: project,
    env,
    ready: /localhost:(\d+)/,
  });
  return rowsOf(tool, "build", { port: Number(server.match[1]), stop: server.stop });
}

async function writePage(folder, script) {
  await mkdir(folder, { recursive: true });
  const page = `<!doctype html>\n<title>A page that trains</title>\n<script type="module" src="./${script}"></script>\n`;
  await writeFile(join(folder, "index.html"), page);
}
