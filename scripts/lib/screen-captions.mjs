// What each picture of the desktop shows, in the order of the page that lists them, in English and in Norwegian Bokmål.
const CAPTIONS = [
  ["sign-in", "Sign in: this browser, or a desk phone", "Pålogging: denne nettleseren, eller en bordtelefon"],
  ["microphone", "Before the first call: the microphone", "Før første samtale: mikrofonen"],
  ["idle", "Signed in, not taking calls", "Pålogget, tar ikke imot samtaler"],
  ["state-menu", "The agent's state", "Agentens status"],
  ["sound-settings", "Sound settings", "Lydinnstillinger"],
  ["shortcut-help", "Keyboard", "Tastatur"],
  ["available", "Ready for the next call", "Klar for neste samtale"],
  ["incoming", "A customer calls", "En kunde ringer"],
  ["connected", "In a call", "I samtale"],
  ["quality", "How the call sounds", "Hvordan samtalen låter"],
  ["keypad", "Keypad", "Tastatur for tonesignaler"],
  ["held", "The customer on hold", "Kunden på vent"],
  ["consult-request", "Consult request", "Konsultasjonsforespørsel"],
  ["consult-queues", "Consult request: a queue", "Konsultasjonsforespørsel: en kø"],
  [
    "consult-number",
    "Consult request: a number, as it will be dialled",
    "Konsultasjonsforespørsel: et nummer, slik det ringes",
  ],
  ["consult-expert", "Consult request: the organisation", "Konsultasjonsforespørsel: organisasjonen"],
  ["consult-ringing", "The colleague's phone rings", "Det ringer hos kollegaen"],
  ["consult-incoming", "What the colleague sees", "Det kollegaen ser"],
  ["consulting", "Consulting: the customer hears music", "Konsultasjon: kunden hører musikk"],
  ["consulted", "The same, for the consulted colleague", "Det samme, for den konsulterte"],
  ["resumed", "Resumed: back with the customer", "Gjenopptatt: tilbake hos kunden"],
  ["resumed-dark", "Dark, as the system asks for it", "Mørkt, når systemet ber om det"],
  ["consulted-on-hold", "The consulted colleague on hold", "Den konsulterte på vent"],
  ["conference", "Conference", "Konferanse"],
  ["wrap-up", "Wrap-up reasons", "Avslutningsårsaker"],
  ["new-owner", "The colleague owns the call now", "Kollegaen eier samtalen nå"],
  ["consult-outside", "Consulting somebody outside", "Konsultasjon med noen utenfor"],
  ["blind-transfer", "Blind transfer: only who is available", "Direkte overføring: bare de som er tilgjengelige"],
  ["blind-transferring", "The transfer rings, and can be taken back", "Overføringen ringer, og kan tas tilbake"],
  ["incoming-transfer", "What the next agent sees", "Det neste agent ser"],
  ["transfer-question", "Transfers accepted: the colleague is asked", "Overføring må godtas: kollegaen blir spurt"],
  ["transfer-asked", "The owner waits for the answer", "Eieren venter på svaret"],
  ["call", "A call of the agent's own", "Egen oppringning"],
  ["dialling", "The number is being called", "Nummeret ringes opp"],
  ["history", "The calls of the day", "Dagens samtaler"],
  ["history-dark", "The same, dark", "Det samme, mørkt"],
  ["other-tab", "Opened in another tab", "Åpnet i en annen fane"],
  ["signed-out", "Why the session ended", "Hvorfor økten tok slutt"],
  ["example", "The panel in a page of somebody else", "Panelet på en annens side"],
];

/** The page of pictures; throws when a picture has no caption, or a caption no picture. `taken`: names of the pictures. */
export function picturePage(taken) {
  const known = CAPTIONS.map(([name]) => name);
  const odd = [...taken.filter((name) => !known.includes(name)), ...known.filter((name) => !taken.includes(name))];
  if (odd.length > 0) throw new Error(`pictures and captions do not match: ${odd.join(", ")}`);
  const rows = CAPTIONS.map(
    ([name, en, nb]) => `| ${en} | ${nb} |\n| --- | --- |\n| ![${en}](${name}-en.png) | ![${nb}](${name}-nb.png) |`,
  );
  return `# The desktop in pictures

Kari takes Anne's call, consults Ola and numbers, transfers, and calls: each screen in English and in Norwegian Bokmål. Made by \`npm run screens\`,
which takes two browsers through the whole flow.

${rows.join("\n\n")}
`;
}
