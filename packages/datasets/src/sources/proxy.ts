import { SourceError } from "../errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for an address, as curl has it: `https_proxy` or `http_proxy`,
 * else `all_proxy`, in small letters or capitals, unless `no_proxy` names the host (`*`, a host, a
 * domain with what is below it, each with or without a port).
 *
 * @throws SourceError when it is no HTTP proxy
 */
export function proxyFor(address: string, environment: Environment = process.env): URL | undefined {
  const { protocol, hostname, port } = new URL(address);
  const kind = protocol.slice(0, -1);
  const read = (name: string): string => environment[name] || environment[name.toUpperCase()] || "";
  const named = read(`${kind}_proxy`) || read("all_proxy");
  const actualPort = port || (kind === "https" ? "443" : "80");
  if (named === "" || isExempt(hostname, actualPort, read("no_proxy"))) return undefined;
  const proxy = addressOf(named.includes("://") ? named : `http://${named}`);
  if (proxy === null || !["http:", "https:"].includes(proxy.protocol)) {
    const shown = proxy === null ? "no address" : `one of ${proxy.protocol}//`;
    throw new SourceError(
      `${kind}_proxy: expected the address of an HTTP proxy, got ${shown}; unset it or name another`,
    );
  }
  return proxy;
}

/** Null when it is none. */
export function addressOf(text: string, base?: URL): URL | null {
  return URL.canParse(text, base) ? new URL(text, base) : null;
}

function isExempt(host: string, port: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const [, pattern, onlyPort] = /^(.*?)(?::(\d+))?$/.exec(entry.toLowerCase())!;
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const domain = pattern!.replace(/^\*?\./, "");
      return domain === "*" || host === domain || host.endsWith(`.${domain}`);
    });
}
