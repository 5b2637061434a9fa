// What outlives the tab: the last run, and the user's own images, in IndexedDB.

const DATABASE = "bn-only-playground";
const STORE = "kept";

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE));
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.addEventListener("complete", () => resolve(request.result));
      transaction.addEventListener("error", () => reject(transaction.error));
      transaction.addEventListener("abort", () => reject(transaction.error));
    });
  } finally {
    database.close();
  }
}

/** Whether it was kept: private windows and full disks keep nothing. */
export async function keep(key: string, value: unknown): Promise<boolean> {
  try {
    await inStore("readwrite", (store) => store.put(value, key));
    return true;
  } catch {
    return false;
  }
}

export async function recall<Value>(key: string): Promise<Value | undefined> {
  try {
    return (await inStore("readonly", (store) => store.get(key))) as Value | undefined;
  } catch {
    return undefined;
  }
}

export async function forget(key: string): Promise<void> {
  try {
    await inStore("readwrite", (store) => store.delete(key));
  } catch {
    // There is nothing to forget where nothing is kept.
  }
}
