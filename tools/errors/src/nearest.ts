/**
 * The known name that someone may have meant, or undefined when none is near: names are near when they
 * differ in case or separators, in a third of their letters, or in numbers only, of which the closest
 * wins; and when `typed` are the initials or a part of three letters or more, `lr` of `learningRate`.
 */
export function nearest(typed: unknown, known: Iterable<string>): string | undefined {
  if (typeof typed !== "string" || typed === "" || typed.length > LONGEST) return undefined;
  let best: { name: string; letters: number; numbers: number } | undefined;
  for (const name of known) {
    const { letters, numbers } = distance(typed, name);
    if (letters > Math.max(1, Math.floor(Math.max(typed.length, name.length) / 3))) continue;
    const nearer =
      best === undefined ||
      letters < best.letters ||
      (letters === best.letters && numbers < best.numbers);
    if (nearer) best = { name, letters, numbers };
  }
  return best?.name;
}

/** `; did you mean "train"?`, or a full stop when no known name is near. */
export function didYouMean(typed: unknown, known: Iterable<string>): string {
  const name = nearest(typed, known);
  return name === undefined ? "." : `; did you mean "${name}"?`;
}

/** Longer texts are no misspelt names, and the distance costs the product of the lengths. */
const LONGEST = 100;

function distance(typed: string, name: string): { letters: number; numbers: number } {
  const [a, b] = [plain(typed), plain(name)];
  const [numbersA, numbersB] = [numbersOf(a), numbersOf(b)];
  const sameForm = numbersA.length === numbersB.length;
  const numbers = sameForm
    ? numbersA.reduce((sum, number, i) => sum + Math.abs(number - numbersB[i]!), 0)
    : 0;
  const letters = sameForm ? edits(withoutNumbers(a), withoutNumbers(b)) : edits(a, b);
  const isPart = a.length >= 3 && b.includes(a);
  const isInitials = a.length >= 2 && initials(name) === a;
  return { letters: isPart || isInitials ? Math.min(letters, 1) : letters, numbers };
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.\s]/g, "");

const numbersOf = (name: string): number[] => (name.match(/\d+/g) ?? []).map(Number);

const withoutNumbers = (name: string): string => name.replaceAll(/\d+/g, "#");

/** `lr` of `learningRate` and of `learning-rate`. */
const initials = (name: string): string =>
  name
    .replaceAll(/[A-Z]/g, "-$&")
    .split(/[-_.\s]+/)
    .map((word) => word.charAt(0))
    .join("")
    .toLowerCase();

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
function edits(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: b.length + 1 }, (_, j) => j),
  ];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = swaps ? before[j - 2]! + 1 : Infinity;
      row[j] = Math.min(replaced, swapped, last[j]! + 1, row[j - 1]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[b.length]!;
}
