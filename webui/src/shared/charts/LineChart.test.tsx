import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { LineChart } from "./LineChart";

const SERIES = [
  {
    key: "a",
    name: "At random",
    color: "var(--ink-soft)",
    points: [
      { x: 25, y: 0.4, low: 0.35, high: 0.45 },
      { x: 50, y: 0.6, low: 0.58, high: 0.62 },
    ],
  },
  {
    key: "b",
    name: "Between two labels",
    color: "var(--label-1)",
    dash: "5 4",
    points: [
      { x: 25, y: 0.42 },
      { x: 75, y: 0.7 },
    ],
  },
];

function draw() {
  return render(
    <LineChart
      label="Learning curves"
      xName="labels"
      showY={(y) => `${Math.round(y * 100)} %`}
      thresholds={[{ y: 0.8, name: "with all labels" }]}
      series={SERIES}
    />,
  );
}

it("has every value in its table, with intervals and what is compared with", () => {
  draw();
  const table = screen.getByRole("table", { hidden: true });
  const rows = within(table).getAllByRole("row", { hidden: true });
  expect(rows.map((row) => [...row.children].map((cell) => cell.textContent))).toEqual([
    ["labels", "At random", "Between two labels"],
    ["25", "40 % (35 % to 45 %)", "42 %"],
    ["50", "60 % (58 % to 62 %)", ""],
    ["75", "", "70 %"],
  ]);
  expect(screen.getByText("with all labels: 80 %")).toBeDefined();
});

it("can be read off by a slider", () => {
  draw();
  const slider = screen.getByRole("slider", { name: "Read off: Learning curves" });
  expect(slider.getAttribute("aria-valuetext")).toBe("75 labels: Between two labels 70 %");
});

it("draws a line for each, a band where there are intervals, and a line to compare with", () => {
  const { container } = draw();
  const paths = [...container.querySelectorAll("figure svg path")];
  expect(paths.filter((path) => path.getAttribute("stroke") !== null)).toHaveLength(2);
  expect(paths.filter((path) => path.getAttribute("d")?.endsWith("Z"))).toHaveLength(1);
  const [, dashed] = paths.filter((path) => path.getAttribute("stroke") !== null);
  expect(dashed?.getAttribute("stroke-dasharray")).toBe("5 4");
});
