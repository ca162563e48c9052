import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "@jest/globals";
import {
  agentState,
  control,
  controls,
  errorCode,
  interactionView,
  notice,
  numberCheck,
  phase,
  seatView,
} from "@legwork/shared/api";

type Tree = { readonly [key: string]: string | Tree };

const SOURCE = path.join(path.dirname(new URL(import.meta.url).pathname), "..");
const tree = (language: string): Tree =>
  JSON.parse(readFileSync(path.join(SOURCE, "locales", `${language}.json`), "utf8")) as Tree;

function flat(node: Tree, prefix = ""): Map<string, string> {
  return new Map(
    Object.entries(node).flatMap(([key, value]): [string, string][] =>
      typeof value === "string" ? [[prefix + key, value]] : [...flat(value, `${prefix}${key}.`)],
    ),
  );
}

const en = flat(tree("en"));
const nb = flat(tree("nb"));
const withoutPlural = (key: string) => key.replace(/_(one|other)$/, "");
const keys = new Set([...en.keys()].map(withoutPlural));

function sources(folder = SOURCE): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return /\.tsx?$/.test(entry.name) && !entry.name.includes(".test.") ? [readFileSync(file, "utf8")] : [];
  });
}

/** Keys written out in a call of t, and the patterns of those put together from a value. */
function usedKeys(): { exact: Set<string>; patterns: RegExp[] } {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const text of sources()) {
    for (const [, args = ""] of text.matchAll(/\bt\(([^]*?)\)/g)) {
      for (const [, key = ""] of args.matchAll(/"([a-zA-Z][\w.-]*)"/g)) if (keys.has(key)) exact.add(key);
      for (const [, template = ""] of args.matchAll(/`([^`]*)`/g)) {
        const escaped = template.replace(/\$\{[^}]*\}/g, "\0").replace(/[.*+?^()|[\]\\]/g, "\\$&");
        patterns.push(new RegExp(`^${escaped.replaceAll("\0", "[\\w-]+")}$`));
      }
      const [, first = ""] = /^\s*"([a-zA-Z][\w.-]*)"/.exec(args) ?? [];
      if (first) exact.add(first);
    }
  }
  return { exact, patterns };
}

describe("the two languages", () => {
  it("have the same keys with the same names in them", () => {
    expect([...nb.keys()].sort()).toEqual([...en.keys()].sort());
    const names = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();
    for (const [key, text] of en) expect([key, names(nb.get(key) ?? "")]).toEqual([key, names(text)]);
  });

  it("have a text for every key that the page uses", () => {
    const missing = [...usedKeys().exact].filter((key) => !keys.has(key));
    expect(missing).toEqual([]);
  });

  it("have no text that the page does not use", () => {
    const { exact, patterns } = usedKeys();
    const unused = [...keys].filter((key) => !exact.has(key) && !patterns.some((pattern) => pattern.test(key)));
    expect(unused).toEqual([]);
  });

  it("name everything that the server may send", () => {
    const kinds = agentState.options.map((option) => option.shape.kind.value);
    const stages = interactionView.shape.consult.unwrap().shape.stage.options;
    const wanted = [
      ...errorCode.options.map((code) => `errors.${code}`),
      ...["no-microphone", "sip-failed", "offline"].map((code) => `errors.${code}`),
      ...notice.shape.kind.options.map((kind) => `notices.${kind}`),
      ...phase.options.map((name) => `phases.${name}`),
      ...kinds.map((kind) => `agentStates.${kind}`),
      ...seatView.shape.status.options.map((status) => `status.${status}`),
      ...seatView.shape.role.options.map((role) => `roles.${role}`),
      ...stages.map((stage) => `consult.stages.${stage}`),
      ...Object.keys(controls.shape).map((name) => `controls.${name}`),
      ...numberCheck.options[1].shape.error.options.map((error) => `number.errors.${error}`),
    ];
    expect(wanted.filter((key) => !keys.has(key))).toEqual([]);
    expect(Object.keys(control.shape)).toContain("reason");
  });

  it("[DF-9] say in the dialog why it comes first, and that a telephone is worth as much", () => {
    const why = [
      [en, ["available now", "queues", "checks a number", "telephone is worth just as much"]],
      [nb, ["tilgjengelig nå", "køene", "sjekker et nummer", "telefonen er fullt ut likeverdig"]],
    ] as const;
    for (const [texts, parts] of why)
      for (const part of parts) expect(texts.get("dialogs.consult.help")).toContain(part);
  });

  it("[DF-6] use the words of the requirement in Norwegian", () => {
    const words = {
      "controls.consult": "Konsultasjon",
      "dialogs.consult.title": "Konsultasjonsforespørsel",
      "targets.kinds.queue": "Kø",
      "targets.kinds.entry-point": "Inngangspunkt",
      "controls.resume": "Gjenoppta",
      "status.on-hold": "På vent",
      "controls.transfer": "Overfør",
      "controls.conference": "Konferanse",
      "controls.end-consult": "Avslutt konsultasjon",
      "wrapUp.title": "Avslutningsårsaker",
      "targets.refresh": "Oppdater",
      "sides.customer": "Kunde",
      "controls.hold": "Sett på vent",
    };
    for (const [key, word] of Object.entries(words)) expect([key, nb.get(key)]).toEqual([key, word]);
  });
});
