import type { SourceContext } from "./source.ts";

const interval = 200;

/** A function that reports received bytes as `download` events, at most five a second. */
export function downloadProgress(
  { manifest, report }: SourceContext,
  source: string,
  totalBytes: number,
): (receivedBytes: number) => void {
  let last = 0;
  return (receivedBytes) => {
    const now = Date.now();
    if (receivedBytes < totalBytes && now - last < interval) return;
    last = now;
    report({
      event: "download",
      dataset: manifest.dataset,
      source,
      receivedBytes,
      totalBytes,
      message:
        `${manifest.dataset}: ${megabytes(receivedBytes)} of ${megabytes(totalBytes)} MB ` +
        `from ${source}`,
    });
  };
}

/** Reports that what was downloaded has the right SHA-256; unpacking it comes next. */
export function reportVerified(
  { manifest: { dataset }, report }: SourceContext,
  source: string,
  bytes: number,
): void {
  const message = `${dataset}: SHA-256 of the download is right; unpacking`;
  report({ event: "verify", dataset, source, bytes, message });
}

/** Decimal megabytes with one digit. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
