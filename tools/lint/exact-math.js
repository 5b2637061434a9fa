// A rule for code whose bits are promised. ECMAScript leaves the last bits of `Math.sin`, `exp`, `pow` and their like,
// and of `**`, to the engine; what is listed here is exact in all of them.

/** Operations that IEEE 754 or the language define to the last bit, and constants. */
const exact = new Set(
  (
    "abs ceil clz32 floor fround imul max min round sign sqrt trunc " +
    "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2"
  ).split(" "),
);

const instead =
  "Its last bits may differ between engines, and the bits of this file are promised. Make it of + - * / and Math.sqrt, " +
  "as src/random/normal.ts and src/exact of frozen-layers do.";

/** The name of a member, also of `Math["sin"]`; undefined where it is computed. */
function memberName({ computed, property }) {
  if (!computed) return property.name;
  return property.type === "Literal" ? String(property.value) : undefined;
}

const exactMath = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const report = (node, what) => context.report({ node, message: `${what}: ${instead}` });
    return {
      BinaryExpression(node) {
        if (node.operator === "**") report(node, "**");
      },
      AssignmentExpression(node) {
        if (node.operator === "**=") report(node, "**=");
      },
      // Every mention of `Math` is `Math.<one of the exact>`: no other name for it, and nothing taken out of it.
      Identifier(node) {
        if (node.name !== "Math") return;
        const { parent } = node;
        if (parent.type === "MemberExpression" && parent.object === node) {
          const name = memberName(parent);
          if (!exact.has(name)) report(parent, `Math.${name ?? "<computed>"}`);
          return;
        }
        if (parent.type === "MemberExpression" && !parent.computed && !isGlobal(parent.object))
          return;
        if (parent.type === "Property" && parent.key === node && !parent.shorthand) return;
        report(node, "Math under another name");
      },
    };
  },
};

function isGlobal({ type, name }) {
  return type === "Identifier" && ["globalThis", "window", "self", "global"].includes(name);
}

// oxlint-disable-next-line import/no-default-export -- what a plugin is
export default { meta: { name: "bn-only" }, rules: { "exact-math": exactMath } };
