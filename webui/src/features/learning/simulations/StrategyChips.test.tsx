import { MantineProvider } from "@mantine/core";
import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it } from "vitest";
import { someStrategies } from "@/shared/artefacts/testing";
import { begin, readStrategy, type StrategyDraft } from "@/shared/strategies/strategyDraft";
import { StrategyChips } from "./StrategyChips";

const LABELS = ["agree", "disagree"];
const GIVEN = { guide: true, embeddings: true, committee: false, llm: false };

function Chips({ first, told }: { first: string[]; told: (names: unknown) => void }) {
  const [chosen, setChosen] = useState<readonly StrategyDraft[]>(() =>
    first.map((name) => begin({ name, params: {} }, someStrategies, LABELS)),
  );
  return (
    <MantineProvider env="test">
      <StrategyChips
        strategies={someStrategies}
        labels={LABELS}
        given={GIVEN}
        mode="easy"
        chosen={chosen}
        onChange={(next) => {
          setChosen(next);
          told(next.map((draft) => readStrategy(draft, someStrategies, LABELS)));
        }}
      />
    </MantineProvider>
  );
}

it("adds a strategy, asks for what it cannot do without, and leaves one out", async () => {
  const user = userEvent.setup();
  let told: unknown = null;
  render(<Chips first={["badge"]} told={(names) => (told = names)} />);
  await user.click(screen.getByRole("combobox", { name: "Add one" }));
  await user.click(screen.getByRole("option", { name: /^Most likely a label/ }));
  expect(told).toEqual([{ name: "badge", params: {} }, null]);
  screen.getByRole("button", { name: /^Most likely a label needs a look$/ });

  await user.click(screen.getByRole("combobox", { name: "Label" }));
  await user.click(screen.getByRole("option", { name: "disagree" }));
  expect(told).toEqual([
    { name: "badge", params: {} },
    { name: "max-probability", params: { label: "disagree" } },
  ]);
  screen.getByRole("button", { name: "Most likely a label (disagree)" });

  await user.click(screen.getByRole("button", { name: "Leave out Diverse gradients" }));
  expect(told).toEqual([{ name: "max-probability", params: { label: "disagree" } }]);
});

it("shows which strategies cannot work here, and why", async () => {
  const user = userEvent.setup();
  render(<Chips first={["bald"]} told={() => undefined} />);
  screen.getByRole("button", { name: /^Tells the models apart needs a look$/ });
  await user.click(screen.getByRole("combobox", { name: "Add one" }));
  const option = screen.getByRole("option", { name: /^Tells the models apart/ });
  within(option).getByText(/needs an ensemble or several models/);
  expect(option.getAttribute("data-combobox-disabled")).toBe("true");
});
