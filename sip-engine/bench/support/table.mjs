/** Prints rows of one shape as a Markdown table. */
export function printTable(title, rows) {
  const names = Object.keys(rows[0] ?? {});
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const text = [line(names), line(names.map(() => "---")), ...rows.map((row) => line(names.map((name) => row[name])))];
  process.stdout.write(`\n${title}\n\n${text.join("\n")}\n`);
}

export const fixed = (value, digits = 2) => value.toFixed(digits);

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
