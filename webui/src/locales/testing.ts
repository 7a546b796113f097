import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What the UI's sources say, found by reading them as the compiler does. */

/** A sentence of the source, and whether its form goes by a number. */
export interface Sentence {
  readonly text: string;
  readonly counted: boolean;
}

/** List the files of a folder, but for tests and what is generated. */
export function filesIn(folder: string, ending: RegExp): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name) && !/\.test\.|testing\.|generated/.test(name))
    .map((name) => join(folder, name));
}

export function parsed(file: string, text = readFileSync(file, "utf8")): ts.SourceFile {
  const kind = file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
}

/** Whether a node is `t("...")` or `phrase("...")`. */
export function isSaid(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /^(t|phrase)$/.test(node.expression.getText());
}

/** Find what `t` and `phrase` are given; what is no literal is listed by its place. */
export function sentencesIn(files: readonly string[]): { found: Sentence[]; others: string[] } {
  const found: Sentence[] = [];
  const others: string[] = [];
  for (const file of files) {
    const visit = (node: ts.Node): void => {
      if (isSaid(node)) {
        const values = node.arguments[1]?.getText() ?? "";
        for (const text of literals(node.arguments[0])) {
          if (text === null) others.push(`${file}: ${node.getText()}`);
          else
            found.push({ text, counted: /\bcount\b/.test(values) && text.includes("{{count}}") });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(parsed(file));
  }
  return { found, others };
}

function literals(node: ts.Expression | undefined): (string | null)[] {
  if (node === undefined) return [null];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isParenthesizedExpression(node)) return literals(node.expression);
  if (ts.isConditionalExpression(node)) {
    return [...literals(node.whenTrue), ...literals(node.whenFalse)];
  }
  return [null];
}
