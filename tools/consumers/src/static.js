import { createServer } from "node:http";
import sirv from "sirv";

/** Serves a folder as any web server would. */
export async function serveFolder(folder) {
  const server = createServer(sirv(folder));
  await new Promise((resolve) => server.listen(0, resolve));
  return {
    port: server.address().port,
    stop: () => (server.close(), server.closeAllConnections()),
  };
}
