import { CloseButton } from "@mantine/core";
import type { Element, SchemeInfo } from "@/api/schema";
import classes from "./SidePanel.module.css";

interface Props {
  element: Element | null;
  scheme: SchemeInfo;
  onClose: () => void;
}

/** What helps to decide: the text's context, what others said, the codebook. */
export function SidePanel({ element, scheme, onClose }: Props) {
  const context = Object.entries(element?.context ?? {});
  return (
    <aside className={classes.panel} aria-label="Context and codebook">
      <CloseButton
        className={classes.close ?? ""}
        onClick={onClose}
        aria-label="Close the side panel"
      />
      {element !== null && (
        <section>
          <h2>Context</h2>
          <dl>
            <Fact name="id" value={element.id} />
            {context.map(([name, value]) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
        </section>
      )}
      <section>
        <h2>Codebook</h2>
        {scheme.codebook.trim() === "" ? (
          <p className={classes.empty}>This scheme has no codebook yet.</p>
        ) : (
          <div className={classes.codebook} dir="auto">
            {scheme.codebook}
          </div>
        )}
        <LabelDescriptions scheme={scheme} />
      </section>
    </aside>
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
