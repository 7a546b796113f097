import { fireEvent, render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ActionButton } from "./ActionButton";
import { useActionKeys } from "./useActionKeys";

function Page({ run, disabled = false }: { run: () => void; disabled?: boolean }) {
  const skip = { id: "skip", title: "Skip", section: "This text", keys: ["space"], disabled, run };
  useActionKeys([skip]);
  return (
    <>
      <ActionButton action={skip} />
      <textarea aria-label="comment" />
    </>
  );
}

const space = { key: " ", code: "Space" };

it("runs an action by its key, wherever the page has the focus", () => {
  const run = vi.fn();
  render(<Page run={run} />);
  fireEvent.keyDown(document.body, space);
  expect(run).toHaveBeenCalledTimes(1);
});

it("runs the same action by its button", () => {
  const run = vi.fn();
  render(<Page run={run} />);
  fireEvent.click(screen.getByRole("button", { name: /Skip/ }));
  expect(run).toHaveBeenCalledTimes(1);
});

it("lets a held key act once", () => {
  const run = vi.fn();
  render(<Page run={run} />);
  fireEvent.keyDown(document.body, space);
  fireEvent.keyDown(document.body, { ...space, repeat: true });
  expect(run).toHaveBeenCalledTimes(1);
});

it.each([
  ["while somebody types", () => screen.getByLabelText("comment"), space],
  ["on a focused button, which takes Space itself", () => screen.getByRole("button"), space],
  ["with Ctrl held", () => document.body, { ...space, ctrlKey: true }],
])("does nothing %s", (_, target, event) => {
  const run = vi.fn();
  render(<Page run={run} />);
  fireEvent.keyDown(target(), event);
  expect(run).not.toHaveBeenCalled();
});

it("does nothing while the action is disabled", () => {
  const run = vi.fn();
  render(<Page run={run} disabled />);
  fireEvent.keyDown(document.body, space);
  expect(run).not.toHaveBeenCalled();
});
