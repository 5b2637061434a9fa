/** `17.80 %` */
export function percent(share: number, digits = 2): string {
  return `${(100 * share).toFixed(digits)} %`;
}

/** `15.2 KB`, in units of 1,000 bytes. */
export function bytes(size: number): string {
  if (size < 1000) return `${size} B`;
  if (size < 1e6) return `${(size / 1e3).toFixed(1)} KB`;
  return size < 1e9 ? `${(size / 1e6).toFixed(1)} MB` : `${(size / 1e9).toFixed(1)} GB`;
}

/** `89 M` or, of less than a million, `0.049 M` */
export function millions(value: number): string {
  const inMillions = value / 1e6;
  return `${inMillions < 1 ? Number(inMillions.toPrecision(2)) : count(Math.round(inMillions))} M`;
}

/** `4 min 05 s` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const pad = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** `1,120` */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** `1 epoch`, `2 epochs` */
export function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** Columns as wide as their widest cell; numbers, and what looks like them, to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) =>
        /^[-+]?[\d,.]+( \S+)?$/.test(rows[1]?.[i] ?? "")
          ? cell.padStart(widths[i]!)
          : cell.padEnd(widths[i]!),
      )
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

/** Words in lines of at most `columns` characters, indented by two. */
export function wrapped(words: readonly string[], columns = 80): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = "";
    }
    line += line ? ` ${word}` : `  ${word}`;
  }
  return [...lines, ...(line ? [line] : [])].join("\n");
}
