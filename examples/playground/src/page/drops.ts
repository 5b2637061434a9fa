import type { Settings } from "../settings.ts";
import type { App } from "./app.ts";
import { notice } from "./notices.ts";
import type { OwnImagesPanel } from "./own-images.ts";
import type { TryPicture } from "./try.ts";

interface Dropped {
  readonly file: File;
  readonly folder: string | undefined;
}

const picture = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;

/** Whatever is dropped on the page goes where it belongs: pictures, networks, CIFAR-10. */
export function receiveDrops(
  app: App,
  to: {
    readonly own: OwnImagesPanel;
    readonly trial: TryPicture;
    readonly openFile: (file: File) => void;
    readonly choose: (some: Partial<Settings>) => void;
  },
): void {
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => {
    if (relatedTarget === null) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const card = to.own.cardOf(event.target);
    readDrop(event.dataTransfer)
      .then((dropped) => sort(dropped, card))
      .catch(({ message }: Error) =>
        notice("drop", `What was dropped cannot be read: ${message}`, {
          bad: true,
          advice: "Drop it once more, or choose the files with a button.",
        }),
      );
  });

  async function sort(
    dropped: readonly Dropped[],
    card: ReturnType<OwnImagesPanel["cardOf"]>,
  ): Promise<void> {
    const pictures = dropped.filter(
      ({ file }) => file.type.startsWith("image/") || picture.test(file.name),
    );
    const others = dropped.filter(
      (item) => !pictures.includes(item) && !item.file.name.startsWith("."),
    );
    for (const { file } of others) await takeOther(file);
    const [first] = pictures;
    if (!first) return;
    const alone = pictures.length === 1 && !card && first.folder === undefined;
    if (alone && (to.trial.network || app.state.settings.data !== "own"))
      return to.trial.show(first.file);
    if (app.state.settings.data !== "own")
      to.choose({ data: "own", ...(app.own ? {} : { side: 32 }) });
    await to.own.receive(pictures, card);
  }

  async function takeOther(file: File): Promise<void> {
    if (file.name.endsWith(".safetensors")) return to.openFile(file);
    if (/cifar-10.*\.(tar\.gz|tgz)$/.test(file.name)) {
      app.archive = new Uint8Array(await file.arrayBuffer());
      to.choose({ data: "cifar10", side: 32 });
      notice("drop", `CIFAR-10 from “${file.name}” is ready. Press Train.`);
      return;
    }
    notice("drop", `“${file.name}” is nothing that this page can use.`, {
      bad: true,
      advice:
        "It takes pictures, folders of pictures, .safetensors files of bn-only, and cifar-10-binary.tar.gz.",
    });
  }
}

async function readDrop(data: DataTransfer | null): Promise<Dropped[]> {
  if (!data) return [];
  // Entries must be asked for before the first await.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  const files = [...data.files];
  if (entries.every((entry) => !entry?.isDirectory))
    return files.map((file) => ({ file, folder: undefined }));
  const found: Dropped[] = [];
  for (const entry of entries) if (entry) await walk(entry, undefined, found);
  return found;
}

async function walk(
  entry: FileSystemEntry,
  folder: string | undefined,
  found: Dropped[],
): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ file, folder });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives some entries at a time, and none when there are no more.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, entry.name, found);
  }
}
