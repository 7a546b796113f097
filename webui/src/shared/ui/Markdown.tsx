import type { MarkedToken, Token, Tokens } from "marked";
import { createElement, type ReactNode, useMemo } from "react";
import classes from "./Markdown.module.css";
import { partsOf, safeAddress } from "./markdownParts";

/** Deeper than anybody writes: beyond it stands what was typed, so that no text breaks the page. */
const DEEPEST = 30;

/**
 * Markdown as elements, never as HTML: what was typed as HTML is shown as it was typed.
 *
 * Pictures are links, as a page asks no other host for anything; headings begin below `level`.
 */
export function Markdown({ text, level = 2 }: { text: string; level?: number }) {
  const parts = useMemo(() => partsOf(text), [text]);
  return (
    <div className={classes.markdown} dir="auto">
      {drawn(parts, { level, depth: 0 })}
    </div>
  );
}

interface Where {
  readonly level: number;
  readonly depth: number;
}

function drawn(tokens: readonly Token[] | undefined, where: Where): ReactNode[] {
  const inside = { ...where, depth: where.depth + 1 };
  return (tokens ?? []).map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity
    <Part key={at} token={token as MarkedToken} where={inside} />
  ));
}

function Part({ token, where }: { token: MarkedToken; where: Where }): ReactNode {
  if (where.depth > DEEPEST) return token.raw;
  const inside = () => drawn("tokens" in token ? token.tokens : undefined, where);
  switch (token.type) {
    case "heading":
      return createElement(`h${Math.min(6, where.level + token.depth)}`, null, inside());
    case "paragraph":
      return <p>{inside()}</p>;
    case "text":
      return token.tokens === undefined ? unescaped(token.text) : inside();
    case "strong":
      return <strong>{inside()}</strong>;
    case "em":
      return <em>{inside()}</em>;
    case "del":
      return <del>{inside()}</del>;
    case "codespan":
      return <code>{token.text}</code>;
    case "code":
      return (
        <pre>
          <code>{token.text}</code>
        </pre>
      );
    case "blockquote":
      return <blockquote>{inside()}</blockquote>;
    case "link":
    case "image":
      return <Address token={token}>{token.type === "image" ? token.text : inside()}</Address>;
    case "list":
      return <List token={token} where={where} />;
    case "table":
      return <Table token={token} where={where} />;
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "hr":
      return <hr />;
    case "br":
      return <br />;
    case "escape":
      return token.text;
    case "space":
    case "def":
      return null;
    default:
      return token.raw;
  }
}

function Address({ token, children }: { token: Tokens.Link | Tokens.Image; children: ReactNode }) {
  const address = safeAddress(token.href);
  if (address === null) return token.raw;
  return (
    <a href={address} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}

function List({ token, where }: { token: Tokens.List; where: Where }) {
  const items = token.items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity
    <li key={at}>{drawn(item.tokens, where)}</li>
  ));
  if (!token.ordered) return <ul>{items}</ul>;
  return <ol start={token.start === "" ? 1 : token.start}>{items}</ol>;
}

function Table({ token, where }: { token: Tokens.Table; where: Where }) {
  const cells = (row: readonly Tokens.TableCell[], element: "th" | "td") =>
    row.map((cell, at) =>
      createElement(
        element,
        { key: at, style: { textAlign: cell.align ?? undefined } },
        drawn(cell.tokens, where),
      ),
    );
  return (
    <div className={classes.table}>
      <table>
        <thead>
          <tr>{cells(token.header, "th")}</tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no identity
            <tr key={at}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
