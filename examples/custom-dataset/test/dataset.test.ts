import { testDataset } from "@bn-only/datasets/testing";
import { datasets } from "@bn-only/example-custom-dataset";
import { test } from "vitest";

testDataset(test, datasets[0]!, { firstLabels: [0, 1, 2, 0] });
