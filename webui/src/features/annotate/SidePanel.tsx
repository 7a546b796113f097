import { CloseButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { Element, SchemeInfo } from "@/api/schema";
import { useLater } from "@/shared/ui/useLater";
import { t } from "@/shared/words/translate";
import classes from "./SidePanel.module.css";

interface Props {
  element: Element | null;
  scheme: SchemeInfo;
  /** What stands between the context and the codebook. */
  children: ReactNode;
  onClose: () => void;
}

/** What helps to decide: the text's context, what others said, the codebook. */
export function SidePanel({ element, scheme, children, onClose }: Props) {
  const context = Object.entries(element?.context ?? {});
  return (
    <aside className={classes.panel} aria-label={t("Context and codebook")}>
      <CloseButton
        className={classes.close ?? ""}
        onClick={onClose}
        aria-label={t("Close the side panel")}
      />
      {element !== null && (
        <section>
          <h2>{t("Context")}</h2>
          <dl>
            <Fact name="id" value={element.id} />
            {context.map(([name, value]) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
        </section>
      )}
      {children}
      <section>
        <h2>{t("Codebook")}</h2>
        {scheme.codebook.trim() === "" ? (
          <p className={classes.empty}>{t("This scheme has no codebook yet.")}</p>
        ) : (
          <Codebook text={scheme.codebook} />
        )}
        <LabelDescriptions scheme={scheme} />
      </section>
    </aside>
  );
}

const loadMarkdown = async () => (await import("@/shared/ui/Markdown")).Markdown;

/** The codebook as it was written until what draws Markdown is there: no text waits for it. */
function Codebook({ text }: { text: string }) {
  const Markdown = useLater(loadMarkdown, true);
  if (Markdown !== null) return <Markdown text={text} />;
  return (
    <div className={classes.codebook} dir="auto">
      {text}
    </div>
  );
}

function LabelDescriptions({ scheme }: { scheme: SchemeInfo }) {
  const described = scheme.labels.filter(({ description }) => description !== "");
  if (described.length === 0) return null;
  return (
    <dl>
      {described.map(({ id, name, description }) => (
        <Fact key={id} name={name} value={description} />
      ))}
    </dl>
  );
}

function Fact({ name, value }: { name: string; value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{shown(value)}</dd>
    </>
  );
}

function shown(value: unknown): string {
  if (value === null || value === undefined || value === "") return "-";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
