import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { describe, expect, it, vi } from "vitest";
import { type LabelAction, LabelButtons, shownProbability } from "./LabelButtons";

function someLabels(names: string[]): LabelAction[] {
  return names.map((name, at) => ({
    id: `label.${at}`,
    title: name,
    section: "Labels",
    keys: at < 9 ? [String(at + 1)] : [],
    run: vi.fn(),
    label: { id: at, name, color: null, description: "" },
  }));
}

it("shows each label's key, and what the guide suggests with its probability", () => {
  const prediction = {
    value: "neutral",
    probabilities: { agree: 0.3, neutral: 0.612 },
    version: 3,
  };
  render(
    <LabelButtons
      actions={someLabels(["agree", "neutral"])}
      selected={[]}
      multiple={false}
      prediction={prediction}
      search={null}
    />,
  );
  expect(
    screen.getByRole("button", { name: /neutral ?, suggested by the guide: \.61$/ }),
  ).toBeTruthy();
  expect(screen.getByRole("button", { name: /agree$/ })).toBeTruthy();
});

it("marks the labels that were chosen", () => {
  render(
    <LabelButtons
      actions={someLabels(["science", "policy"])}
      selected={["policy"]}
      multiple
      prediction={null}
      search={null}
    />,
  );
  expect(screen.getByRole("button", { pressed: true, name: /policy$/ })).toBeTruthy();
  expect(screen.getByRole("button", { pressed: false, name: /science$/ })).toBeTruthy();
});

it("finds one of many labels by a part of its name, and Enter gives it", async () => {
  const actions = someLabels(Array.from({ length: 77 }, (_, at) => `intent ${at}`));
  render(
    <LabelButtons
      actions={actions}
      selected={[]}
      multiple={false}
      prediction={null}
      search={createRef()}
    />,
  );
  await userEvent.type(screen.getByRole("searchbox", { name: "Find a label" }), "ent 76{Enter}");
  expect(actions[76]?.run).toHaveBeenCalledTimes(1);
  expect(screen.getAllByRole("button")).toHaveLength(77);
});

describe("a probability", () => {
  it("is never shown as certain", () => {
    expect([0.612, 0.06, 0.9999, 0.0001].map(shownProbability)).toEqual([
      ".61",
      ".06",
      ".99",
      ".01",
    ]);
  });
});
