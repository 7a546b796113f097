import { MantineProvider } from "@mantine/core";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { type Draft, readDraft } from "./draft";
import { ParamsForm } from "./ParamsForm";
import { fieldsOf, type Mode } from "./schema";

const fields = fieldsOf({
  properties: {
    dim: {
      description: "Number of dimensions",
      "x-mode": "easy",
      type: "integer",
      minimum: 2,
      default: 200,
    },
    strip_accents: {
      description: "Take é and e for the same letter",
      "x-mode": "pro",
      type: "boolean",
      default: false,
    },
    inner: {
      "x-mode": "pro",
      properties: { size: { type: "integer", default: 3 } },
      type: "object",
    },
  },
});

function Form({ mode, sent }: { mode: Mode; sent: (params: object) => void }) {
  const [draft, setDraft] = useState<Draft>({});
  const { params, errors } = readDraft(fields, draft);
  return (
    <MantineProvider>
      <ParamsForm fields={fields} mode={mode} draft={draft} errors={errors} onChange={setDraft} />
      <button type="button" onClick={() => sent(params)}>
        Send
      </button>
    </MantineProvider>
  );
}

it("shows the mode's fields, and tells what was chosen for the others", () => {
  render(<Form mode="easy" sent={() => undefined} />);
  const dim = screen.getByRole<HTMLInputElement>("textbox", { name: "Dim" });
  expect(dim.value).toBe("200");
  expect(dim.getAttribute("aria-describedby")).toBeTruthy();
  expect(screen.queryByRole("checkbox")).toBeNull();
  expect(screen.getByText("2 settings are chosen for you")).toBeTruthy();
  expect(screen.getByText("Strip accents: no")).toBeTruthy();
});

it("reads what is put in, of groups too, and says what is wrong with it", async () => {
  let sent = {};
  const send = (params: object) => {
    sent = params;
  };
  render(<Form mode="pro" sent={send} />);
  const dim = screen.getByRole("textbox", { name: "Dim" });
  await userEvent.clear(dim);
  await userEvent.type(dim, "1");
  expect(screen.getByText("At least 2.")).toBeTruthy();
  await userEvent.type(dim, "50");
  expect(screen.queryByText("At least 2.")).toBeNull();
  await userEvent.click(screen.getByRole("checkbox", { name: "Strip accents" }));
  const size = screen.getByRole("textbox", { name: "Size" });
  await userEvent.clear(size);
  await userEvent.type(size, "4");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(sent).toEqual({ dim: 150, strip_accents: true, inner: { size: 4 } });
});
