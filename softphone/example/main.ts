// A page of somebody else that hosts the call panel: it shows who calls, writes down what the panel tells, and has buttons of its
// own. It knows nothing of Legwork but the package.
import {
  CallPanelError,
  type CallPanelEvents,
  type CallPanelState,
  createCallPanel,
  type InteractionView,
  type Language,
  mountCallPanel,
} from "legwork-call-panel";
import "legwork-call-panel/legwork-panel.css";
import { COMMANDS, type HostCommand } from "./commands.js";
import "./crm.css";
import { TEXTS } from "./texts.js";

const element = <T extends HTMLElement>(id: string): T => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
};

/** What a customer register would know. */
const PARCELS: Readonly<Record<string, string>> = { "+4722000001": "2 (Ålesund, Tromsø)" };

const languages = element<HTMLSelectElement>("language");
const query = new URLSearchParams(location.search).get("lang") ?? navigator.language;
languages.value = /^(nb|no|nn)/.test(query) ? "nb" : "en";
const texts = () => TEXTS[languages.value as Language];

const panel = createCallPanel();
const mounted = mountCallPanel(element("panel"), panel, { language: languages.value as Language });

const buttons = new Map<HostCommand, HTMLButtonElement>();
for (const name of Object.keys(COMMANDS) as HostCommand[]) {
  const button = document.createElement("button");
  button.dataset["testid"] = `host-${name}`;
  button.addEventListener("click", () => void run(name));
  element("commands").append(button);
  buttons.set(name, button);
}

/** A command resolves when it is in force; what it is refused with is the server's code. */
async function run(name: HostCommand): Promise<void> {
  element("refused").textContent = "";
  try {
    await COMMANDS[name].run(panel);
  } catch (error) {
    if (!(error instanceof CallPanelError)) throw error;
    element("refused").textContent = texts().refused(error.code);
  }
}

function situationOf({ connection, desktop }: CallPanelState): string {
  const { signedOut, waiting, ringing, talking, held, busy } = texts();
  if (connection.kind === "signed-out") return signedOut;
  const call = desktop?.interaction;
  if (!call) return waiting;
  if (call.role === "offered") return ringing;
  return { connected: talking, held, offered: ringing, dialling: ringing }[call.phase as string] ?? busy;
}

function show(state: CallPanelState): void {
  const call = state.desktop?.interaction;
  const { name = "", number = "" } = call?.customer ?? {};
  const { nobody, noParcels, commands } = texts();
  element("customer").textContent = name || number || nobody;
  element("number").textContent = number || "–";
  element("parcels").textContent = call ? (PARCELS[number] ?? noParcels) : "–";
  if (element("situation").textContent !== situationOf(state)) element("situation").textContent = situationOf(state);
  for (const [command, button] of buttons) {
    button.textContent = commands[command];
    button.disabled = !COMMANDS[command].may(state);
  }
}

/** One line for an event: its name and, by its type, what matters of it. */
function log<Type extends keyof CallPanelEvents>(type: Type, said: (event: CallPanelEvents[Type]) => string): void {
  panel.on(type, (event) => {
    const line = document.createElement("li");
    line.dataset["event"] = type;
    line.textContent = [texts().events[type], said(event)].filter(Boolean).join(": ");
    element("log").prepend(line);
  });
}

const who = ({ customer: { name, number } }: InteractionView) => [name, number].filter(Boolean).join(" ");

log("signed-in", ({ agent }) => agent.name);
log("connection-changed", ({ connection }) => connection.kind);
log("agent-state-changed", ({ state }) => (state.kind === "idle" ? `${state.kind} (${state.reason})` : state.kind));
log("call-offered", ({ call }) => who(call));
log("call-started", ({ call }) => who(call));
log("call-changed", ({ call, before }) => `${before.phase} → ${call.phase}`);
log("call-ended", ({ call }) => who(call));
log("wrap-up-opened", ({ wrapUp }) => wrapUp.id);
log("wrap-up-closed", ({ wrapUp }) => wrapUp.id);
log("notice", ({ kind }) => kind);

function speak(): void {
  document.documentElement.lang = languages.value;
  for (const each of document.querySelectorAll<HTMLElement>("[data-text]")) {
    each.textContent = texts()[each.dataset["text"] as "desk" | "language" | "number" | "parcels" | "log"];
  }
  show(panel.state);
}

languages.addEventListener("change", () => {
  speak();
  void mounted.then(({ setLanguage }) => setLanguage(languages.value as Language));
});
panel.subscribe(show);
speak();
void panel.restore();
