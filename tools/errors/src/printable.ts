/** What would steer a terminal, or make text look like another: control characters, line separators, writing directions. */
export const unprintable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text of unknown origin for one line of a terminal or an error: each character that is not to be printed becomes U+FFFD. */
export function printable(text: string): string {
  return text.replace(unprintable, "\ufffd");
}

/** The same in quotes, at most 80 characters of it. */
export function quoted(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 79)}…` : text;
  return `"${printable(shown)}"`;
}
