/** One row for each training: a page that was opened is two, itself and its worker. */
export function outcomes({ tool, how, browser, isolated, outcome, compiled }) {
  if (compiled !== undefined) return [{ tool, how, where: "compiler", said: compiled }];
  if (browser === undefined) return [oneRow({ tool, how, where: "process" }, outcome)];
  const place = `${browser}, ${isolated ? "isolated" : "not isolated"}`;
  return ["page", "worker"].map((part) => {
    const expected = { threads: isolated ? 2 : 1 };
    return oneRow({ tool, how, where: `${place}, ${part}` }, outcome[part] ?? outcome, expected);
  });
}

function oneRow(place, { hash, accuracy, description, error }, { threads = 2 } = {}) {
  if (error !== undefined) return { ...place, fault: error };
  const actual = Number(/(\d+) threads?/.exec(description)?.[1]);
  const row = { ...place, hash, accuracy, threads: actual };
  return actual === threads
    ? row
    : { ...row, fault: `expected ${threads} threads: ${description}` };
}

/** In Markdown. */
export function tableOf(rows) {
  const lines = rows.map(
    ({ tool, how, where, threads, accuracy, hash, said, fault }) =>
      `| ${[tool, how, where, threads ?? "", accuracy?.toFixed(4) ?? "", hash ?? said ?? fault?.split("\n")[0].replaceAll("|", "\\|")].join(" | ")} |`,
  );
  const title = `# In other people's tools

Written by \`node tools/consumers/run.js --out docs/consumers.md\`, last on ${new Date().toISOString().slice(0, 10)} with Node ${process.versions.node}. The packages are packed, published to a registry on
that machine, and installed into a project of each tool; a page runs as it is and in a worker, isolated from other origins and not. Every row but a
compiler's trained the same small network, for two epochs from the same seed. CI does the same with a choice of the tools.`;
  const head =
    "| tool | how | where | threads | accuracy | SHA-256 of the model |\n| --- | --- | --- | ---: | ---: | --- |";
  return `${title}\n\n${head}\n${lines.join("\n")}\n`;
}
