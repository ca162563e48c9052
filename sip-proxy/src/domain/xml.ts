/** Elements of XML documents, written out with everything escaped that has to be (XML 1.0 sections 2.2, 2.4 and 3.3.3). Pure. */

export interface Element {
  readonly name: string; // of ours, never of a peer's
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

export const element = (
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Element | string)[]
): Element => ({ name, attributes, children });

export const xmlDocument = (root: Element): string => `<?xml version="1.0" encoding="UTF-8"?>\r\n${written(root)}\r\n`;

function written({ name, attributes, children }: Element): string {
  const start = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(" ");
  if (children.length === 0) return `<${start}/>`;
  const inner = children.map((child) => (typeof child === "string" ? escaped(child) : written(child))).join("");
  return `<${start}>${inner}</${name}>`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** What XML cannot carry at all, not even escaped, becomes U+FFFD. */
const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"'\t\n\r]/g, (c) => ESCAPES[c] ?? c);
