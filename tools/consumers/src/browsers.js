import { existsSync } from "node:fs";
import { createServer, request } from "node:http";
import { launch, TimeoutError } from "puppeteer-core";

const all = [
  { name: "Chromium", browser: "chrome", executablePath: "/usr/bin/chromium" },
  { name: "Firefox", browser: "firefox", executablePath: "/usr/bin/firefox-esr" },
];

const browsers = all.filter(({ executablePath }) => existsSync(executablePath));
/** Milliseconds: a page that trains takes a tenth, a browser that closes less. */
const limit = { page: 90_000, close: 10_000 };

export const missingBrowsers = all.filter((browser) => !browsers.includes(browser));

/**
 * Opens what a server serves in every browser, isolated from other origins and not, and waits for its outcome. The first page
 * that does not answer is the last one.
 *
 * @param {number} port of a server of pages on this machine
 * @returns rows of { browser, isolated, outcome }
 */
export async function inBrowsers(port) {
  const rows = [];
  for (const isolated of [true, false]) {
    const front = await frontOf(port, isolated);
    try {
      for (const one of browsers) {
        const outcome = await open(one, `http://localhost:${front.address().port}/`);
        rows.push({ browser: one.name, isolated, outcome });
        // The others would keep everybody waiting as long.
        if (outcome.late) return rows;
      }
    } finally {
      front.close();
      front.closeAllConnections();
    }
  }
  return rows;
}

async function open({ browser, executablePath }, url) {
  const args = browser === "chrome" ? ["--no-sandbox", "--disable-background-networking"] : [];
  const protocolTimeout = 2 * limit.page;
  const running = await launch({ browser, executablePath, args, headless: true, protocolTimeout });
  const told = [];
  try {
    const page = await running.newPage();
    page.on("console", (message) => told.push(message.text()));
    page.on("pageerror", (error) => told.push(String(error)));
    await page.goto(url);
    await page.waitForFunction("globalThis.outcome !== undefined", { timeout: limit.page });
    return await page.evaluate("globalThis.outcome");
  } catch (error) {
    return {
      error: [String(error), ...told].join("\n"),
      late: error instanceof TimeoutError,
    };
  } finally {
    await close(running);
  }
}

/** By its process, where the browser does not answer. */
async function close(running) {
  const late = setTimeout(() => running.process()?.kill("SIGKILL"), limit.close);
  await running.close().catch(() => {});
  clearTimeout(late);
}

/** Passes everything on and adds the two headers, so that a tool's own server needs no configuration. */
async function frontOf(port, isolated) {
  const server = createServer((incoming, response) => {
    const { url: path, method, headers } = incoming;
    const host = `localhost:${port}`;
    const outgoing = request({
      port,
      host: "localhost",
      path,
      method,
      headers: { ...headers, host },
    });
    outgoing.on("response", (answer) => {
      const isolation = {
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-embedder-policy": "require-corp",
      };
      response.writeHead(answer.statusCode, { ...answer.headers, ...(isolated && isolation) });
      answer.pipe(response);
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise((resolve) => server.listen(0, resolve));
  return server;
}
