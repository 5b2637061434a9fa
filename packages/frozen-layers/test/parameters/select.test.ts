import { expect, test } from "vitest";
import {
  batchNorm,
  conv2d,
  countParameters,
  dense,
  globalAveragePool,
  not,
  outlineNetwork,
  select,
  SelectorError,
  type Selector,
  sequential,
} from "../../src/index.ts";

const { parameters } = outlineNetwork({
  name: "tiny",
  layer: sequential({
    stem: sequential({ conv: conv2d({ inputChannels: 3, outputChannels: 4 }), bn: batchNorm(4) }),
    // A convolution whose name says BatchNorm: roles must not care.
    bn2: conv2d({ inputChannels: 4, outputChannels: 5, kernelSize: 1, role: "shortcut" }),
    pool: globalAveragePool(),
    head: dense({ inputs: 5, outputs: 2 }),
  }),
  inputShape: [8, 8, 3],
  classes: 2,
});
const paths = (selector: Selector): string[] =>
  select(parameters, selector).map(({ path }) => path);

test.each<[Selector, string[]]>([
  ["bn", ["stem/bn/gamma", "stem/bn/beta"]],
  ["bn.gamma", ["stem/bn/gamma"]],
  ["head", ["head/kernel", "head/bias"]],
  ["shortcut", ["bn2/kernel"]],
  ["stem/**", ["stem/conv/kernel", "stem/bn/gamma", "stem/bn/beta"]],
  ["*/kernel", ["bn2/kernel", "head/kernel"]],
  ["**/b*ta", ["stem/bn/beta"]],
  ["s*m/*n*/**a", ["stem/bn/gamma", "stem/bn/beta"]],
  [
    ["head.bias", "bn.beta"],
    ["stem/bn/beta", "head/bias"],
  ],
  [({ size }) => size === 2, ["head/bias"]],
  [not("bn"), ["stem/conv/kernel", "bn2/kernel", "head/kernel", "head/bias"]],
  [not(["bn", "head"]), ["stem/conv/kernel", "bn2/kernel"]],
  [not(not("head")), ["head/kernel", "head/bias"]],
  [[], []],
])("select(%j)", (selector, expected) => {
  expect(paths(selector)).toEqual(expected);
});

test.each<[Selector, string]>([
  ["gamma", "gamma"],
  ["bn.gama", "bn.gama"],
  ["stem/*", "stem/*"],
  ["he.d/*", "he.d/*"],
  [["bn", "stage9/**"], "stage9/**"],
  [not("gama"), "gama"],
  [not(["bn", "stage9/**"]), "stage9/**"],
  [not("**"), "not(**)"],
])("select(%j): throws, since %j matches nothing", (selector, label) => {
  expect(() => select(parameters, selector)).toThrow(`select: "${label}" matches no parameter.`);
});

test.each([undefined, null, 42, {}, [undefined], not(42 as unknown as string)])(
  "select(%j): is no selector",
  (selector) => {
    expect(() => select(parameters, selector as Selector)).toThrow(SelectorError);
    expect(() => select(parameters, selector as Selector)).toThrow(/select: expected a role/);
  },
);

// A regular expression with a group for each star would take years.
test("select: no pattern takes long", () => {
  const pattern = `${"**e*".repeat(60)}/x`;
  expect(() => select(parameters, pattern)).toThrow("matches no parameter");
});

test("countParameters: by role", () => {
  expect(countParameters(parameters)).toEqual({
    total: 3 * 3 * 3 * 4 + 8 + 20 + 12,
    batchNorm: 8,
    output: 12,
    shortcut: 20,
  });
});

test.each([
  ["a promise", async () => false],
  ["a text", () => "no"],
  ["nothing", () => undefined],
])(
  "a function that returns %s is refused: it would select everything, or nothing",
  (_, selector) => {
    expect(() => paths(selector as never)).toThrow(
      /a function must return true or false, got .* for "stem\/conv\/kernel"/,
    );
  },
);

test("trainable is true or false", () => {
  const [parameter] = parameters;
  expect(() => Object.assign(parameter!, { trainable: "no" })).toThrow(
    /stem\/conv\/kernel: trainable must be true or false, got "no"/,
  );
});
