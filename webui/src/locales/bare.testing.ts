import ts from "typescript";
import { isSaid } from "./testing";

/** Where words are read or heard, one of them too: attributes and properties of these names. */
const READ =
  /^(label|description|placeholder|title|alt|aria-label|aria-valuetext|none|nothingFoundMessage|word|meaning|note|message|xName)$/;

/** Where what looks like words is for machines, by the name of the attribute, property or variable. */
const UNREAD =
  /^(className|key|id|queryKey|mutationKey|type|rel|d|viewBox|style|aria-(controls|keyshortcuts|labelledby|describedby)|data-.*|width|background|transform|strokeDasharray|accept|autoComplete)$|_?(PATTERN|SELECTOR|SHADER)$/;

/** Words that are the same in every language. */
const NAMES: Readonly<Record<string, string>> = {
  Problem: "what the error is called in the log",
  kodkod: "the program, as a command",
  Kodkod: "the program",
  "https://api.example.org": "an address as an example",
  Python: "a language for machines",
};

/** What is written for machines though it stands where words might. */
const FOR_MACHINES: readonly [RegExp, string][] = [
  [/^(Enter|Escape|Tab|Home|End)$/, "a key, as browsers call it"],
  [/^(Authorization|Bearer)$/, "a header of HTTP"],
  [/^Files$/, "what browsers say is being dragged"],
  [/^(minmax|linear-gradient|color-mix|var|input|button)\b|px 0 /, "CSS"],
  [/^#version 300 es/, "a program for the graphics card"],
  [/^ar bg bn ca/, "codes of languages"],
  [/^log$/, "the id of what is asked for again"],
  [/^(project|scheme|action) \S|^\S+ (annotate|labels|learning)$/, "ids of the palette's entries"],
  [/^ctrl$/, "keys pressed together, as they are printed on keyboards"],
];

/** Calls whose first argument is a name and not words. */
const NAMING =
  /^(querySelector(All)?|getElementById|get|set|has|split|startsWith|endsWith|soon|entry)$/;

/** Units are written alike. */
const UNIT = /^(ms|s|min|h|Wh|kWh|MWh|g|kg|t|CO₂e)$/;

/** Find what people read in a source and `t` does not say. */
export function bareWords(source: ts.SourceFile): string[] {
  const bare: string[] = [];
  const visit = (node: ts.Node, read: boolean): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || isType(node)) return;
    if (isSaid(node)) {
      for (const value of node.arguments.slice(1)) visit(value, false);
      return;
    }
    if (isForMachines(node)) return;
    const text = textOf(node);
    if (text !== null && isWords(text, read || ts.isJsxText(node))) bare.push(text);
    const name = nameOf(node);
    const inside = name === null ? read && !ts.isCallExpression(node) : READ.test(name);
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(source, false);
  return bare;
}

function isType(node: ts.Node): boolean {
  return ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node);
}

/** Whether nothing below a node is read: names of things, comparisons, faults of our own. */
function isForMachines(node: ts.Node): boolean {
  const name = nameOf(node);
  if (name !== null && UNREAD.test(name)) return true;
  // What is thrown as a mere Error is a fault in the program, told to whoever mends it.
  if (ts.isNewExpression(node)) return /^(Type)?Error$/.test(node.expression.getText());
  if (textOf(node) === null) return false;
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.arguments[0] === node)
    return NAMING.test(called(parent));
  if (ts.isBinaryExpression(parent)) return /^[!=]==$/.test(parent.operatorToken.getText());
  return (
    (ts.isCaseClause(parent) && parent.expression === node) ||
    ts.isElementAccessExpression(parent) ||
    (ts.isPropertyAssignment(parent) && parent.name === node)
  );
}

function called({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression)
    ? expression.name.getText()
    : expression.getText();
}

/** What an attribute, a property or a variable is called. */
function nameOf(node: ts.Node): string | null {
  if (ts.isJsxAttribute(node)) return node.name.getText();
  if (ts.isPropertyDeclaration(node)) return node.name.getText();
  if (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) {
    return node.name.getText().replaceAll(/["']/g, "");
  }
  return null;
}

/** The text of a literal, with a hole where a template has a value. */
function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node) || ts.isJsxText(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return null;
  return (
    node.head.text + node.templateSpans.map(({ literal }) => `${HOLE}${literal.text}`).join("")
  );
}

/** No text has it, and what follows one in a template is punctuation. */
const HOLE = "§";

function isWords(text: string, read: boolean): boolean {
  const words = text.replaceAll(HOLE, " ").replace(/&\w+;/g, "").trim();
  if (words in NAMES || FOR_MACHINES.some(([pattern]) => pattern.test(words))) return false;
  if (words.split(/\s+/).every((word) => UNIT.test(word))) return false;
  // Signs stand otherwise in other languages: a colon has a space before it, quotes look otherwise.
  if (/[“”]|§[:;] |^[:;] |[:;] $/.test(text)) return true;
  if (read) return /\p{L}{2}/u.test(words);
  return SENTENCE.test(text);
}

/** Two words, a capital letter that begins one, or a word beside a value. */
const SENTENCE = /\p{L}{2}.*\s.*\p{L}{2}|^\p{Lu}\p{Ll}+[.…!?]?$|\p{Ll}{2} §|§ \p{Ll}{2}/u;
