// Lines of CHANGELOG.md: what a changeset says, and the versions of ours that came with it. No commits: without an address they lead nowhere.

module.exports = {
  getReleaseLine: async ({ summary }) => {
    const [first, ...others] = summary.trim().split("\n");
    return [`- ${first}`, ...others.map((line) => line && `  ${line}`)].join("\n");
  },
  getDependencyReleaseLine: async (_changesets, dependencies) => {
    if (dependencies.length === 0) return "";
    const versions = dependencies.map(({ name, newVersion }) => `\`${name}\` ${newVersion}`);
    return `- With ${versions.join(", ")}.`;
  },
};
