import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { InPlace } from "./InPlace";

function field(value: string, optional = false) {
  const onSave = vi.fn();
  render(
    <MantineProvider>
      <InPlace label="Name" value={value} optional={optional} onSave={onSave} />
    </MantineProvider>,
  );
  return { onSave, input: screen.getByRole("textbox", { name: "Name" }) as HTMLInputElement };
}

it("saves by Enter, once", async () => {
  const { onSave, input } = field("agree");
  await userEvent.type(input, "d{Enter}");
  await userEvent.tab();
  expect(onSave.mock.calls).toEqual([["agreed"]]);
});

it("saves when it is left", async () => {
  const { onSave, input } = field("agree");
  await userEvent.type(input, "d");
  await userEvent.tab();
  expect(onSave.mock.calls).toEqual([["agreed"]]);
});

it("takes back what was typed by Escape", async () => {
  const { onSave, input } = field("agree");
  await userEvent.type(input, "d{Escape}");
  expect(input.value).toBe("agree");
  await userEvent.tab();
  expect(onSave).not.toHaveBeenCalled();
});

it("keeps what must not be empty", async () => {
  const { onSave, input } = field("agree");
  await userEvent.clear(input);
  await userEvent.tab();
  expect(onSave).not.toHaveBeenCalled();
  expect(input.value).toBe("agree");
});

it("may be emptied where it is optional", async () => {
  const { onSave, input } = field("what counts", true);
  await userEvent.clear(input);
  await userEvent.tab();
  expect(onSave.mock.calls).toEqual([[""]]);
});
