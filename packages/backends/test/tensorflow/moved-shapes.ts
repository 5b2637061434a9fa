import { useBackend } from "../../src/index.ts";
import {
  add,
  reshape,
  setBackend,
  slice,
  tensor,
  type Tensor,
  transpose,
} from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";

/** Flat values, and two views of them that share the values where the backend can. */
function sharing(): Record<"flat" | "rows" | "columns", Tensor> {
  const flat = slice(tensor([0, 1, 2, 3, 4, 5, 6]), 1, 6);
  return { flat, rows: reshape(flat, [2, 3]), columns: reshape(flat, [3, 2]) };
}

test.each(["cpu", "wasm", "tfjs-wasm"])(
  "values that were reshaped on %s have their own shapes in native ops",
  async (name) => {
    await useBackend("tensorflow");
    await useBackend(name);
    const { flat, rows, columns } = sharing();
    await setBackend("tensorflow");
    // Of a kernel that looks at the native shape.
    expect(await transpose(rows).data()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));
    expect(await transpose(columns).data()).toEqual(Float32Array.of(1, 3, 5, 2, 4, 6));
    expect(await add(flat, 1).data()).toEqual(Float32Array.of(2, 3, 4, 5, 6, 7));
    expect(await transpose(rows).data()).toEqual(Float32Array.of(1, 4, 2, 5, 3, 6));

    await useBackend(name);
    const again = sharing();
    await setBackend("tensorflow");
    const product = add(reshape(again.flat, [6, 1]), reshape(again.columns, [1, 6]));
    expect((await product.data())[7]).toBe(4);
    const twice = add(again.rows, reshape(again.flat, [2, 3]));
    expect(await twice.data()).toEqual(Float32Array.of(2, 4, 6, 8, 10, 12));
  },
);
