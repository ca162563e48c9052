// Small mistakes, made on purpose in one source file at a time: what a tired person might have written instead.
import ts from "typescript";

/** Words of which one may stand where another should. Each is replaced by the one that follows it. */
const FAMILIES = [
  ["ring", "no-answer", "hold", "joining", "transfer-plan", "transfer-up", "transfer-answer"],
  ["normal", "cancelled", "transferred", "joined", "no-answer", "answered-elsewhere"],
  ["handled", "consulted", "not-answered", "caller-gone"],
  ["not-owner", "not-yours", "not-in-this-phase", "target-not-answered", "busy-with-request", "in-conference"],
  ["hold-failed", "media-failed", "transfer-declined", "bad-request"],
  ["consult-declined", "consult-busy", "consult-no-answer", "consult-unreachable", "consult-left"],
  ["outbound-declined", "outbound-busy", "outbound-no-answer", "outbound-unreachable"],
  ["transfer-failed", "conference-failed", "customer-left", "became-owner"],
  ["customer", "consult", "none"],
  ["none", "starting", "in-force"],
  ["holding", "queued", "ringing", "answered"],
  ["connected", "consulting", "asking", "transferring", "joining", "conference"],
  ["waiting", "offered", "dialling", "blind-transferring", "unowned", "ended"],
  ["station", "customer"],
  ["now", "heard"],
  ["end-interaction", "back-to-customer"],
  ["automatic", "stay-held"],
  ["queue", "end"],
  ["agent", "outside"],
  ["music", "silence", "ringback"],
];
const NUMBERS = { 100: "200", 200: "503", 503: "200", 480: "486" };
/** Names of parties and of what is done, exchanged. */
const NAMES = {
  isOwner: "isConsulted",
  isConsulted: "isOwner",
  onLine: "onOwn",
  onOwn: "onLine",
  start: "stop",
  stop: "start",
  engage: "release",
};
const COMPARED = { "===": "!==", "!==": "===", "&&": "||", "||": "&&" };

/**
 * All mutants of a source: [{ file, line, context, was, became, text }], in the order of the source. `became` is what stands there instead of `was`, `text` the
 * whole file. The same source gives the same mutants.
 */
export function mutantsOf(name, source) {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.ES2022, true);
  const found = [];
  const replace = (node, became, from = node.getStart(file), to = node.end) => {
    const { line } = file.getLineAndCharacterOfPosition(from);
    const was = source.slice(from, to).replace(/\s+/g, " ").trim();
    const context = contextOf(node, file);
    const text = source.slice(0, from) + became + source.slice(to);
    found.push({ line: line + 1, context, was, became: became.replace(/\s+/g, " "), text });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isTypeAliasDeclaration(node)) return;
    mutate(node, replace, file);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return numbered(found.map((mutant) => ({ file: name, ...mutant })));
}

/** Where it is: the function, and the case in it. Two mistakes that read the same there get a number. */
function contextOf(node, file) {
  const names = [];
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isCaseClause(at)) names.unshift(at.expression.getText(file).replaceAll('"', ""));
    if (ts.isFunctionDeclaration(at) || (ts.isVariableDeclaration(at) && at.parent.parent.parent === file)) {
      names.unshift(at.name.getText(file));
    }
  }
  return names.join(" ");
}

function numbered(mutants) {
  const seen = new Map();
  return mutants.map((mutant) => {
    const key = `${mutant.context} ${mutant.was} ${mutant.became}`;
    const n = (seen.get(key) ?? 0) + 1;
    seen.set(key, n);
    return n === 1 ? mutant : { ...mutant, context: `${mutant.context} #${n}` };
  });
}

function mutate(node, replace, file) {
  if (ts.isIfStatement(node)) conditions(node.expression, replace, file);
  else if (ts.isConditionalExpression(node)) conditions(node.condition, replace, file);
  else if (ts.isBinaryExpression(node)) operator(node, replace, file);
  else if (ts.isStringLiteral(node)) word(node, replace);
  else if (ts.isNumericLiteral(node) && NUMBERS[node.text]) replace(node, NUMBERS[node.text]);
  else if (node.kind === ts.SyntaxKind.TrueKeyword) replace(node, "false");
  else if (node.kind === ts.SyntaxKind.FalseKeyword) replace(node, "true");
  else if (ts.isCaseClause(node)) caseClause(node, replace, file);
  else if (ts.isCallExpression(node) && isTo(node)) dropEach(node.arguments, 1, replace);
  else if (ts.isArrayLiteralExpression(node)) dropEach(node.elements, 0, replace);
  else if (ts.isIdentifier(node)) party(node, replace);
}

/** A condition is turned round, or never holds. */
function conditions(condition, replace, file) {
  replace(condition, `!(${condition.getText(file)})`);
  replace(condition, "false");
}

function operator(node, replace, file) {
  const sign = node.operatorToken.getText(file);
  if (COMPARED[sign]) replace(node.operatorToken, COMPARED[sign]);
  if (sign === "??") replace(node, node.left.getText(file));
}

function word(node, replace) {
  if (ts.isLiteralTypeNode(node.parent)) return;
  const name = ts.isCaseClause(node.parent) || (ts.isPropertyAssignment(node.parent) && node.parent.name === node);
  if (name || isKind(node)) return;
  const others = FAMILIES.filter((family) => family.includes(node.text));
  for (const family of new Set(others)) {
    replace(node, `"${family[(family.indexOf(node.text) + 1) % family.length]}"`);
  }
}

/** Type tests and the types of commands: another word there is another shape, which does not compile. */
const isKind = (node) =>
  (ts.isBinaryExpression(node.parent) && node.parent.operatorToken.kind === ts.SyntaxKind.InKeyword) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name.getText() === "type");

/** A case is forgotten. */
function caseClause(node, replace, file) {
  replace(node, "", node.getStart(file), node.end);
}

const isTo = (call) => ts.isIdentifier(call.expression) && call.expression.text === "to";

/** A command, a party or a listener is forgotten. */
function dropEach(nodes, from, replace) {
  nodes.forEach((node, i) => {
    if (i < from) return;
    const after = nodes[i + 1];
    const before = nodes[i - 1];
    if (after) replace(node, "", node.getStart(), after.getStart());
    else replace(node, "", before ? before.end : node.getStart(), node.end);
  });
}

/** The customer for the owner, one leg for the other, a start for a stop. */
function party(node, replace) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    const deeper = ts.isPropertyAccessExpression(parent.parent) && parent.parent.expression === parent;
    if (!deeper || parent.expression.getText() !== "s") return;
    if (node.text === "owner") replace(node, "customer");
    if (node.text === "customer") replace(node, "owner");
    return;
  }
  const used = ts.isCallExpression(parent) || ts.isReturnStatement(parent) || ts.isConditionalExpression(parent);
  if (used && NAMES[node.text]) replace(node, NAMES[node.text]);
}
