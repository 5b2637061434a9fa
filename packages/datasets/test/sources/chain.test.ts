import { describe, expect, test, vi } from "vitest";
import { ChecksumError, DatasetUnavailableError, SourceError } from "../../src/errors.ts";
import { loadFromChain } from "../../src/sources/chain.ts";
import type { ChainLink, ChainOptions } from "../../src/sources/chain.ts";
import { downloadProgress } from "../../src/sources/progress.ts";
import type { Source } from "../../src/sources/source.ts";
import { recorder, tinyFiles, tinyManifest } from "../fixtures.ts";

function source(name: string, load: Source["load"], network = true): Source {
  return { name, network, load };
}

const good = source("good", async () => tinyFiles);
const bad = source("bad", async () => {
  throw new SourceError("no connection: ENOTFOUND.");
});
const altered = source(
  "altered",
  async () => new Map([...tinyFiles, ["test_batch.bin", new Uint8Array(5 * 3073)]]),
);

function options(changes: Partial<ChainOptions> = {}): ChainOptions {
  const { signal } = new AbortController();
  const report = (): void => undefined;
  return { offline: false, timeout: 1000, signal, report, advice: "Name a folder.", ...changes };
}

describe("loadFromChain", () => {
  test("takes the first source that delivers, and asks no other", async () => {
    const never = vi.fn<Source["load"]>();
    const links: ChainLink[] = [{ source: good }, { source: source("never", never) }];
    const { files, source: name } = await loadFromChain(tinyManifest, links, options());
    expect(name).toBe("good");
    expect(files).toBe(tinyFiles);
    expect(never).not.toHaveBeenCalled();
  });

  test("a source that fails is passed over in a line that names the next one", async () => {
    const { events, onProgress } = recorder();
    await loadFromChain(
      tinyManifest,
      [{ source: bad }, { source: good }],
      options({ report: onProgress }),
    );
    expect(events.find(({ event }) => event === "skip")).toMatchObject({
      source: "bad",
      next: "good",
      message: "cifar10: passing over bad (no connection: ENOTFOUND); next: good",
    });
  });

  test("a report that throws ends the load with its own error, at once", async () => {
    const lost = new Error("the user's own");
    const reports: string[] = [];
    const report: ChainOptions["report"] = ({ event }) => {
      reports.push(event);
      if (event === "download") throw lost;
    };
    const wrapping = source("wrapping", async (context) => {
      try {
        downloadProgress(context, "wrapping", 1)(1);
      } catch {
        throw new SourceError("the connection broke");
      }
      return tinyFiles;
    });
    const links = [{ source: wrapping }, { source: good }];
    await expect(loadFromChain(tinyManifest, links, options({ report }))).rejects.toBe(lost);
    expect(reports).toEqual(["source", "download"]);
  });

  test("altered files are refused, not kept, and the next source is asked", async () => {
    const keep = vi.fn<NonNullable<ChainLink["keep"]>>();
    const links: ChainLink[] = [{ source: altered, keep }, { source: good }];
    const { source: name } = await loadFromChain(tinyManifest, links, options());
    expect(name).toBe("good");
    expect(keep).not.toHaveBeenCalled();
  });

  test("verified files are kept before they are returned", async () => {
    const keep = vi.fn<NonNullable<ChainLink["keep"]>>().mockResolvedValue();
    await loadFromChain(tinyManifest, [{ source: good, keep }], options());
    expect(keep).toHaveBeenCalledExactlyOnceWith(tinyFiles, expect.any(AbortSignal));
  });

  test("the error of a required source ends the load", async () => {
    const links: ChainLink[] = [{ source: altered, required: true }, { source: good }];
    await expect(loadFromChain(tinyManifest, links, options())).rejects.toBeInstanceOf(
      ChecksumError,
    );
  });

  test("when all fail, the error lists them in order and ends with the advice", async () => {
    const other = source("other", async () => {
      throw new SourceError("HTTP status 404");
    });
    const error = await loadFromChain(
      tinyManifest,
      [{ source: bad }, { source: other }],
      options(),
    ).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DatasetUnavailableError);
    expect((error as DatasetUnavailableError).message).toBe(
      "cifar10: no source delivered the data. Tried (1) bad: no connection: ENOTFOUND; " +
        "(2) other: HTTP status 404. Name a folder.",
    );
  });

  test("offline, sources that need a network are not asked and the error says so", async () => {
    const never = vi.fn<Source["load"]>();
    const links: ChainLink[] = [{ source: source("far", never) }];
    await expect(loadFromChain(tinyManifest, links, options({ offline: true }))).rejects.toThrow(
      "Tried (1) far: offline. Name a folder.",
    );
    expect(never).not.toHaveBeenCalled();
  });

  test("offline, local sources are asked", async () => {
    const local = source("local", async () => tinyFiles, false);
    const links: ChainLink[] = [{ source: bad }, { source: local }];
    const { source: name } = await loadFromChain(tinyManifest, links, options({ offline: true }));
    expect(name).toBe("local");
  });

  test("aborting ends the load with the signal's reason, whatever the source says", async () => {
    const controller = new AbortController();
    const slow = source("slow", async () => {
      controller.abort(new Error("enough"));
      throw new SourceError("something else");
    });
    const links: ChainLink[] = [{ source: slow }, { source: good }];
    await expect(
      loadFromChain(tinyManifest, links, options({ signal: controller.signal })),
    ).rejects.toThrow("enough");
  });
});
